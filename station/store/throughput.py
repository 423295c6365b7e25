"""The throughput book: what was delivered in each five minutes of the last days. Rough figures of `outbox.db`.

Losing the last half minute of it costs nothing, and a synced transaction for each chunk would.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from station.domain.throughput import Bucket, bucket_start
from station.store.database import Connection, Database
from station.store.tables import throughput

KEPT = timedelta(days=8)
DAY = timedelta(days=1)
WRITE_EVERY_S = 30.0
MEASURED_S = 900.0
"""The rate of the last quarter of an hour of sending says more about the next hours than that of yesterday."""


class Throughput:
    """What one thread adds, another may read at once; it is on the disk half a minute later."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._waiting: dict[datetime, Bucket] = {}
        self._since: datetime | None = None

    def add(self, at: datetime, bytes: int, packets: int, busy_s: float) -> None:
        """Central acknowledged `bytes` (and gave `packets` receipts), after `busy_s` seconds of sending."""
        start = bucket_start(at)
        with self._lock:
            self._waiting[start] = _sum(self._waiting.get(start), Bucket(start, bytes, packets, busy_s))
            self._since = self._since or at
            due = not timedelta() <= at - self._since < timedelta(seconds=WRITE_EVERY_S)
        if due:
            self.flush(at)

    def flush(self, now: datetime) -> None:
        """Write what waits; forget what is older than eight days, or from a day that has not come yet."""
        with self._lock:
            if not self._waiting:
                return
            with self._database.write() as connection:
                for bucket in self._waiting.values():
                    _put(connection, bucket)
                outside = (throughput.c.at < now - KEPT) | (throughput.c.at > now + DAY)
                connection.execute(throughput.delete().where(outside))
            self._waiting, self._since = {}, None

    def of_day(self, now: datetime) -> tuple[Bucket, ...]:
        """The buckets of the last 24 hours in which anything was done, oldest first."""
        return self._between(bucket_start(now - DAY), now)

    def rate_bps(self, now: datetime) -> float:
        """Bytes per second over the last quarter of an hour of sending, however long ago; 0 when none is known."""
        total = Bucket(now, 0, 0, 0.0)
        for bucket in reversed(self._between(now - KEPT, now)):
            total = _sum(total, bucket)
            if total.busy_s >= MEASURED_S:
                break
        return total.rate_bps

    def _between(self, first: datetime, last: datetime) -> tuple[Bucket, ...]:
        query = select(throughput).where(throughput.c.at >= first, throughput.c.at <= last)
        with self._lock:
            with self._database.read() as connection:
                rows = connection.execute(query).all()
            found = {row.at: Bucket(row.at, row.bytes, row.packets, row.busy_s) for row in rows}
            for at, bucket in self._waiting.items():
                if first <= at <= last:
                    found[at] = _sum(found.get(at), bucket)
        return tuple(found[at] for at in sorted(found))


def _sum(one: Bucket | None, other: Bucket) -> Bucket:
    """Both together, as a bucket of the first one's time."""
    if one is None:
        return other
    return Bucket(one.at, one.bytes + other.bytes, one.packets + other.packets, one.busy_s + other.busy_s)


def _put(connection: Connection, bucket: Bucket) -> None:
    row = {"at": bucket.at, "bytes": bucket.bytes, "packets": bucket.packets, "busy_s": bucket.busy_s}
    more = {name: throughput.c[name] + value for name, value in row.items() if name != "at"}
    connection.execute(upsert(throughput).values(**row).on_conflict_do_update(index_elements=["at"], set_=more))
