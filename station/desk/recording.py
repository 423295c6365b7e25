"""Recording a person: every accepted answer and capture is on disk when its function returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from station.desk.office import Office
from station.domain.biometrics import MAX_BYTES, Capture, Part
from station.domain.draft import Confirmation, Draft
from station.domain.errors import DeviceError, RuleError
from station.domain.form import FIELDS, FORM_VERSION, check_form, clean, field_of
from station.domain.ids import new_record_id
from station.domain.record import Move, Record, State, after
from station.domain.registration import registration_no
from station.domain.steps import Step
from station.store import audit, captures, records
from station.store.database import Connection
from station.store.records import Stored

MAX_ANSWER = 500
MAX_REASON = 200


def start(office: Office, nik: str = "") -> Draft:
    """Begin a recording. It has a registration number from the first moment."""
    now, local = office.now(), office.local_now()
    answers = {field.key: field.default for field in FIELDS if field.default}
    if nik:
        answers["nik"] = clean(field_of("nik"), _storable(nik[:MAX_ANSWER]))
    with office.applicants.write() as connection:
        sequence = records.next_sequence(connection, local.date().isoformat())
        entry = Record(
            record_id=new_record_id(now),
            revision=1,
            state=State.DRAFT,
            registration_no=registration_no(office.station.office, office.station.number, local.date(), sequence),
            nik=answers.get("nik", ""),
            name="",
            village="",
            started_at=now,
            sealed_at=None,
            changed_at=now,
        )
        stored = Stored(entry, FORM_VERSION, answers, (), (), (), Step.APPLICANT, office.operator.operator_id)
        records.add(connection, stored)
        _audit(office, connection, "start", entry.record_id)
    return resume(office, entry.record_id)


def open_drafts(office: Office) -> tuple[Draft, ...]:
    """Drafts to be finished, newest first."""
    with office.applicants.read() as connection:
        found = records.with_states(connection, [State.DRAFT])
        return tuple(as_draft(office, connection, stored) for stored in found)


def resume(office: Office, record_id: str) -> Draft:
    """The draft as it stands; RuleError `record.not_draft` when it is none."""
    with office.applicants.read() as connection:
        return as_draft(office, connection, _draft(connection, record_id))


def answer(office: Office, record_id: str, key: str, raw: str) -> Draft:
    """Keep an answer, right or wrong; the findings of the draft tell which. RuleError `form.unknown_field`."""
    try:
        field = field_of(key)
    except KeyError:
        raise RuleError("form.unknown_field", field=key) from None
    value = clean(field, _storable(raw[:MAX_ANSWER]))

    def change(stored: Stored) -> Stored:
        if stored.answers.get(key, "") == value:
            return stored
        # A warning that was confirmed for another value must be looked at again.
        confirmed = tuple(item for item in stored.confirmed if item.field != key)
        return replace(stored, answers={**stored.answers, key: value}, confirmed=confirmed)

    return _changed(office, record_id, change)


def confirm(office: Office, record_id: str, field: str, code: str, reason: str) -> Draft:
    """Let a warning stand, with the reason. RuleError `confirm.no_reason`, `confirm.not_found`."""
    reason = " ".join(_storable(reason).split())[:MAX_REASON]
    if not reason:
        raise RuleError("confirm.no_reason", field=field)
    if (field, code) not in {(item.field, item.code) for item in resume(office, record_id).findings}:
        raise RuleError("confirm.not_found", field=field)

    def change(stored: Stored) -> Stored:
        others = tuple(item for item in stored.confirmed if (item.field, item.code) != (field, code))
        return replace(stored, confirmed=(*others, Confirmation(field, code, reason)))

    return _changed(office, record_id, change, audited=("confirm", {"field": field, "code": code}))


def keep(office: Office, record_id: str, kept: Sequence[Capture]) -> Draft:
    """Keep accepted captures, in place of earlier ones of the same parts. DeviceError `device.image_too_large`."""
    for capture in kept:
        if len(capture.image) > MAX_BYTES[capture.part.modality] or not capture.image:
            raise DeviceError("device.image_too_large", part=capture.part.value, size=len(capture.image))
    with office.applicants.write() as connection:
        stored = _draft(connection, record_id)
        for capture in kept:
            captures.put(connection, record_id, capture)
        records.save(connection, records.touched(stored, office.now()))
        return as_draft(office, connection, _draft(connection, record_id))


def image(office: Office, record_id: str, part: Part) -> bytes | None:
    """The encoded image of a kept capture, or None."""
    with office.applicants.read() as connection:
        return captures.image(connection, record_id, part)


def go_to(office: Office, record_id: str, step: Step) -> Draft:
    """Remember where the operator is: a draft reopens at that step."""
    return _changed(office, record_id, lambda stored: replace(stored, step=step))


def withdraw(office: Office, record_id: str, reason: str) -> None:
    """Give a draft up, with the reason. RuleError `withdraw.no_reason`, or `record.move` once it is sealed."""
    reason = " ".join(_storable(reason).split())[:MAX_REASON]
    if not reason:
        raise RuleError("withdraw.no_reason")
    with office.applicants.write() as connection:
        stored = _draft(connection, record_id)
        moved = replace(stored.record, state=after(stored.record.state, Move.WITHDRAW), changed_at=office.now())
        records.save(connection, replace(stored, record=moved))
        captures.clear(connection, record_id)
        _audit(office, connection, "withdraw", record_id, reason=reason)


def as_draft(office: Office, connection: Connection, stored: Stored) -> Draft:
    """What the window shows of a stored draft."""
    return Draft(
        record=stored.record,
        answers=dict(stored.answers),
        step=stored.step,
        captures=captures.cards(connection, stored.record.record_id),
        exceptions=stored.exceptions,
        confirmed=stored.confirmed,
        findings=tuple(check_form(stored.answers, office.context)),
        refused=stored.refused,
        service=stored.service,
        papers=dict(stored.papers),
        listed=dict(stored.listed),
        ready_at=stored.ready_at,
        trip_id=stored.trip_id,
    )


def _changed(
    office: Office,
    record_id: str,
    change: Callable[[Stored], Stored],
    audited: tuple[str, dict[str, object]] | None = None,
) -> Draft:
    """Apply `change` to a draft in one transaction; nothing is written when it changes nothing."""
    with office.applicants.write() as connection:
        before = _draft(connection, record_id)
        stored = change(before)
        if stored != before:
            records.save(connection, records.touched(stored, office.now()))
        if audited:
            _audit(office, connection, audited[0], record_id, **audited[1])
        return as_draft(office, connection, _draft(connection, record_id))


def _storable(typed: str) -> str:
    """Half a character pair, as a clipboard may bring it, cannot be stored: it becomes a question mark."""
    return typed.encode("utf-8", "replace").decode("utf-8")


def _draft(connection: Connection, record_id: str) -> Stored:
    stored = records.get(connection, record_id)
    if stored is None or stored.record.state is not State.DRAFT:
        raise RuleError("record.not_draft")
    return stored


def _audit(office: Office, connection: Connection, action: str, record_id: str, **detail: object) -> None:
    audit.append(
        connection,
        at=office.now(),
        operator_id=office.operator.operator_id,
        action=action,
        record_id=record_id,
        **detail,
    )
