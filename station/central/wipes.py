"""Orders to wipe lost stations: given once, told in the news and to a blocked station, until it is done or withdrawn.

Knows no HTTP, and nothing of what a station removes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from station.central.database import Database
from station.central.feed import tell, untell
from station.central.keys import CentralKeys
from station.central.tables import stations, wipes
from station.domain.ids import new_record_id
from station.domain.ports import Clock
from station.seal.wipe import sign_wipe
from station.wire import SignedWipe, WipeDone

KIND = "wipe"
LIFE_DAYS = 90.0


@dataclass(frozen=True)
class Wipe:
    """One order and what came of it."""

    order_id: str
    station_id: str
    issued_at: datetime
    expires_at: datetime
    reason: str
    withdrawn_at: datetime | None
    done_at: datetime | None
    report: WipeDone | None

    def stands(self, now: datetime) -> bool:
        """It is still told."""
        return self.withdrawn_at is None and self.done_at is None and now < self.expires_at

    def state(self, now: datetime) -> str:
        """`done`, `withdrawn`, `ordered`, or `over` when its time passed and the station has not asked."""
        if self.done_at is not None:
            return "done"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "ordered" if self.stands(now) else "over"


class Wipes:
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

    def order(self, station_id: str, reason: str, days: float = LIFE_DAYS) -> Wipe:
        """Order it; the one that stands already when there is one. LookupError for an unknown station."""
        now = self._clock.now()
        with self._database.write() as rows:
            if rows.scalar(select(stations.c.station_id).where(stations.c.station_id == station_id)) is None:
                raise LookupError(station_id)
            standing = _standing(rows, station_id, now)
            if standing is not None:
                return standing
            order_id = new_record_id(now)
            values = {"station_id": station_id, "issued_at": now, "expires_at": now + timedelta(days=days)}
            made = SignedWipe(central_id=self._central_id, order_id=order_id, reason=reason, **values)
            token = sign_wipe(self._keys.signing, made)
            rows.execute(insert(wipes).values(order_id=order_id, reason=reason, token=token, **values))
            tell(rows, station_id, {"kind": KIND, "jws": token, "order_id": order_id})
            found = _one(rows, order_id)
        self._ring(station_id)
        assert found is not None, "it was made in this transaction"
        return found

    def standing_token(self, station_id: str) -> str | None:
        """The order that stands, signed with the key of today; None when there is none."""
        with self._database.read() as rows:
            found = _standing(rows, station_id, self._clock.now())
        if found is None:
            return None
        order = SignedWipe(
            central_id=self._central_id,
            station_id=station_id,
            order_id=found.order_id,
            issued_at=found.issued_at,
            expires_at=found.expires_at,
            reason=found.reason,
        )
        return sign_wipe(self._keys.signing, order)

    def withdraw(self, station_id: str) -> Wipe | None:
        """Take the order back, for a station that was found, or is restored elsewhere; None when none stands.

        A station that has heard of it has obeyed.
        """
        now = self._clock.now()
        with self._database.write() as rows:
            found = _standing(rows, station_id, now)
            if found is None:
                return None
            order_id = found.order_id
            rows.execute(update(wipes).where(wipes.c.order_id == order_id).values(withdrawn_at=now))
            untell(rows, station_id, lambda event: _is_of(event, order_id))
            return _one(rows, order_id)

    def done(self, station_id: str, report: WipeDone) -> None:
        """The station says what it did; a second time changes nothing. LookupError for an order it was not given.

        Nobody is told of the order any more: the station may be restored, and begin its news from the beginning.
        """
        with self._database.write() as rows:
            found = _one(rows, report.order_id)
            if found is None or found.station_id != station_id:
                raise LookupError(report.order_id)
            if found.done_at is None:
                values = {"done_at": self._clock.now(), "report": report.model_dump_json()}
                rows.execute(update(wipes).where(wipes.c.order_id == report.order_id).values(**values))
                untell(rows, station_id, lambda event: _is_of(event, report.order_id))

    def of(self, station_id: str = "") -> Sequence[Wipe]:
        """The orders of a station, or all of them, the newest first."""
        query = select(wipes).order_by(wipes.c.issued_at.desc())
        if station_id:
            query = query.where(wipes.c.station_id == station_id)
        with self._database.read() as rows:
            return [_wipe(row) for row in rows.execute(query)]


def _standing(rows: Connection, station_id: str, now: datetime) -> Wipe | None:
    query = select(wipes).where(wipes.c.station_id == station_id).order_by(wipes.c.issued_at.desc())
    return next((found for row in rows.execute(query) if (found := _wipe(row)).stands(now)), None)


def _one(rows: Connection, order_id: str) -> Wipe | None:
    row = rows.execute(select(wipes).where(wipes.c.order_id == order_id)).one_or_none()
    return None if row is None else _wipe(row)


def _wipe(row: Row[Any]) -> Wipe:
    report = WipeDone.model_validate(json.loads(row.report)) if row.report else None
    times = (row.issued_at, row.expires_at)
    return Wipe(row.order_id, row.station_id, *times, row.reason, row.withdrawn_at, row.done_at, report)


def _is_of(event: dict[str, Any], order_id: str) -> bool:
    return event.get("kind") == KIND and event.get("order_id") == order_id
