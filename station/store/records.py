"""Records and drafts in `applicants.db`. Functions take an open transaction and give back frozen dataclasses."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from station.domain.biometrics import BiometricException, ExceptionCode, Part
from station.domain.draft import Confirmation
from station.domain.outcome import Reason
from station.domain.record import Record, State
from station.domain.service import Service
from station.domain.steps import Step
from station.store.tables import counter, record


@dataclass(frozen=True)
class Stored:
    """A record with everything that is kept beside it, except the captures."""

    record: Record
    form_version: int
    answers: Mapping[str, str]
    confirmed: tuple[Confirmation, ...]
    exceptions: tuple[BiometricException, ...]
    refused: tuple[Reason, ...]
    step: Step
    operator_id: str
    service: Service = Service.NEW
    papers: Mapping[str, str] = field(default_factory=dict)
    listed: Mapping[str, str] = field(default_factory=dict)
    ready_at: datetime | None = None
    trip_id: str = ""


def next_sequence(connection: Connection, day: str) -> int:
    """The next registration number of `day` (ISO): a number is given once, also when the record is withdrawn."""
    last = connection.execute(select(counter.c.last).where(counter.c.day == day)).scalar()
    if last is None:
        connection.execute(insert(counter).values(day=day, last=1))
        return 1
    connection.execute(update(counter).where(counter.c.day == day).values(last=last + 1))
    return int(last) + 1


def add(connection: Connection, stored: Stored) -> None:
    """Insert a new record."""
    entry = stored.record
    connection.execute(
        insert(record).values(
            record_id=entry.record_id,
            revision=entry.revision,
            state=entry.state.value,
            registration_no=entry.registration_no,
            form_version=stored.form_version,
            operator_id=stored.operator_id,
            started_at=entry.started_at,
            sealed_at=entry.sealed_at,
            changed_at=entry.changed_at,
            **_kept(stored),
        )
    )


def save(connection: Connection, stored: Stored) -> None:
    """Write back a record that was read in this transaction."""
    entry = stored.record
    connection.execute(
        update(record)
        .where(record.c.record_id == entry.record_id)
        .values(
            revision=entry.revision,
            state=entry.state.value,
            sealed_at=entry.sealed_at,
            changed_at=entry.changed_at,
            **_kept(stored),
        )
    )


def get(connection: Connection, record_id: str) -> Stored | None:
    """The record, or None."""
    row = connection.execute(select(record).where(record.c.record_id == record_id)).first()
    return None if row is None else _stored(row)


def with_states(connection: Connection, states: Collection[State]) -> tuple[Stored, ...]:
    """All records in `states`, newest change first."""
    query = select(record).where(record.c.state.in_([state.value for state in states]))
    return tuple(_stored(row) for row in connection.execute(query.order_by(record.c.changed_at.desc())))


def with_nik(connection: Connection, nik: str, *, besides: str = "") -> tuple[Stored, ...]:
    """Records here that carry this NIK, withdrawn ones left out."""
    query = select(record).where(
        record.c.nik == nik, record.c.record_id != besides, record.c.state != State.WITHDRAWN.value
    )
    return tuple(_stored(row) for row in connection.execute(query.order_by(record.c.changed_at.desc())))


def search(
    connection: Connection,
    *,
    text: str,
    states: Collection[State],
    offset: int,
    limit: int,
    also: Collection[str] = (),
    without: Collection[str] = (),
) -> tuple[tuple[Stored, ...], int]:
    """A page of records whose name, NIK or registration number contains `text`, and how many there are.

    `also` adds records by id whatever their state, `without` leaves some out.
    """
    wanted_states = record.c.state.in_([state.value for state in states])
    condition: list[ColumnElement[bool]] = [or_(wanted_states, record.c.record_id.in_(also))]
    if without:
        condition.append(record.c.record_id.not_in(without))
    if wanted := text.strip().upper():
        like = "%" + wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        condition.append(
            or_(
                record.c.name.like(like, escape="\\"),
                record.c.nik.like(like[1:], escape="\\"),
                record.c.registration_no.like(like, escape="\\"),
            )
        )
    total = connection.execute(select(func.count()).select_from(record).where(*condition)).scalar_one()
    query = select(record).where(*condition).order_by(record.c.changed_at.desc(), record.c.record_id)
    rows = connection.execute(query.offset(offset).limit(limit))
    return tuple(_stored(row) for row in rows), int(total)


def count_by_state(connection: Connection) -> dict[State, int]:
    """How many records are in each state."""
    rows = connection.execute(select(record.c.state, func.count()).group_by(record.c.state))
    return {State(state): int(number) for state, number in rows}


def names_of(connection: Connection, record_ids: Sequence[str]) -> dict[str, str]:
    """Names by record id."""
    query = select(record.c.record_id, record.c.name).where(record.c.record_id.in_(record_ids))
    return {row.record_id: row.name or "" for row in connection.execute(query)}


def touched(stored: Stored, at: datetime) -> Stored:
    """The same with its time of change moved to `at`."""
    from dataclasses import replace

    return replace(stored, record=replace(stored.record, changed_at=at))


def _kept(stored: Stored) -> dict[str, Any]:
    return {
        "answers": json.dumps(dict(stored.answers), ensure_ascii=False),
        "confirmed": json.dumps([asdict(item) for item in stored.confirmed], ensure_ascii=False),
        "exceptions": json.dumps([asdict(item) for item in stored.exceptions], ensure_ascii=False),
        "refused": json.dumps([asdict(item) for item in stored.refused], ensure_ascii=False),
        "step": stored.step.value,
        "service": stored.service.value,
        "papers": json.dumps(dict(stored.papers), ensure_ascii=False),
        "listed": json.dumps(dict(stored.listed), ensure_ascii=False),
        "ready_at": stored.ready_at,
        "trip_id": stored.trip_id,
    }


def _stored(row: Any) -> Stored:
    entry = Record(
        record_id=row.record_id,
        revision=row.revision,
        state=State(row.state),
        registration_no=row.registration_no,
        nik=row.nik or "",
        name=row.name or "",
        village=row.village or "",
        started_at=row.started_at,
        sealed_at=row.sealed_at,
        changed_at=row.changed_at,
    )
    return Stored(
        record=entry,
        form_version=row.form_version,
        answers=json.loads(row.answers),
        confirmed=tuple(Confirmation(**item) for item in json.loads(row.confirmed)),
        exceptions=tuple(_exception(item) for item in json.loads(row.exceptions)),
        refused=tuple(Reason(**item) for item in json.loads(row.refused)),
        step=Step(row.step),
        operator_id=row.operator_id,
        service=Service(row.service),
        papers=json.loads(row.papers),
        listed=json.loads(row.listed),
        ready_at=row.ready_at,
        trip_id=row.trip_id,
    )


def _exception(item: dict[str, Any]) -> BiometricException:
    return BiometricException(**{**item, "part": Part(item["part"]), "code": ExceptionCode(item["code"])})
