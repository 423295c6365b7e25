"""What central accepted and what it refused, for ever. Knows no files and opens nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, update

from station.central.tables import packets, refusals
from station.domain.record import RecordKey
from station.wire import Problem, ProblemBody

_UNPROVEN = frozenset({"signature.invalid", "signature.unreadable", "packet.damaged", "packet.other_record"})
"""Reasons of a file that need not be what its station signed: somebody on the way may have made it."""


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
    sealed_day: str = ""
    """Day of sealing in UTC, as the station signed it: `2026-11-20`."""
    receipt_no: str = ""
    receipt: str = ""
    refused: bool = False
    wanted_again: bool = False

    @property
    def key(self) -> RecordKey:
        return RecordKey(self.record_id, self.revision)


@dataclass(frozen=True)
class Refusal:
    """A packet that was refused, and why. `origin` is whom it named as its station; '' in rows of older programs."""

    key: RecordKey
    sha256: str
    problem: ProblemBody
    origin: str
    at: datetime

    @property
    def stands(self) -> bool:
        """May be told to whoever asks about the key: not what was said of a file that somebody else may have made."""
        return self.is_final or self.problem.problem is not Problem.PACKET_REFUSED

    @property
    def is_final(self) -> bool:
        """Central has read what the station itself signed, and will not have it: it need not be sent again.

        Not so for a file that somebody on the way may have made: that one must not stand for the true packet.
        """
        codes = {reason.code for reason in self.problem.reasons}
        return self.problem.problem is Problem.PACKET_REFUSED and not codes & _UNPROVEN


def accepted(rows: Connection, key: RecordKey) -> ReceivedPacket | None:
    row = rows.execute(
        select(packets).where(packets.c.record_id == key.record_id, packets.c.revision == key.revision)
    ).one_or_none()
    return None if row is None else _packet(row)


def all_packets(rows: Connection) -> Sequence[ReceivedPacket]:
    """Everything accepted, in the order of receipt numbers."""
    return [_packet(row) for row in rows.execute(select(packets).order_by(packets.c.number))]


def of_origin(rows: Connection, station_id: str) -> Sequence[ReceivedPacket]:
    """Everything accepted from one station, the newest first."""
    query = select(packets).where(packets.c.origin == station_id).order_by(packets.c.number.desc())
    return [_packet(row) for row in rows.execute(query)]


def receipts_of(rows: Connection, station_id: str, since: datetime, most: int) -> list[tuple[RecordKey, str]]:
    """Key and receipt of a station's packets received after `since`, newest first."""
    query = select(packets.c.record_id, packets.c.revision, packets.c.receipt).where(
        packets.c.origin == station_id, packets.c.received_at >= since
    )
    found = rows.execute(query.order_by(packets.c.number.desc()).limit(most))
    return [(RecordKey(row.record_id, row.revision), row.receipt) for row in found]


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
            sealed_day=packet.sealed_day,
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
    return None if row is None else _refusal(row)


def refusals_of(rows: Connection, station_id: str, since: datetime, most: int) -> list[Refusal]:
    """The final refusals of a station's packets since `since`, newest first, one a key, none that has a receipt."""
    received = exists().where(packets.c.record_id == refusals.c.record_id, packets.c.revision == refusals.c.revision)
    query = select(refusals).where(refusals.c.origin == station_id, refusals.c.refused_at >= since, ~received)
    found: dict[RecordKey, Refusal] = {}
    for row in rows.execute(query.order_by(refusals.c.refused_at.desc()).limit(most)):
        refusal = _refusal(row)
        if refusal.is_final:
            found.setdefault(refusal.key, refusal)
    return list(found.values())


def keep_refusal(
    rows: Connection, key: RecordKey, sha256: str, problem: ProblemBody, now: datetime, *, origin: str
) -> None:
    forget_refusal(rows, key, sha256)
    rows.execute(
        insert(refusals).values(
            record_id=key.record_id,
            revision=key.revision,
            sha256=sha256,
            problem=problem.model_dump_json(exclude_defaults=True),
            refused_at=now,
            origin=origin,
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


def _refusal(row: Row[tuple[object, ...]]) -> Refusal:
    return Refusal(
        key=RecordKey(row.record_id, row.revision),
        sha256=row.sha256,
        problem=ProblemBody.model_validate_json(row.problem),
        origin=row.origin,
        at=row.refused_at,
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
        sealed_day=row.sealed_day,
        receipt=row.receipt,
        refused=row.refused,
        wanted_again=row.wanted_again,
    )
