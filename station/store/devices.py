"""What each device of this station did. Codes and numbers only: they go to central.

Must not know whose capture it was. Everything here is bounded: losing it costs a history, never a record.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import GOOD, Health, Use, UseLine, device_id
from station.store.database import Database
from station.store.device_tickets import open_of, repaired_at
from station.store.tables import device, device_ticket, device_use

KEPT_DAYS = 90
KEPT_USES = 20_000
KEPT_DEVICES = 200
RATED_USES = 100
"""Failures are counted among the last so many captures since the last repair: nothing is blamed for ever."""
WEEKS = 8
LEAST_IN_A_WEEK = 5
"""A median of fewer captures says nothing."""
_CODE = re.compile(r"[a-z][a-z_]*(\.[a-z0-9_-]+)*\Z")
_UNNAMED = "device.broken"


class Devices:
    """The tables device and device_use; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, *infos: DeviceInfo, at: datetime) -> None:
        """They are connected now. What has captured well or was reported broken is forgotten last."""
        with self._database.write() as connection:
            for info in infos:
                _note_seen(connection, info, at)
            connection.execute(delete(device_use).where(device_use.c.at < at - timedelta(days=KEPT_DAYS)))
            reported = select(device_ticket.c.device_id).where(device_ticket.c.closed_at.is_(None))
            proven = or_(device.c.good_at.is_not(None), device.c.device_id.in_(reported))
            newest = select(device.c.device_id).order_by(proven.desc(), device.c.seen_at.desc()).limit(KEPT_DEVICES)
            connection.execute(delete(device).where(device.c.device_id.not_in(newest)))

    def used(self, use: Use, *, at: datetime) -> datetime | None:
        """One capture by it, good or not; when it had captured well before, None when never."""
        with self._database.write() as connection:
            name = _note_seen(connection, use.device, at)
            before: datetime | None = connection.execute(select(device.c.good_at).filter_by(device_id=name)).scalar()
            values = {"device_id": name, "at": at, "took_ms": use.took_ms, "outcome": _code(use.outcome)}
            done = connection.execute(insert(device_use).values(**values, quality=use.quality))
            if use.outcome == GOOD:
                # Later than tomorrow: a clock was ahead. It would be "the last good one" until that day comes.
                known = device.c.good_at
                older = or_(known.is_(None), known < at, known > at + timedelta(days=1))
                connection.execute(update(device).where(device.c.device_id == name, older).values(good_at=at))
            newest = done.inserted_primary_key
            if newest is not None:
                connection.execute(delete(device_use).where(device_use.c.number <= newest[0] - KEPT_USES))
            return before

    def tested(self, info: DeviceInfo, outcome: str, *, at: datetime) -> None:
        """It tested itself, with this outcome."""
        with self._database.write() as connection:
            name = _note_seen(connection, info, at)
            values = {"tested_at": at, "test_outcome": _code(outcome)}
            connection.execute(update(device).where(device.c.device_id == name).values(**values))

    # ------------------------------------------------------------------------------------------------------ reading

    def health(self, *, now: datetime, limit: int = KEPT_DEVICES) -> tuple[Health, ...]:
        """Every known device, the newest seen first."""
        query = select(device).order_by(device.c.seen_at.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(_health(connection, row, now) for row in connection.execute(query).all())

    def health_of(self, info: DeviceInfo, *, now: datetime, over_weeks: bool = True) -> Health | None:
        """One of them; None for one that was never here. Without its weeks it costs the same after years of use."""
        with self._database.read() as connection:
            row = connection.execute(select(device).where(device.c.device_id == device_id(info))).first()
            return None if row is None else _health(connection, row, now, over_weeks=over_weeks)

    def recent(self, name: str, limit: int = 30) -> tuple[UseLine, ...]:
        """Its last captures, the newest first."""
        mine = select(device_use).where(device_use.c.device_id == name)
        with self._database.read() as connection:
            rows = connection.execute(mine.order_by(device_use.c.at.desc()).limit(limit)).all()
        return tuple(UseLine(row.at, row.took_ms, row.outcome, row.quality) for row in rows)


def _note_seen(connection: Connection, info: DeviceInfo, at: datetime) -> str:
    name = device_id(info)
    told = {
        "kind": info.kind.value,
        "serial": info.serial[:64],
        "make": info.make[:64],
        "model": info.model[:64],
        "driver": info.driver[:32],
        "seen_at": at,
    }
    first = {"device_id": name, "first_seen_at": at, "test_outcome": GOOD}
    connection.execute(
        upsert(device).values(**told, **first).on_conflict_do_update(index_elements=["device_id"], set_=told)
    )
    return name


def _code(outcome: str) -> str:
    """Only codes are kept: what is none could be anything."""
    return outcome if outcome == GOOD or (_CODE.match(outcome) and len(outcome) <= 40) else _UNNAMED


def _health(connection: Connection, row: Any, now: datetime, *, over_weeks: bool = True) -> Health:
    uses, failures = _rate(connection, row.device_id, repaired_at(connection, row.device_id))
    weeks = _weeks(connection, row.device_id, now) if over_weeks else ()
    return Health(
        device_id=row.device_id,
        info=DeviceInfo(Modality(row.kind), row.serial, row.make, row.model, row.driver),
        seen_at=row.seen_at,
        good_at=row.good_at,
        tested_at=row.tested_at,
        test_outcome=row.test_outcome,
        uses=uses,
        failures=failures,
        median_ms=_median(connection, row.device_id),
        week_ms=weeks,
        ticket=open_of(connection, row.device_id),
    )


def _rate(connection: Connection, name: str, since: datetime | None) -> tuple[int, int]:
    mine = [device_use.c.device_id == name]
    if since is not None:
        mine.append(device_use.c.at > since)
    last = select(device_use.c.outcome).where(*mine)
    rated = last.order_by(device_use.c.at.desc()).limit(RATED_USES).subquery()
    failed = func.sum(case((rated.c.outcome != GOOD, 1), else_=0))
    row = connection.execute(select(func.count(), failed).select_from(rated)).one()
    return int(row[0]), int(row[1] or 0)


def _median(connection: Connection, name: str) -> int | None:
    """Of the last good captures."""
    good = select(device_use.c.took_ms).where(device_use.c.device_id == name, device_use.c.outcome == GOOD)
    last = good.order_by(device_use.c.at.desc()).limit(RATED_USES).subquery()
    count = select(func.count()).select_from(last).scalar_subquery()
    middle = select(last.c.took_ms).order_by(last.c.took_ms).limit(1).offset((count - 1) // 2)
    return connection.execute(middle).scalar()


def _weeks(connection: Connection, name: str, now: datetime) -> tuple[int | None, ...]:
    """The median of the good captures of each week, the oldest first; None for a week of too few."""
    ago = func.floor((func.julianday(now.isoformat()) - func.julianday(device_use.c.at)) / 7)
    since = now - timedelta(weeks=WEEKS)
    mine = (device_use.c.device_id == name, device_use.c.at > since, device_use.c.at <= now)
    ranked = (
        select(
            ago.label("ago"),
            device_use.c.took_ms,
            func.row_number().over(partition_by=ago, order_by=device_use.c.took_ms).label("place"),
            func.count().over(partition_by=ago).label("count"),
        )
        .where(*mine, device_use.c.outcome == GOOD)
        .subquery()
    )
    middle = select(ranked.c.ago, ranked.c.took_ms).where(
        ranked.c.count >= LEAST_IN_A_WEEK, ranked.c.place == (ranked.c.count + 1) // 2
    )
    found = {int(row.ago): int(row.took_ms) for row in connection.execute(middle)}
    return tuple(found.get(weeks) for weeks in reversed(range(WEEKS)))
