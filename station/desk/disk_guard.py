"""The disk guard: what has begun is finished, nobody new is begun on a nearly full disk, and the refusal says why.

Must not know how the window shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from station.desk.office import Office
from station.domain.disk import MIB, Aside, Forecast, Takes
from station.domain.errors import StoreError
from station.domain.permission import Permission
from station.log import get_logger
from station.store import audit
from station.store.depot import Depot
from station.store.disk import draft_bytes

T = TypeVar("T")

log = get_logger(__name__)

MARGIN_BYTES = MIB
"""Beside what was captured: rows, audit, the outbox, and what a file system needs for itself."""
NEARLY_FULL_BYTES = 8 * MIB
BIG_BYTES = 2 * MIB
"""A document of that size is no part of finishing on a nearly full disk."""


@dataclass(frozen=True)
class DiskState:
    """What the card shows."""

    forecast: Forecast
    takes: Takes
    aside: tuple[Aside, ...]


def state(depot: Depot, now: datetime) -> DiskState:
    """As it is now. Needs no sign-in; reads every file's size, so not five times a second."""
    return DiskState(depot.disk.forecast(now), depot.disk.takes(), depot.disk.aside())


def require_room(office: Office, more: int = 0) -> None:
    """Somebody new is begun, or `more` bytes come that nobody waits for. StoreError `store.reserve` below the reserve.

    A disk that does not say how full it is stops nobody: what cannot be written says so itself.
    """
    try:
        found = office.depot.disk.forecast(office.now())
    except StoreError as problem:
        log.warning("the disk does not say how full it is: %s", problem.code)
        return
    if found.room.free - more < found.reserve:
        needed = -(-(found.reserve + more) // MIB)
        raise StoreError("store.reserve", free_mb=found.room.free // MIB, needed_mb=needed)


def require_room_for_document(office: Office, size: int) -> None:
    """Papers of the person at hand go on below the reserve, unless they are big. StoreError `store.reserve`."""
    if size > BIG_BYTES:
        require_room(office, size)


def needed_bytes(office: Office, record_id: str) -> int:
    """What sealing this draft writes at most.

    The packet is as large as what was captured; and the captures that go are overwritten, which puts as much again
    into the log of the database.
    """
    with office.applicants.read() as connection:
        return 2 * draft_bytes(connection, record_id) + MARGIN_BYTES


def make_room_to_seal(office: Office, record_id: str) -> None:
    """Let go what was put by, when it is needed. StoreError `store.disk_full` when even that is not enough."""
    disk, needed = office.depot.disk, needed_bytes(office, record_id)
    if disk.room().free < needed and not (disk.release_last() and disk.room().free >= needed):
        raise StoreError("store.disk_full")


def make_room_to_keep(office: Office) -> None:
    """A capture comes while the disk is all but full: the person at hand is finished, so what was put by is let go."""
    try:
        if office.depot.disk.room().free < NEARLY_FULL_BYTES:
            office.depot.disk.release_last()
    except StoreError as problem:
        log.warning("the disk does not say how full it is: %s", problem.code)


def with_last_bytes(office: Office, work: Callable[[], T]) -> T:
    """`work`; on a full disk once more, with what was put by let go: the person at hand is finished."""
    try:
        return work()
    except StoreError as problem:
        if problem.code != "store.disk_full" or not office.depot.disk.release_last():
            raise
    return work()


def look_after(office: Office) -> None:
    """Every hour or so: remember the sizes for the forecast, and put the last bytes by. Stops nobody."""
    try:
        office.depot.disk.note_sizes(office.now())
        if not office.station.training:
            office.depot.disk.keep_last()
    except StoreError as problem:
        log.warning("the disk could not be looked after: %s", problem.code)


def remove_aside(office: Office, item: Aside) -> None:
    """A technician has looked at what was put aside, and takes it away. StoreError; AccessError `access.role`."""
    office.require(Permission.DELETE_ASIDE)
    office.depot.disk.remove_aside(item)
    with office.applicants.write() as connection:
        audit.append(
            connection,
            at=office.now(),
            operator_id=office.operator.operator_id,
            action="remove_aside",
            bytes=item.size,
            put_aside_at=item.at.isoformat(timespec="seconds"),
        )
