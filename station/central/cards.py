"""Station cards: what makes a station's packets trustworthy where there is no network. Knows no HTTP.

Given at enrolment, and told anew to every station that has none by today's key.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, update

from station.central.database import Database
from station.central.feed import tell
from station.central.keys import CentralKeys
from station.central.stations import KnownStation, Stations
from station.central.tables import stations
from station.domain.ports import Clock
from station.seal.card import StationCard, sign_card


class StationCards:
    """Signs cards. Works beside a running central."""

    def __init__(
        self,
        database: Database,
        keys: CentralKeys,
        central_id: str,
        clock: Clock,
        ring: Callable[[str], None] = lambda _station_id: None,
    ) -> None:
        """`ring` is called with the id of a station that has news."""
        self._database, self._keys, self._central_id = database, keys, central_id
        self._clock, self._ring = clock, ring

    def give(self, station: KnownStation) -> str:
        """The card of a station that is being enrolled."""
        signing = self._keys.signing
        with self._database.write() as rows:
            rows.execute(
                update(stations).where(stations.c.station_id == station.station_id).values(card_kid=signing.kid)
            )
        return self._sign(station)

    def tell_missing(self) -> int:
        """Tell every station its card that has none by the key of today; how many."""
        kid = self._keys.signing.kid
        with self._database.read() as rows:
            missing = frozenset(rows.scalars(select(stations.c.station_id).where(stations.c.card_kid != kid)))
        for station in Stations(self._database, self._clock, 0).all() if missing else ():
            if station.station_id in missing:
                self._tell(station, kid)
        return len(missing)

    def _tell(self, station: KnownStation, kid: str) -> None:
        token = self._sign(station)
        with self._database.write() as rows:
            tell(rows, station.station_id, {"kind": "card", "jws": token})
            rows.execute(update(stations).where(stations.c.station_id == station.station_id).values(card_kid=kid))
        self._ring(station.station_id)

    def _sign(self, station: KnownStation) -> str:
        card = StationCard(
            station_id=station.station_id,
            name=station.name,
            office=station.office,
            public_key=station.public_key,
            central_id=self._central_id,
            issued_at=self._clock.now(),
        )
        return sign_card(self._keys.signing, card)
