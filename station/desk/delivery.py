"""What the technician sees of delivery, and what they may ask of it. Needs no sign-in and shows no personal data."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from station.desk.office import Office
from station.domain.delivery import Counts, Link, LinkState, LogLine, OutboxItem, Stage
from station.domain.record import RecordKey
from station.store import records
from station.store.depot import Depot

DAILY_BYTES = 225 * 1024 * 1024
"""What a busy day writes (150 records with working copies); used until the station has its own measure."""


@dataclass(frozen=True)
class Delivery:
    """The whole picture at one moment."""

    counts: Counts
    link: Link
    oldest_waiting_at: datetime | None
    last_receipt_at: datetime | None
    disk_days: float | None
    paused: bool


def delivery(depot: Depot) -> Delivery:
    """Read the picture."""
    outbox = depot.outbox
    midnight = datetime.now(UTC).astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    return Delivery(
        counts=outbox.counts(day_start=midnight),
        link=link(depot),
        oldest_waiting_at=outbox.oldest_waiting(),
        last_receipt_at=outbox.last_receipt_at(),
        disk_days=shutil.disk_usage(depot.folder.root).free / DAILY_BYTES,
        paused=depot.memory.paused,
    )


def link(depot: Depot) -> Link:
    """What the engine last found out about the link; a pause is shown as such."""
    found = depot.memory.link or Link(LinkState.UNKNOWN, since=datetime.now(UTC))
    return Link(LinkState.PAUSED, since=found.since) if depot.memory.paused else found


def queue(depot: Depot, stages: Collection[Stage], offset: int, limit: int) -> tuple[OutboxItem, ...]:
    """Rows of the outbox."""
    return depot.outbox.page(stages, offset=offset, limit=limit)


def log_lines(depot: Depot, limit: int) -> tuple[LogLine, ...]:
    """Technical notes, newest first."""
    return depot.technical_log.lines(limit)


def retry_parked(depot: Depot, key: RecordKey) -> None:
    """Try a parked packet again."""
    depot.outbox.retry(key)


def set_paused(depot: Depot, paused: bool) -> None:
    """Pause or resume sending; recording goes on either way, and a pause survives a restart."""
    depot.memory.paused = paused


def names(office: Office, keys: Sequence[RecordKey]) -> dict[RecordKey, str]:
    """The names that go with packets, for the queue of a person who may see them."""
    with office.applicants.read() as connection:
        found = records.names_of(connection, [key.record_id for key in keys])
    return {key: found.get(key.record_id, "") for key in keys}
