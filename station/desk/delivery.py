"""What the technician sees of delivery, and what they may ask of it. Needs no sign-in and shows no personal data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from station.desk import print_queue
from station.desk.office import Office
from station.domain.delivery import Counts, Link, LinkState, LogLine, OutboxItem, Stage
from station.domain.errors import StoreError
from station.domain.packets_sought import EVERY_PACKET, PacketsSought
from station.domain.permission import Permission
from station.domain.record import RecordKey
from station.store import listing, records
from station.store.depot import Depot

MOST_NAMED = 500
"""Records that are looked for by name at a time: whoever types a shorter piece of a name gets the newest."""


@dataclass(frozen=True)
class Delivery:
    """The whole picture at one moment."""

    counts: Counts
    link: Link
    oldest_waiting_at: datetime | None
    last_receipt_at: datetime | None
    disk_days: float | None
    """Working days until nobody new may be begun; 0.0 when that is so, None while it is not known."""
    paused: bool
    unread_notices: int = 0


def delivery(depot: Depot, now: datetime | None = None) -> Delivery:
    """Read the picture; `now` where another clock than the computer's counts."""
    outbox = depot.outbox
    local = (now or datetime.now(UTC)).astimezone()
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Delivery(
        counts=print_queue.without_the_young(depot, outbox.counts(day_start=midnight), local.date()),
        link=link(depot),
        oldest_waiting_at=outbox.oldest_waiting(),
        last_receipt_at=outbox.last_receipt_at(),
        disk_days=_disk_days(depot),
        paused=depot.memory.paused,
        unread_notices=sum(notice.seen_at is None for notice in depot.notices.current(datetime.now(UTC))),
    )


def _disk_days(depot: Depot) -> float | None:
    try:
        return depot.disk.forecast(datetime.now(UTC)).days
    except StoreError:  # a disk that does not answer has louder ways to say so
        return None


def link(depot: Depot) -> Link:
    """What the engine last found out about the link; a pause and a missing station key are shown as such."""
    found = depot.memory.link or Link(LinkState.UNKNOWN, since=datetime.now(UTC))
    if depot.key_state is not None and depot.key_state.ready and depot.key_state.trouble:
        return Link(LinkState.KEY, since=found.since)
    return Link(LinkState.PAUSED, since=found.since) if depot.memory.paused else found


def queue(
    depot: Depot, stages: Collection[Stage], offset: int, limit: int, sought: PacketsSought = EVERY_PACKET
) -> tuple[OutboxItem, ...]:
    """Rows of the outbox."""
    return depot.outbox.page(stages, offset=offset, limit=limit, sought=sought)


def looked_up(office: Office, sought: PacketsSought) -> PacketsSought:
    """The same with the records whose name fits what was typed; by name only for somebody who may see names."""
    words = sought.text.upper().split()
    if not words or not office.may(Permission.READ_PERSON):
        return sought
    with office.applicants.read() as connection:
        return replace(sought, records=listing.ids_named(connection, words, MOST_NAMED))


def log_lines(depot: Depot, limit: int, text: str = "") -> tuple[LogLine, ...]:
    """Technical notes, newest first; with `text`, those that hold it in lane, record, problem type or request id."""
    wanted = text.strip().casefold()
    return tuple(line for line in depot.technical_log.lines(limit) if wanted in _searchable(line))


def set_paused(depot: Depot, paused: bool) -> None:
    """Pause or resume sending; recording goes on either way, and a pause survives a restart."""
    if paused:
        depot.memory.wish_at = None  # what was wished before it, and nobody has heard yet, must not end it
    depot.memory.paused = paused


def ask_to_send(depot: Depot, at: datetime) -> None:
    """Kirim sekarang, told to the process that delivers for this folder: it looks every few seconds."""
    depot.memory.wish_at = at


def names(office: Office, keys: Sequence[RecordKey]) -> dict[RecordKey, str]:
    """The names that go with packets, for the queue of a person who may see them; for anybody else there are none."""
    if not office.may(Permission.READ_PERSON):
        return dict.fromkeys(keys, "")
    with office.applicants.read() as connection:
        found = records.names_of(connection, [key.record_id for key in keys])
    return {key: found.get(key.record_id, "") for key in keys}


def _searchable(line: LogLine) -> str:
    key = f"{line.key.record_id}.{line.key.revision}" if line.key else ""
    note = line.note
    return " ".join((line.lane, key, note.trouble.value, note.request_id, note.detail)).casefold()
