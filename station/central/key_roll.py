"""New keys for central: made, signed with the key from before, kept, and told to every station.

Who hears no news for weeks finds the same signed words in the hello. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from station.central.cards import StationCards
from station.central.database import Database
from station.central.feed import tell
from station.central.keys import CentralKeys, with_new_keys
from station.central.policies import Policies
from station.central.tables import stations
from station.domain.ports import Clock
from station.seal.body import new_identity, recipient_of
from station.seal.jws import SigningKey
from station.seal.key_change import EVERY_STATION, sign_key_change
from station.wire import SignedKeys

_TICK = timedelta(milliseconds=1)


class KeyRoll:
    """Works beside a running central, which reads the file of keys again."""

    def __init__(
        self,
        database: Database,
        keys: CentralKeys,
        policies: Policies,
        cards: StationCards,
        central_id: str,
        clock: Clock,
        ring: Callable[[str], None] = lambda _station_id: None,
    ) -> None:
        """`ring` is called with the id of a station that has news."""
        self._database, self._keys, self._policies, self._cards = database, keys, policies, cards
        self._central_id, self._clock, self._ring = central_id, clock, ring

    def roll(self, *, sealing: bool = False) -> str:
        """A new signing key, with `sealing` also whom stations seal packets for; the name of the new key.

        After a power cut in between, stations learn it from the hello alone. What the old key signed stays signed, and
        what was sealed before can still be opened. Policy and cards are told anew: stations enrolled from now on know
        today's key only.
        """
        with self._database.write() as rows:  # one roll at a time, on this computer
            change, name = self._change(sealing=sealing)
            everybody = list(rows.scalars(select(stations.c.station_id)))
            for station_id in everybody:
                tell(rows, station_id, {"kind": "keys", "jws": change})
        if self._policies.current().issued_at is not None:
            self._policies.set()
        self._cards.tell_missing()
        for station_id in everybody:
            self._ring(station_id)
        return name

    def _change(self, *, sealing: bool) -> tuple[str, str]:
        """Make and keep the keys; the signed word about them, and the name of the signing key."""
        before, at = self._keys.secrets, self._moment()
        signing = SigningKey.generate(f"c{len(before.retired) + 2}")
        identity = new_identity() if sealing else ""
        word = SignedKeys(
            central_id=self._central_id,
            audience=EVERY_STATION,
            issued_at=at,
            signing_keys=(signing.public,),
            sealing_recipients=(recipient_of(identity) if identity else self._keys.recipient,),
        )
        change = sign_key_change(before.signing, word)
        self._keys.put(with_new_keys(before, change, at, signing, identity))
        return change, signing.kid

    def _moment(self) -> datetime:
        """Later than the change before, whatever the clock says: stations refuse what is older."""
        now, before = self._clock.now(), self._keys.secrets.changed_at
        return now if before is None else max(now, before + _TICK)
