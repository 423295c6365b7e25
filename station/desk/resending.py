"""Asking central again about records it has confirmed and not spoken of for long: safe, and as often as a person asks.

Central answers that it has the packet, with the same receipt, or it wants it again. Never oftener than once a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from station.desk import records
from station.desk.drafting import note
from station.desk.office import Office
from station.domain.delivery import OutboxItem
from station.domain.permission import Permission
from station.domain.record import RecordKey
from station.domain.rows import Filter
from station.store import letters

MOST = 5000
"""More quiet records than a station can have; a press of the button must end."""


@dataclass(frozen=True)
class Resent:
    """Packets that are offered to central again, and those that were not: offered within a day, or not confirmed."""

    done: tuple[RecordKey, ...]
    left: tuple[RecordKey, ...]


def resend(office: Office, keys: Sequence[RecordKey]) -> Resent:
    """Offer these to central again, from the manifest on. The engine must be woken."""
    office.require(Permission.CHANGE_DELIVERY)
    done = letters.send_again(office.depot.outbox.database, keys, at=office.now())
    with office.applicants.write() as connection:
        for key in done:
            note(office, connection, "resend", key.record_id, revision=key.revision)
    return Resent(done, tuple(key for key in keys if key not in done))


def quiet(office: Office) -> tuple[RecordKey, ...]:
    """Records that central has confirmed, has not finished with, and has not spoken of for more than fourteen days."""
    office.require(Permission.READ_DELIVERY)
    page = records.search(office, "", Filter.QUIET, 0, MOST)
    return tuple(row.record.key for row in page.rows)


def offered(office: Office, keys: Sequence[RecordKey]) -> tuple[OutboxItem, ...]:
    """Where the packets of these keys are now."""
    office.require(Permission.READ_DELIVERY)
    found = office.depot.outbox.of_records([key.record_id for key in keys])
    return tuple(found[key] for key in keys if key in found)
