"""The disk under the data folder: its room, what takes it, how fast it fills, and the last bytes kept for a sealing.

Reads sizes, never contents. Must not know who is told of it.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic

from sqlalchemy import func, select

from station.domain.delivery import Stage
from station.domain.disk import MEASURED_DAYS, MIB, Aside, DayUse, Forecast, Room, Takes, daily_use, reserve_of
from station.domain.errors import StoreError
from station.log import get_logger
from station.store.database import Connection, Database
from station.store.folder import Folder, translate_os_error
from station.store.memory import put_value, read_value
from station.store.outbox_rows import is_here, is_own
from station.store.tables import attachment, capture, packet

log = get_logger(__name__)

RESERVE_MB = 2048
"""Kept free for what has begun, unless the settings say otherwise."""
LAST_BYTES, LAST_PART = 48 * MIB, 0.02
"""A packet has 16 MiB at most, the log of the database grows by as much again, and both may have to be done twice."""
SEEN_FOR_S = 60.0
LOOK_BACK = timedelta(days=60)
_SIZES, _MOST_SIZES = "disk_sizes", 40
_ASIDE = ("*.broken-*", "*.before-*", "packets/??/*.aside-*")


class Gauge:
    """One disk. What was measured is remembered for a minute: the window asks five times a second."""

    def __init__(self, folder: Folder, outbox: Database) -> None:
        self._folder, self._outbox = folder, outbox
        self._lock = threading.Lock()
        self._seen: tuple[float, date, int, float | None] | None = None
        self.reserve_mb = RESERVE_MB
        self._last = folder.root / "reserve.bin"

    def room(self) -> Room:
        """As it is now. StoreError when the disk does not say."""
        try:
            found = shutil.disk_usage(self._folder.root)
        except OSError as problem:
            raise translate_os_error(problem) from problem
        return Room(found.total, found.free)

    def forecast(self, now: datetime) -> Forecast:
        """How long it lasts, with the room as it is now."""
        room, today = self.room(), now.astimezone().date()
        with self._lock:
            if self._seen is None or self._seen[1] != today or monotonic() - self._seen[0] > SEEN_FOR_S:
                self._seen = (monotonic(), today, *self._measure(today))
            _, _, days, per_day = self._seen
        return Forecast(room, reserve_of(room.total, self.reserve_mb * MIB), days, per_day)

    def note_sizes(self, now: datetime) -> None:
        """Remember how large everything but the packets is today."""
        size = sum(map(_size_of, self._databases())) + _size_below(self._folder.rosters)
        with self._outbox.write() as rows:
            kept = {**(read_value(rows, _SIZES) or {}), f"{now.astimezone():%Y-%m-%d}": size}
            put_value(rows, _SIZES, dict(sorted(kept.items())[-_MOST_SIZES:]))

    def takes(self) -> Takes:
        """What takes the room. Packets by their rows, which are many; everything else by its files."""
        waiting = packet.c.stage.in_([Stage.QUEUED.value, Stage.SENDING.value])
        unsent = (waiting | packet.c.receipt.is_(None)) & is_own()
        query = select(
            func.coalesce(func.sum(packet.c.size).filter(unsent), 0).label("unsent"),
            func.coalesce(func.sum(packet.c.size).filter(is_own() & ~unsent), 0).label("received"),
            func.coalesce(func.sum(packet.c.size).filter(~is_own()), 0).label("carried"),
        ).where(is_here())
        with self._outbox.read() as rows:
            sums = rows.execute(query).one()
        return Takes(
            unsent=sums.unsent,
            received=sums.received,
            carried=sums.carried,
            lists=_size_below(self._folder.rosters) + _size_below(self._folder.root / "inbox"),
            databases=sum(map(_size_of, self._databases())),
            logs=_size_below(self._folder.logs),
            aside=sum(item.size for item in self.aside()),
            last=_size_of(self._last),
        )

    def aside(self) -> tuple[Aside, ...]:
        """What was put aside for the technician, the oldest first."""
        found = []
        for pattern in _ASIDE:
            for path in self._folder.root.glob(pattern):
                with suppress(OSError):
                    at = datetime.fromtimestamp(path.lstat().st_mtime).astimezone()
                    found.append(Aside(path, _size_below(path) if path.is_dir() else _size_of(path), at))
        return tuple(sorted(found, key=lambda item: (item.at, item.path.name)))

    def remove_aside(self, item: Aside) -> None:
        """A person has looked, and kept what was worth keeping. StoreError."""
        if item not in self.aside():
            return
        try:
            if item.path.is_dir() and not item.path.is_symlink():
                shutil.rmtree(item.path)
            else:
                item.path.unlink(missing_ok=True)
        except OSError as problem:
            raise translate_os_error(problem) from problem

    def keep_last(self) -> bool:
        """Put the last bytes by, while there is plenty of room; whether they are there."""
        room = self.room()
        size = min(LAST_BYTES, int(room.total * LAST_PART))
        if _size_of(self._last) >= size:
            return True
        if room.free < 4 * size:
            return False
        try:
            _allocate(self._last, size)
        except (OSError, StoreError) as problem:
            log.warning("no room could be put by for a full disk: %s", problem)
            with suppress(OSError):
                self._last.unlink(missing_ok=True)
            return False
        return True

    def release_last(self) -> bool:
        """The disk is full, and somebody is being sealed: let the last bytes go. False when there are none."""
        try:
            self._last.unlink()
        except OSError:
            return False
        log.warning("the disk is full: what was put by for the record at hand was let go")
        return True

    def _databases(self) -> list[Path]:
        return [path for name in ("applicants.db", "outbox.db") for path in self._folder.root.glob(f"{name}*")
                if ".broken-" not in path.name and ".before-" not in path.name]  # fmt: skip

    def _measure(self, today: date) -> tuple[int, float | None]:
        day = func.substr(packet.c.sealed_at, 1, 10)
        since = f"{today - LOOK_BACK:%Y-%m-%d}"
        query = (
            select(day.label("day"), func.sum(packet.c.size).label("sealed"))
            .where(is_own(), day >= since, day < f"{today:%Y-%m-%d}")
            .group_by(day)
            .order_by(day.desc())
            .limit(MEASURED_DAYS)
        )
        with self._outbox.read() as rows:
            days = [DayUse(date.fromisoformat(row.day), row.sealed) for row in rows.execute(query)]
            first = f"{min(item.day for item in days):%Y-%m-%d}" if days else since
            gone = select(func.coalesce(func.sum(packet.c.size), 0)).where(
                is_own(), func.substr(packet.c.purged_at, 1, 10) >= first
            )
            purged = int(rows.execute(gone).scalar() or 0)
            sizes = read_value(rows, _SIZES) or {}
        others = {date.fromisoformat(name): int(size) for name, size in sizes.items() if name <= f"{today}"}
        return len(days), daily_use(days, purged, others)


def draft_bytes(connection: Connection, record_id: str) -> int:
    """What was captured and scanned of a draft."""
    images = select(func.coalesce(func.sum(func.length(capture.c.image)), 0)).where(capture.c.record_id == record_id)
    papers = select(func.coalesce(func.sum(attachment.c.size), 0)).where(attachment.c.record_id == record_id)
    return int(connection.execute(images).scalar_one()) + int(connection.execute(papers).scalar_one())


def _allocate(path: Path, size: int) -> None:
    """A file whose every byte has its place on the disk: a hole would keep nothing free."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            for _ in range(-(-size // MIB)):
                file.write(bytes(MIB))
        file.flush()
        os.fsync(file.fileno())


def _size_of(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _size_below(folder: Path) -> int:
    return sum(_size_of(path) for path in folder.rglob("*") if path.is_file())
