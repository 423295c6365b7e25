"""Everything that a station holds of people, read for an inventory: records, what is captured, lists, names on lists.

Functions take an open transaction of `applicants.db`; those of packets take the outbox. Nothing is opened here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from station.domain.biometrics import Part
from station.domain.delivery import OutboxItem
from station.domain.inventory import ListHeld
from station.domain.record import RecordKey
from station.store.database import Database
from station.store.outbox_rows import item_of
from station.store.records import Stored, as_stored
from station.store.tables import attachment, capture, packet, record, referral, roster, seal, trip_person


def records(connection: Connection) -> tuple[Stored, ...]:
    """Every record, the newest first."""
    return tuple(as_stored(row) for row in connection.execute(select(record).order_by(record.c.started_at.desc())))


def captured(connection: Connection) -> Mapping[str, Sequence[Part]]:
    """Parts that are kept of drafts, by record id."""
    found: dict[str, list[Part]] = {}
    for row in connection.execute(select(capture.c.record_id, capture.c.part)):
        found.setdefault(row.record_id, []).append(Part(row.part))
    return found


def documents(connection: Connection) -> Mapping[str, int]:
    """How many documents and photos that show something are kept of drafts, by record id."""
    query = select(attachment.c.record_id, func.count().label("number")).group_by(attachment.c.record_id)
    return {row.record_id: int(row.number) for row in connection.execute(query)}


def identities(connection: Connection) -> Mapping[RecordKey, str]:
    """What opens each sealed packet here."""
    query = select(seal.c.record_id, seal.c.revision, seal.c.identity).where(seal.c.identity.is_not(None))
    return {RecordKey(row.record_id, row.revision): row.identity for row in connection.execute(query)}


def lists(connection: Connection) -> tuple[ListHeld, ...]:
    """Target lists."""
    rows = connection.execute(select(roster).order_by(roster.c.area))
    return tuple(ListHeld(row.area, row.area_name, row.people, row.expires_at) for row in rows)


def trip_people(connection: Connection) -> int:
    """Names on lists of trips that are not forgotten yet."""
    return int(connection.execute(select(func.count()).select_from(trip_person)).scalar_one())


def referrals(connection: Connection) -> int:
    """People who were sent on."""
    return int(connection.execute(select(func.count()).select_from(referral)).scalar_one())


def own_packets(outbox: Database) -> Mapping[RecordKey, OutboxItem]:
    """This station's packets, by their keys."""
    with outbox.read() as rows:
        found = (item_of(row) for row in rows.execute(select(packet)))
        return {item.key: item for item in found if not item.carried}


def carried(outbox: Database) -> int:
    """Packets of other stations that are here."""
    with outbox.read() as rows:
        return int(rows.execute(select(func.count()).where(packet.c.carried.is_(True))).scalar_one())
