"""Comparing what stations have receipts for with what central has: sums of days, then keys. Changes no packet.

What a station is told here is about its own packets only, whoever carried them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, func, select, tuple_, update

from station.central.database import Database
from station.central.shelf import Shelf
from station.central.tables import packets
from station.domain.day_sum import DaySum, day_of, sum_of
from station.domain.errors import TrustError
from station.domain.record import RecordKey
from station.log import get_logger
from station.seal.packet import read_packet
from station.wire import RECONCILE_KEYS, PacketName, ReconcileFound, ReconcileKeys, ReconcileRequest

_AT_ONCE = 500
_log = get_logger(__name__)


class Reckoning:
    """Days are those of sealing, in UTC. A packet that is wanted again does not count: it is as good as lost."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database, self._shelf = database, shelf

    def sums(self, origin: str, since: date | None = None) -> tuple[DaySum, ...]:
        """Every day from `since` on with an accepted packet of station `origin`, oldest first."""
        query = select(packets.c.sealed_day, func.aggregate_strings(packets.c.sha256, "").label("hashes")).where(
            packets.c.origin == origin, packets.c.wanted_again.is_(False), packets.c.sealed_day != ""
        )
        if since is not None:
            query = query.where(packets.c.sealed_day >= since.isoformat())
        with self._database.read() as rows:
            found = rows.execute(query.group_by(packets.c.sealed_day).order_by(packets.c.sealed_day)).all()
        return tuple(sum_of(date.fromisoformat(row.sealed_day), row.hashes) for row in found)

    def differing(self, origin: str, asked: ReconcileRequest) -> tuple[date, ...]:
        """Days on which the station has something else, and days it does not know of."""
        since = asked.since or date.min
        theirs = {(item.day, item.count, item.xor) for item in asked.days if item.day >= since and item.count > 0}
        ours = {(item.day, item.count, item.xor) for item in self.sums(origin, asked.since)}
        return tuple(sorted({day for day, _, _ in theirs ^ ours}))

    def compare(self, origin: str, asked: ReconcileKeys) -> ReconcileFound:
        """How a part of a day differs."""
        with self._database.read() as rows:
            here = _found(rows, origin, asked.keys)
            others, more = _unnamed(rows, origin, asked)
        return ReconcileFound(
            missing=tuple(name[:2] for name in asked.keys if name[:2] not in here),
            unknown_here=others,
            other_hash=tuple(
                (*name[:2], here[name[:2]]) for name in asked.keys if here.get(name[:2], name[2]) != name[2]
            ),
            more=more,
        )

    def learn_days(self) -> None:
        """Packets accepted before days were kept get theirs, from the packets themselves."""
        while batch := self._dayless():
            found = [(key, self._day(path) or fallback) for key, path, fallback in batch]
            with self._database.write() as rows:
                for key, day in found:
                    same = (packets.c.record_id == key.record_id, packets.c.revision == key.revision)
                    rows.execute(update(packets).where(*same).values(sealed_day=day.isoformat()))

    def _dayless(self) -> list[tuple[RecordKey, Path, date]]:
        query = select(packets.c.record_id, packets.c.revision, packets.c.received_at)
        with self._database.read() as rows:
            found = rows.execute(query.where(packets.c.sealed_day == "").limit(_AT_ONCE)).all()
        keys = [(RecordKey(row.record_id, row.revision), row.received_at) for row in found]
        return [(key, self._shelf.path(key), day_of(at)) for key, at in keys]

    def _day(self, path: Path) -> date | None:
        try:
            return day_of(read_packet(path.read_bytes()).manifest.sealed_at)
        except (OSError, TrustError):
            _log.warning("a packet has no readable file; its day of arrival is taken for that of its sealing")
            return None


def _found(rows: Connection, origin: str, names: Sequence[PacketName]) -> dict[tuple[str, int], str]:
    """What central has under these keys, whatever the day: key → sha256."""
    if not names:
        return {}
    keys = tuple_(packets.c.record_id, packets.c.revision).in_([name[:2] for name in names])
    query = select(packets.c.record_id, packets.c.revision, packets.c.sha256)
    found = rows.execute(query.where(keys, packets.c.origin == origin, packets.c.wanted_again.is_(False)))
    return {(row.record_id, row.revision): row.sha256 for row in found}


def _unnamed(rows: Connection, origin: str, asked: ReconcileKeys) -> tuple[tuple[PacketName, ...], bool]:
    """Packets in this part of the day that the station did not name, and whether some were left out."""
    place = tuple_(packets.c.record_id, packets.c.revision)
    query = select(packets.c.record_id, packets.c.revision, packets.c.sha256).where(
        packets.c.origin == origin, packets.c.sealed_day == asked.day.isoformat(), packets.c.wanted_again.is_(False)
    )
    if asked.after is not None:
        query = query.where(place > asked.after)
    if asked.upto is not None:
        query = query.where(place <= asked.upto)
    named = {name[:2] for name in asked.keys}
    most = RECONCILE_KEYS + len(named) + 1  # however many of them were named
    found = rows.execute(query.order_by(packets.c.record_id, packets.c.revision).limit(most))
    others = [(row.record_id, row.revision, row.sha256) for row in found if (row.record_id, row.revision) not in named]
    return tuple(others[:RECONCILE_KEYS]), len(others) > RECONCILE_KEYS
