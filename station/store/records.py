"""Records and drafts in `applicants.db`. Functions take an open transaction and give back frozen dataclasses."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, insert, null, select, update

from station.domain.approval import Approval
from station.domain.biometrics import BiometricException, ExceptionCode, Part
from station.domain.draft import Confirmation
from station.domain.eligibility import CARD_AGE
from station.domain.form import with_defaults
from station.domain.outcome import Reason
from station.domain.recapture import KnownBy, Recapture
from station.domain.record import Record, State
from station.domain.service import Service
from station.domain.steps import Step
from station.domain.verification import Verification
from station.store.tables import capture, counter, record

_OPEN = (State.DRAFT, State.SEALED, State.REJECTED)
"""Central has not confirmed these yet: what is wrong with them can still be put right here."""


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
    verification: tuple[Verification, ...] = ()
    approval: Approval | None = None
    assisted: bool = False
    recapture: Recapture | None = None
    uninvited: str = ""
    """Why somebody who was to be invited again is not any more."""
    ticket: int = 0
    """The number in the queue of `ticket_day` (ISO, local); 0 of somebody who was recorded that day without one."""
    ticket_day: str = ""


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
    return None if row is None else as_stored(row)


def with_states(connection: Connection, states: Collection[State]) -> tuple[Stored, ...]:
    """All records in `states`, newest change first."""
    query = select(record).where(record.c.state.in_([state.value for state in states]))
    return tuple(as_stored(row) for row in connection.execute(query.order_by(record.c.changed_at.desc())))


def with_nik(connection: Connection, nik: str, *, besides: str = "") -> tuple[Stored, ...]:
    """Records here that carry this NIK, withdrawn ones left out."""
    query = select(record).where(
        record.c.nik == nik, record.c.record_id != besides, record.c.state != State.WITHDRAWN.value
    )
    return tuple(as_stored(row) for row in connection.execute(query.order_by(record.c.changed_at.desc())))


def states_of(connection: Connection, niks: Collection[str]) -> dict[str, set[State]]:
    """In which states there are records here of these NIKs, withdrawn ones left out."""
    query = select(record.c.nik, record.c.state).where(record.c.nik.in_(niks), record.c.state != State.WITHDRAWN.value)
    found: dict[str, set[State]] = {}
    for row in connection.execute(query):
        found.setdefault(row.nik, set()).add(State(row.state))
    return found


def alike(connection: Connection, name: str, birth_date: str, *, nik: str, besides: str = "") -> str:
    """The registration number of another open application with this name and birth date but another NIK; or ''."""
    query = select(record.c.registration_no).where(
        record.c.name == name,
        record.c.birth_date == birth_date,
        func.coalesce(record.c.nik, "") != nik,
        record.c.record_id != besides,
        record.c.state.in_([state.value for state in _OPEN]),
    )
    # Left alone, the planner walks every open record by time: thousands of them after a long outage.
    query = query.with_hint(record, "INDEXED BY record_same_name", "sqlite")
    return connection.execute(query.order_by(record.c.changed_at.desc()).limit(1)).scalar() or ""


def count_phone(connection: Connection, phone: str, *, besides: str = "") -> int:
    """How many other applications here carry this telephone number, withdrawn ones left out."""
    query = select(func.count()).where(
        record.c.phone == phone, record.c.record_id != besides, record.c.state != State.WITHDRAWN.value
    )
    return int(connection.execute(query).scalar_one())


def younger_than_card_age(connection: Connection, today: date) -> tuple[Stored, ...]:
    """What central has accepted of people born after the day on which those who turn 17 today were born."""
    born_after = f"{today.year - CARD_AGE:04d}-{today:%m-%d}"
    query = select(record).where(record.c.birth_date > born_after, record.c.state == State.ACCEPTED.value)
    return tuple(as_stored(row) for row in connection.execute(query))


def ready(connection: Connection, limit: int, days: Collection[str]) -> tuple[tuple[Stored, ...], int]:
    """Drafts that the desk has prepared, in the order in which they are called: the first `limit`, and how many."""
    return _drafts(connection, record.c.ready_at.is_not(None), in_turn(days), limit)


def in_turn(days: Collection[str]) -> tuple[ColumnElement[Any], ...]:
    """Numbers of `days` (ISO) come first, the oldest day before all; then who is left from another day."""
    return case((record.c.ticket_day.in_(days), 0), else_=1), record.c.ticket_day, record.c.ticket


def unready(connection: Connection, limit: int, *, left_since: datetime) -> tuple[tuple[Stored, ...], int]:
    """The other drafts: the first `limit`, and how many there are.

    Those that nobody has touched since `left_since` come first, the longest left before all; then the newest change.
    """
    left = record.c.changed_at <= left_since
    longest = case((left, record.c.changed_at), else_=null())
    return _drafts(connection, record.c.ready_at.is_(None), (left.desc(), longest, record.c.changed_at.desc()), limit)


def _drafts(
    connection: Connection, which: ColumnElement[bool], order: Sequence[ColumnElement[Any]], limit: int
) -> tuple[tuple[Stored, ...], int]:
    condition = (record.c.state == State.DRAFT.value, which)
    total = connection.execute(select(func.count()).select_from(record).where(*condition)).scalar_one()
    query = select(record).where(*condition).order_by(*order, record.c.record_id).limit(limit)
    return tuple(as_stored(row) for row in connection.execute(query)), int(total)


def lapsed(stored: Stored) -> bool:
    """The answers are others than those that were signed, or nobody has signed: a signature does not count."""
    answers = with_defaults(stored.answers, stored.form_version)
    return not (stored.approval and stored.approval.still_holds(answers))


def lapsed_ids(connection: Connection) -> tuple[str, ...]:
    """The drafts with a signature that does not count any more: it stands under other answers."""
    signed = select(capture.c.record_id).where(capture.c.part == Part.SIGNATURE.value)
    query = select(record).where(record.c.record_id.in_(signed), record.c.state == State.DRAFT.value)
    drafts = map(as_stored, connection.execute(query))
    return tuple(stored.record.record_id for stored in drafts if lapsed(stored))


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
        "verification": json.dumps([_verification_row(item) for item in stored.verification]),
        "approval": json.dumps(_approval_row(stored.approval), ensure_ascii=False) if stored.approval else "",
        "assisted": stored.assisted,
        "recapture": json.dumps(_recapture_row(stored.recapture), ensure_ascii=False) if stored.recapture else "",
        "uninvited": stored.uninvited,
        "ticket": stored.ticket,
        "ticket_day": stored.ticket_day,
    }


def as_stored(row: Any) -> Stored:
    """A row of the table `record`."""
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
        verification=tuple(_verification(item) for item in json.loads(row.verification)),
        approval=_approval(json.loads(row.approval)) if row.approval else None,
        assisted=row.assisted,
        recapture=_recapture(json.loads(row.recapture)) if row.recapture else None,
        uninvited=row.uninvited,
        ticket=row.ticket,
        ticket_day=row.ticket_day,
    )


def _exception(item: dict[str, Any]) -> BiometricException:
    return BiometricException(**{**item, "part": Part(item["part"]), "code": ExceptionCode(item["code"])})


def _verification_row(item: Verification) -> dict[str, Any]:
    return {**asdict(item), "at": item.at.isoformat()}


def _verification(item: dict[str, Any]) -> Verification:
    like = Part(item["like"]) if item["like"] else None
    return Verification(**{**item, "part": Part(item["part"]), "at": datetime.fromisoformat(item["at"]), "like": like})


def _approval_row(item: Approval) -> dict[str, Any]:
    return {**asdict(item), "signed_at": item.signed_at.isoformat()}


def _approval(item: dict[str, Any]) -> Approval:
    return Approval(**{**item, "signed_at": datetime.fromisoformat(item["signed_at"])})


def _recapture_row(item: Recapture) -> dict[str, Any]:
    sealed_at = item.sealed_at.isoformat() if item.sealed_at else None
    return {**asdict(item), "at": item.at.isoformat(), "sealed_at": sealed_at}


def _recapture(item: dict[str, Any]) -> Recapture:
    sealed_at = datetime.fromisoformat(item["sealed_at"]) if item["sealed_at"] else None
    told = {"at": datetime.fromisoformat(item["at"]), "sealed_at": sealed_at, "known_by": KnownBy(item["known_by"])}
    opened = item.get("opened", item["revision"] + 1)
    return Recapture(**{**item, **told, "opened": opened, "parts": tuple(Part(part) for part in item["parts"])})
