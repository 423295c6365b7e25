"""Sealed packets into the outbox: at once, or as soon as it answers again. It must not know how they were sealed."""

from __future__ import annotations

from station.desk.office import Office
from station.domain.errors import StationError
from station.domain.record import RecordKey
from station.log import get_logger
from station.store.depot import outbox_item

log = get_logger(__name__)


def queue(office: Office, key: RecordKey, data: bytes) -> None:
    """Put the packet of a sealed record into the outbox.

    The record is sealed whatever happens here, and so nothing is raised: what cannot be added now is added later.
    """
    try:
        _, station_key = office.depot.enrolled()
        office.depot.outbox.add(outbox_item(data, key, station_key))
    except StationError as problem:
        log.error("%s is sealed and not in the outbox yet: %s", key, problem.code)
        office.unqueued.add(key)
    else:
        office.unqueued.discard(key)


def queue_late(office: Office) -> None:
    """Add what could not be added when it was sealed. What still cannot waits for the next time."""
    for key in tuple(office.unqueued):
        try:
            data = office.depot.packets.read(key)
        except StationError as problem:
            log.error("the packet of %s is not in the outbox and cannot be read: %s", key, problem.code)
            if problem.code == "packet.missing":  # waiting brings no file back
                office.unqueued.discard(key)
            continue
        queue(office, key, data)
        if key not in office.unqueued:
            tell(office, key)


def tell(office: Office, key: RecordKey) -> None:
    """Something was sealed: the engine wakes. A listener in trouble makes nothing unsealed."""
    for listener in tuple(office.on_sealed):
        try:
            listener()
        except StationError as problem:
            log.error("somebody could not be told that %s is sealed: %s", key, problem.code)
