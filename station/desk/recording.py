"""Recording a person: every accepted answer and capture is on disk when its function returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from station.desk.drafting import as_draft, changed, draft_of, note, storable
from station.desk.office import Office
from station.domain.biometrics import MAX_BYTES, Capture, Part
from station.domain.draft import Confirmation, Draft
from station.domain.errors import DeviceError, RuleError
from station.domain.form import FIELDS, FORM_VERSION, clean, field_of
from station.domain.ids import new_record_id
from station.domain.record import Move, Record, State, after
from station.domain.registration import registration_no
from station.domain.steps import Step
from station.store import captures, records
from station.store.records import Stored

MAX_ANSWER = 500
MAX_REASON = 200


def start(office: Office, nik: str = "") -> Draft:
    """Begin a recording. It has a registration number from the first moment."""
    now, local = office.now(), office.local_now()
    answers = {field.key: field.default for field in FIELDS if field.default}
    if nik:
        answers["nik"] = clean(field_of("nik"), storable(nik[:MAX_ANSWER]))
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
        note(office, connection, "start", entry.record_id)
    return resume(office, entry.record_id)


def open_drafts(office: Office) -> tuple[Draft, ...]:
    """Drafts to be finished, newest first."""
    with office.applicants.read() as connection:
        found = records.with_states(connection, [State.DRAFT])
        return tuple(as_draft(office, connection, stored) for stored in found)


def resume(office: Office, record_id: str) -> Draft:
    """The draft as it stands; RuleError `record.not_draft` when it is none."""
    with office.applicants.read() as connection:
        return as_draft(office, connection, draft_of(connection, record_id))


def answer(office: Office, record_id: str, key: str, raw: str) -> Draft:
    """Keep an answer, right or wrong; the findings of the draft tell which. RuleError `form.unknown_field`."""
    try:
        field = field_of(key)
    except KeyError:
        raise RuleError("form.unknown_field", field=key) from None
    value = clean(field, storable(raw[:MAX_ANSWER]))

    def change(stored: Stored) -> Stored:
        if stored.answers.get(key, "") == value:
            return stored
        # A warning that was confirmed for another value must be looked at again.
        confirmed = tuple(item for item in stored.confirmed if item.field != key)
        return replace(stored, answers={**stored.answers, key: value}, confirmed=confirmed)

    return changed(office, record_id, change)


def confirm(office: Office, record_id: str, field: str, code: str, reason: str) -> Draft:
    """Let a warning stand, with the reason. RuleError `confirm.no_reason`, `confirm.not_found`."""
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    if not reason:
        raise RuleError("confirm.no_reason", field=field)
    if (field, code) not in {(item.field, item.code) for item in resume(office, record_id).findings}:
        raise RuleError("confirm.not_found", field=field)

    def change(stored: Stored) -> Stored:
        others = tuple(item for item in stored.confirmed if (item.field, item.code) != (field, code))
        return replace(stored, confirmed=(*others, Confirmation(field, code, reason)))

    return changed(office, record_id, change, audited=("confirm", {"field": field, "code": code}))


def keep(office: Office, record_id: str, kept: Sequence[Capture]) -> Draft:
    """Keep accepted captures, in place of earlier ones of the same parts. DeviceError `device.image_too_large`."""
    for capture in kept:
        if len(capture.image) > MAX_BYTES[capture.part.modality] or not capture.image:
            raise DeviceError("device.image_too_large", part=capture.part.value, size=len(capture.image))
    with office.applicants.write() as connection:
        stored = draft_of(connection, record_id)
        for capture in kept:
            captures.put(connection, record_id, capture)
        records.save(connection, records.touched(stored, office.now()))
        return as_draft(office, connection, draft_of(connection, record_id))


def image(office: Office, record_id: str, part: Part) -> bytes | None:
    """The encoded image of a kept capture, or None."""
    with office.applicants.read() as connection:
        return captures.image(connection, record_id, part)


def go_to(office: Office, record_id: str, step: Step) -> Draft:
    """Remember where the operator is: a draft reopens at that step."""
    return changed(office, record_id, lambda stored: replace(stored, step=step))


def withdraw(office: Office, record_id: str, reason: str) -> None:
    """Give a draft up, with the reason. RuleError `withdraw.no_reason`, or `record.move` once it is sealed."""
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    if not reason:
        raise RuleError("withdraw.no_reason")
    with office.applicants.write() as connection:
        stored = draft_of(connection, record_id)
        moved = replace(stored.record, state=after(stored.record.state, Move.WITHDRAW), changed_at=office.now())
        records.save(connection, replace(stored, record=moved))
        captures.clear(connection, record_id)
        note(office, connection, "withdraw", record_id, reason=reason)
