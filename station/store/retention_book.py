"""Rows of packets that central has finished with: found, announced, and marked once they are destroyed.

Functions take an open transaction of the outbox (`rows`) or of `applicants.db` (`connection`). They judge nothing: who
calls has proved the receipt and counted the days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select, text, update

from station.domain.delivery import OutboxItem, Stage
from station.domain.record import RecordKey, State
from station.store.database import Database
from station.store.outbox import Outbox
from station.store.outbox_rows import OPEN, is_here, is_own, is_packet, item_of, next_change
from station.store.tables import packet, record, seal
from station.store.tombstones import Believed

_AT_ONCE = 500
_DONE = (Stage.RECEIPTED.value, Stage.REPLACED.value)
_COMES_AGAIN = text(
    "EXISTS (SELECT 1 FROM json_each(record.exceptions) AS item"
    " WHERE json_extract(item.value, '$.invite_again') IS NOT NULL) AS comes_again"
)


@dataclass(frozen=True)
class Finished:
    """A packet here that central has finished with, in this revision or a later one, and since when."""

    item: OutboxItem
    final_at: datetime


@dataclass(frozen=True)
class SealState:
    """What `applicants.db` knows of one sealed packet. `identity`: it can be opened here."""

    identity: bool
    announced_at: datetime | None
    purged_at: datetime | None


@dataclass(frozen=True)
class RecordState:
    """What `applicants.db` knows of the record of a packet."""

    state: State
    revision: int
    comes_again: bool
    """Somebody was to be invited again, and was not taken off the list."""


def finished(rows: Connection, codes: Collection[str]) -> tuple[Finished, ...]:
    """Own packets here with a receipt of whose record central has said one of `codes`, the oldest first.

    An earlier revision is finished with when a later one is.
    """
    last = packet.alias("last")
    query = (
        select(packet, last.c.central_at.label("final_at"))
        .join(last, (last.c.record_id == packet.c.record_id) & (last.c.revision >= packet.c.revision))
        .where(packet.c.stage.in_(_DONE), packet.c.receipt.is_not(None), is_own(), is_here())
        .where(last.c.central_code.in_(codes), last.c.stage == Stage.RECEIPTED.value, last.c.receipt.is_not(None))
        .where(last.c.central_at.is_not(None))
        .order_by(packet.c.sealed_at, packet.c.record_id, packet.c.revision, last.c.revision)
    )
    found = {}
    for row in rows.execute(query):
        item = item_of(row)
        found[item.key] = Finished(item, row.final_at)  # the latest revision has the last word
    return tuple(found.values())


def finished_one(rows: Connection, key: RecordKey, codes: Collection[str]) -> Finished | None:
    """The same of one packet, as it is in this transaction."""
    row = rows.execute(select(packet).where(is_packet(key), is_own(), is_here())).first()
    if row is None or row.receipt is None or row.stage not in _DONE:
        return None
    final_at = rows.execute(
        select(packet.c.central_at)
        .where(packet.c.record_id == key.record_id, packet.c.revision >= key.revision)
        .where(packet.c.central_code.in_(codes), packet.c.stage == Stage.RECEIPTED.value)
        .where(packet.c.receipt.is_not(None), packet.c.central_at.is_not(None))
        .order_by(packet.c.revision.desc())
        .limit(1)
    ).scalar()
    return None if final_at is None else Finished(item_of(row), final_at)


def newest_receipts(database: Database, limit: int) -> tuple[OutboxItem, ...]:
    """The packets whose receipts are the newest, for the time that central signed on them."""
    query = select(packet).where(packet.c.receipt.is_not(None), is_own()).order_by(packet.c.received_at.desc())
    with database.read() as rows:
        return tuple(item_of(row) for row in rows.execute(query.limit(limit)))


def purged_keys(database: Database) -> frozenset[RecordKey]:
    """Every own packet that was destroyed when its days were over."""
    query = select(packet.c.record_id, packet.c.revision).where(packet.c.purged_at.is_not(None), is_own())
    with database.read() as rows:
        return frozenset(RecordKey(row.record_id, row.revision) for row in rows.execute(query))


def mark_purged(rows: Connection, key: RecordKey, at: datetime) -> None:
    """Its file is gone."""
    rows.execute(update(packet).where(is_packet(key)).values(purged_at=at, changed=next_change(rows)))


def remember_purged(outbox: Outbox, gone: Believed) -> None:
    """Make, or put right, the row of a packet that is gone: the outbox was lost, or is older than that."""
    outbox.add(gone.item)
    waiting = [stage.value for stage in (*OPEN, Stage.PARKED)]
    with outbox.database.write() as rows:
        row = rows.execute(select(packet).where(is_packet(gone.item.key), is_own(), is_here())).first()
        if row is None or row.sha256 != gone.item.sha256:
            return
        values = {
            "stage": Stage.RECEIPTED.value if row.stage in waiting else row.stage,
            "receipt": gone.accepted.receipt,
            "receipt_no": gone.accepted.receipt_no,
            "received_at": gone.accepted.received_at,
            "acknowledged": row.size,
            "next_attempt_at": None,
            "trouble": None,
            "offered_at": row.offered_at or gone.accepted.received_at,
            "purged_at": gone.purged_at,
            "changed": next_change(rows),
        }
        if not row.central_code and gone.code:
            values |= {"central_code": gone.code, "central_at": gone.code_at}
        rows.execute(update(packet).where(is_packet(gone.item.key)).values(**values))


def unmark_purged(database: Database, keys: Collection[RecordKey]) -> None:
    """Somebody wrote into the rows of these that they are gone, and they are here."""
    with database.write() as rows:
        for key in keys:
            rows.execute(update(packet).where(is_packet(key)).values(purged_at=None, changed=next_change(rows)))


def seal_states(connection: Connection, keys: Sequence[RecordKey]) -> dict[RecordKey, SealState]:
    """Of those that `applicants.db` has sealed."""
    found = {}
    for ids in _chunks({key.record_id for key in keys}):
        columns = (seal.c.record_id, seal.c.revision, seal.c.identity, seal.c.announced_at, seal.c.purged_at)
        for row in connection.execute(select(*columns).where(seal.c.record_id.in_(ids))):
            key = RecordKey(row.record_id, row.revision)
            found[key] = SealState(row.identity is not None, row.announced_at, row.purged_at)
    return found


def record_states(connection: Connection, keys: Sequence[RecordKey]) -> dict[str, RecordState]:
    """Of those that `applicants.db` knows, by record id."""
    columns = (record.c.record_id, record.c.state, record.c.revision, record.c.uninvited, _COMES_AGAIN)
    return {
        row.record_id: RecordState(State(row.state), row.revision, bool(row.comes_again) and not row.uninvited)
        for ids in _chunks({key.record_id for key in keys})
        for row in connection.execute(select(*columns).select_from(record).where(record.c.record_id.in_(ids)))
    }


def numbers(connection: Connection, keys: Sequence[RecordKey]) -> dict[str, tuple[str, str]]:
    """Registration number and NIK of the records of these packets, by record id."""
    query = select(record.c.record_id, record.c.registration_no, record.c.nik)
    return {
        row.record_id: (row.registration_no, row.nik or "")
        for ids in _chunks({key.record_id for key in keys})
        for row in connection.execute(query.where(record.c.record_id.in_(ids)))
    }


def announce(connection: Connection, keys: Iterable[RecordKey], at: datetime) -> None:
    """From now on it is shown that these go."""
    for key in keys:
        connection.execute(_of_seal(key).where(seal.c.announced_at.is_(None)).values(announced_at=at))


def withdraw_announcements(connection: Connection, besides: Collection[RecordKey]) -> int:
    """What is not to go any more is not announced any more; how many those were."""
    announced = select(seal.c.record_id, seal.c.revision).where(
        seal.c.announced_at.is_not(None), seal.c.purged_at.is_(None)
    )
    gone = [RecordKey(row.record_id, row.revision) for row in connection.execute(announced)]
    stays = [key for key in gone if key not in besides]
    for key in stays:
        connection.execute(_of_seal(key).values(announced_at=None))
    return len(stays)


def destroy_identity(connection: Connection, key: RecordKey, at: datetime) -> bool:
    """What opens this packet goes, and the portrait beside it; False when there was nothing of it here any more."""
    known = select(func.count()).where(seal.c.record_id == key.record_id, seal.c.revision == key.revision)
    here = or_(seal.c.identity.is_not(None), seal.c.face.is_not(None), seal.c.purged_at.is_(None))
    if not connection.execute(known.where(here)).scalar():
        return False
    first = func.coalesce(seal.c.purged_at, bindparam("at", at, type_=seal.c.purged_at.type))
    connection.execute(_of_seal(key).values(identity=None, face=None, purged_at=first))
    return True


def with_identity(connection: Connection, keys: Collection[RecordKey]) -> tuple[RecordKey, ...]:
    """Which of these packets can still be opened here."""
    query = select(seal.c.record_id, seal.c.revision).where(
        or_(seal.c.identity.is_not(None), seal.c.face.is_not(None)), seal.c.sequence.is_not(None)
    )
    found = (RecordKey(row.record_id, row.revision) for row in connection.execute(query))
    return tuple(key for key in found if key in keys)


def _of_seal(key: RecordKey):  # type: ignore[no-untyped-def]  # SQLAlchemy's Update is generic over nothing useful here
    return update(seal).where(seal.c.record_id == key.record_id, seal.c.revision == key.revision)


def _chunks(ids: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(ids)
    for first in range(0, len(ordered), _AT_ONCE):
        yield ordered[first : first + _AT_ONCE]
