"""What central lets stations accept: one policy for all, signed, told to each, and kept in the order it was set.

Knows nothing of what the figures do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from station import wire
from station.central.database import Database
from station.central.feed import tell
from station.central.keys import CentralKeys
from station.central.tables import policies, stations
from station.domain.policy import BOUNDS, STANDARD, Policy
from station.domain.ports import Clock
from station.seal.policy import EVERY_STATION, sign_policy

_TICK = timedelta(milliseconds=1)


class Policies:
    """Thread-safe; the command line works beside a running central."""

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

    def current(self) -> Policy:
        """What holds for everybody; the standard one until somebody has set another."""
        with self._database.read() as rows:
            return _newest(rows) or STANDARD

    def given(self, number: int) -> wire.Policy:
        """What a station hears that is enrolled now, as the station of its office with this number."""
        current = self.current()
        issued_at = wire.rfc3339(current.issued_at) if current.issued_at else None
        return wire.Policy.model_validate({"station_number": number, **current.figures, "issued_at": issued_at})

    def set(self, **figures: int) -> Policy:
        """Change some figures for all stations, and tell every one of them. RuleError `policy.bounds`.

        It is signed later than the one before whatever the clock says: stations refuse what is older.
        """
        with self._database.write() as rows:
            before = _newest(rows) or STANDARD
            issued_at = self._moment_after(before.issued_at)
            policy = replace(before, **figures, issued_at=issued_at)
            token = sign_policy(
                self._keys.signing, policy, central_id=self._central_id, issued_at=issued_at, audience=EVERY_STATION
            )
            rows.execute(insert(policies).values(issued_at=issued_at, **policy.figures))
            everybody = list(rows.scalars(select(stations.c.station_id)))
            for station_id in everybody:
                tell(rows, station_id, {"kind": "policy", "jws": token})
        for station_id in everybody:
            self._ring(station_id)
        return policy

    def _moment_after(self, before: datetime | None) -> datetime:
        now = self._clock.now()
        return now if before is None else max(now, before + _TICK)


def _newest(rows: Connection) -> Policy | None:
    row = rows.execute(select(policies).order_by(policies.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else Policy(**{name: getattr(row, name) for name in BOUNDS}, issued_at=row.issued_at)
