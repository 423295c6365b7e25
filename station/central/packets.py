"""What central accepted and what it refused, for ever. Knows no files and opens nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, update

from station.central.tables import packets, refusals
from station.domain.record import RecordKey
from station.wire import ProblemBody


@dataclass(frozen=True)
class ReceivedPacket:
    """One accepted packet. `status` is what its station was told last."""

    record_id: str
    revision: int
    sha256: str
    size: int
    received_at: datetime
    station: str
    status: str
    receipt_no: str = ""
    receipt: str = ""
    refused: bool = False
    wanted_again: bool = False

    @property
    def key(self) -> RecordKey:
        return RecordKey(self.record_id, self.revision)


@dataclass(frozen=True)
class Refusal:
    """A packet that was refused, and why."""

    sha256: str
    problem: ProblemBody


def accepted(rows: Connection, key: RecordKey) -> ReceivedPacket | None:
    row = rows.execute(
        select(packets).where(packets.c.record_id == key.record_id, packets.c.revision == key.revision)
    ).one_or_none()
    return None if row is None else _packet(row)


def all_packets(rows: Connection) -> Sequence[ReceivedPacket]:
    """Everything accepted, in the order of receipt numbers."""
    return [_packet(row) for row in rows.execute(select(packets).order_by(packets.c.number))]


def count_packets(rows: Connection) -> int:
    return rows.execute(select(func.count()).select_from(packets)).scalar_one()


def keep_packet(
    rows: Connection, packet: ReceivedPacket, nik_hidden: str, issue: Callable[[int], tuple[str, str]]
) -> str:
    """Keep `packet` under the next number; `issue` makes its receipt number and receipt, which is returned."""
    made = rows.execute(
        insert(packets)
        .values(
            record_id=packet.record_id,
            revision=packet.revision,
            origin=packet.station,
            sha256=packet.sha256,
            size=packet.size,
            received_at=packet.received_at,
            receipt_no="",
            receipt="",
            nik_hidden=nik_hidden,
            status=packet.status,
        )
        .returning(packets.c.number)
    )
    number = int(made.scalar_one())
    receipt_no, receipt = issue(number)
    rows.execute(update(packets).where(packets.c.number == number).values(receipt_no=receipt_no, receipt=receipt))
    return receipt


def mark(rows: Connection, key: RecordKey, **values: object) -> None:
    """Change `status`, `refused` or `wanted_again`; LookupError for what was never accepted."""
    done = rows.execute(
        update(packets).where(packets.c.record_id == key.record_id, packets.c.revision == key.revision).values(**values)
    )
    if done.rowcount != 1:
        raise LookupError(str(key))


def recorded_before(rows: Connection, nik_hidden: str, record_id: str) -> bool:
    """True when another record of the same NIK stands. A refused one does not: its person is recorded anew."""
    other = exists().where(
        packets.c.nik_hidden == nik_hidden, packets.c.record_id != record_id, packets.c.refused.is_(False)
    )
    return bool(rows.execute(select(other)).scalar_one())


@dataclass(frozen=True)
class StandingPacket:
    """What central has of a person, by their hidden NIK."""

    nik_hidden: str
    status: str
    at: datetime


def standing_packets(rows: Connection) -> Iterator[StandingPacket]:
    """Every packet that was not refused, the last of each person only."""
    last = select(func.max(packets.c.number)).where(packets.c.refused.is_(False)).group_by(packets.c.nik_hidden)
    query = select(packets.c.nik_hidden, packets.c.status, packets.c.received_at).where(packets.c.number.in_(last))
    for row in rows.execution_options(yield_per=1000).execute(query):
        yield StandingPacket(row.nik_hidden, row.status, row.received_at)


def refusal_of(rows: Connection, key: RecordKey, sha256: str | None = None) -> Refusal | None:
    """The refusal of this packet; without `sha256` the last one of the key."""
    query = select(refusals).where(refusals.c.record_id == key.record_id, refusals.c.revision == key.revision)
    if sha256 is not None:
        query = query.where(refusals.c.sha256 == sha256)
    row = rows.execute(query.order_by(refusals.c.refused_at.desc()).limit(1)).one_or_none()
    return None if row is None else Refusal(row.sha256, ProblemBody.model_validate_json(row.problem))


def keep_refusal(rows: Connection, key: RecordKey, sha256: str, problem: ProblemBody, now: datetime) -> None:
    forget_refusal(rows, key, sha256)
    rows.execute(
        insert(refusals).values(
            record_id=key.record_id,
            revision=key.revision,
            sha256=sha256,
            problem=problem.model_dump_json(exclude_defaults=True),
            refused_at=now,
        )
    )


def forget_refusal(rows: Connection, key: RecordKey, sha256: str) -> None:
    rows.execute(
        delete(refusals).where(
            refusals.c.record_id == key.record_id,
            refusals.c.revision == key.revision,
            refusals.c.sha256 == sha256,
        )
    )


def _packet(row: Row[tuple[object, ...]]) -> ReceivedPacket:
    return ReceivedPacket(
        record_id=row.record_id,
        revision=row.revision,
        sha256=row.sha256,
        size=row.size,
        receipt_no=row.receipt_no,
        received_at=row.received_at,
        station=row.origin,
        status=row.status,
        receipt=row.receipt,
        refused=row.refused,
        wanted_again=row.wanted_again,
    )
