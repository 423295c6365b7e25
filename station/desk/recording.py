"""Recording a person: every accepted answer and capture is on disk when its function returns.

What devices captured goes through `keeping.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from station.desk import applicants, consents, inviting, rosters, trail, trips
from station.desk.disk_guard import require_room
from station.desk.drafting import as_draft, as_it_stands, changed, draft_of, note, opened, storable
from station.desk.drafting import resume as resume
from station.desk.keeping import approve as approve
from station.desk.keeping import assist as assist
from station.desk.keeping import discard as discard
from station.desk.keeping import keep as keep
from station.desk.office import Office
from station.desk.vouchers import Voucher
from station.domain.biometrics import Part
from station.domain.consent import OVERRIDES, Consent
from station.domain.draft import Confirmation, Draft
from station.domain.errors import RuleError
from station.domain.form import FIELDS, FORM_VERSION, clean, field_of
from station.domain.ids import new_record_id
from station.domain.nik import is_sixteen_digits
from station.domain.permission import Permission
from station.domain.record import Move, Record, State, after
from station.domain.registration import registration_no
from station.domain.standing import Standing
from station.domain.steps import Step
from station.domain.target import Target
from station.domain.verification import VERIFY_FIELD
from station.store import attachments, captures, records
from station.store.records import Stored

MAX_ANSWER = 500
MAX_REASON = 200
_DEFAULTS = {field.key: field.default for field in FIELDS if field.default}


def start(office: Office, nik: str = "", reason: str = "") -> Draft:
    """Begin a recording, filled in from the target list. It has a registration number from the first moment.

    RuleError with the code of what stops this person, or of the first warning when there is no `reason` to go on.
    StoreError `store.reserve` when the disk has room only for what has begun.
    """
    office.require(Permission.ENTER_PERSON)
    require_room(office)
    nik = clean(field_of("nik"), storable(nik[:MAX_ANSWER]))
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    trip = trips.current(office)
    now, local = office.now(), office.local_now()
    with office.applicants.write() as connection:
        found = applicants.standing(office, connection, nik) if nik else Standing("")
        if found.stop is not None:
            raise RuleError(found.stop.code, field=found.stop.field, **found.stop.data)
        if found.warnings and not reason:
            raise RuleError(found.warnings[0].code, field=found.warnings[0].field, **found.warnings[0].data)
        listed = _listed(found.target)
        sequence = records.next_sequence(connection, local.date().isoformat())
        entry = Record(
            record_id=new_record_id(now),
            revision=1,
            state=State.DRAFT,
            registration_no=registration_no(office.station.office, office.station.number, local.date(), sequence),
            nik=nik,
            name=listed.get("name", ""),
            village=listed.get("village", ""),
            started_at=now,
            sealed_at=None,
            changed_at=now,
        )
        stored = Stored(
            record=entry,
            form_version=FORM_VERSION,
            answers={**_DEFAULTS, **listed, **({"nik": nik} if nik else {})},
            confirmed=tuple(Confirmation(item.field, item.code, reason) for item in found.warnings),
            exceptions=(),
            refused=(),
            step=Step.BIODATA if nik else Step.APPLICANT,
            operator_id=office.operator.operator_id,
            listed=listed,
            trip_id=trip.trip_id if trip else "",
        )
        records.add(connection, stored)
        note(office, connection, "start", entry.record_id, listed=found.target is not None)
        if found.warnings:
            note(office, connection, "override", entry.record_id, codes=[item.code for item in found.warnings])
    trail.begun(office, nik)
    return opened(office, entry.record_id)


def open_drafts(office: Office) -> tuple[Draft, ...]:
    """Drafts to be finished, newest first."""
    office.require(Permission.READ_PERSON)
    with office.applicants.read() as connection:
        found = records.with_states(connection, [State.DRAFT])
        return tuple(as_draft(office, connection, stored) for stored in found)


def answer(office: Office, record_id: str, key: str, raw: str) -> Draft:
    """Keep an answer, right or wrong; the findings of the draft tell which.

    RuleError `form.unknown_field`; `recapture.not_open` for the NIK of somebody who has come again.
    """
    office.require(Permission.ENTER_PERSON)
    try:
        field = field_of(key)
    except KeyError:
        raise RuleError("form.unknown_field", field=key) from None
    value = clean(field, storable(raw[:MAX_ANSWER]))

    def change(stored: Stored) -> Stored:
        if stored.answers.get(key, "") == value:
            return stored
        if key == "nik" and stored.recapture is not None and key not in {reason.field for reason in stored.refused}:
            raise RuleError("recapture.not_open", field=key)
        answered = replace(stored, answers={**stored.answers, key: value})
        if key == "nik":
            answered = _relisted(office, answered)
        if not stored.confirmed:
            return answered
        # A warning that was confirmed for another value of any field it is about must be looked at again.
        about = {(item.field, item.code): set(item.about) for item in as_it_stands(office, record_id).findings}
        other = {field for field, _ in stored.answers.items() ^ answered.answers.items()}
        confirmed = tuple(
            item for item in stored.confirmed if not other & about.get((item.field, item.code), {item.field})
        )
        return replace(answered, confirmed=confirmed)

    return changed(office, record_id, change)


def confirm(
    office: Office, record_id: str, field: str, code: str, reason: str, voucher: Voucher | None = None
) -> Draft:
    """Let a warning stand, with the reason. RuleError `confirm.no_reason`, `confirm.not_found`.

    One that puts in doubt who this is needs a colleague's word too, where somebody may give it: RuleError
    `consent.override`, AccessError `officer.voucher`.
    """
    office.require(Permission.ENTER_PERSON)
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    if not reason:
        raise RuleError("confirm.no_reason", field=field)
    if (field, code) not in {(item.field, item.code) for item in as_it_stands(office, record_id).findings}:
        raise RuleError("confirm.not_found", field=field)

    def change(stored: Stored) -> Stored:
        others = tuple(item for item in stored.confirmed if (item.field, item.code) != (field, code))
        day = office.context.today.isoformat() if field.startswith(VERIFY_FIELD) else ""
        given = Confirmation(field, code, reason, day)
        return replace(stored, confirmed=(*others, given))

    if code in OVERRIDES:
        return _override(office, record_id, field, code, change, voucher)
    return changed(office, record_id, change, audited=("confirm", {"field": field, "code": code}))


def image(office: Office, record_id: str, part: Part) -> bytes | None:
    """The encoded image of a kept capture, or None."""
    office.require(Permission.READ_PERSON)
    trail.note_read(office, "image_open", record_id)
    with office.applicants.read() as connection:
        return captures.image(connection, record_id, part)


def go_to(office: Office, record_id: str, step: Step) -> Draft:
    """Remember where the operator is: a draft reopens at that step."""
    office.require(Permission.ENTER_PERSON)
    return changed(office, record_id, lambda stored: replace(stored, step=step))


def withdraw(office: Office, record_id: str, reason: str) -> None:
    """Give a draft up, with the reason; of somebody who came again, only what came of that.

    RuleError `withdraw.no_reason`, or `record.not_draft` once it is sealed.
    """
    office.require(Permission.DELETE_DRAFT)
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    if not reason:
        raise RuleError("withdraw.no_reason")
    if as_it_stands(office, record_id).recapture is not None:
        inviting.give_up(office, record_id, reason)
        return
    with office.applicants.write() as connection:
        stored = draft_of(connection, record_id)
        moved = replace(stored.record, state=after(stored.record.state, Move.WITHDRAW), changed_at=office.now())
        records.save(connection, replace(stored, record=moved, exceptions=(), approval=None, verification=()))
        captures.clear(connection, record_id)
        attachments.clear(connection, record_id)
        note(office, connection, "withdraw", record_id, reason=reason)


def _override(
    office: Office,
    record_id: str,
    field: str,
    code: str,
    change: Callable[[Stored], Stored],
    voucher: Voucher | None,
) -> Draft:
    """The warning stands and the word is used up, both or neither."""
    needed = consents.needed_for_warning(office, code)
    part = Part(field.removeprefix(VERIFY_FIELD))
    with office.applicants.write() as connection:
        by = consents.ALONE
        if needed:
            by = consents.use(office, connection, voucher, record_id, (part,), Consent.OVERRIDE)
        records.save(connection, records.touched(change(draft_of(connection, record_id)), office.now()))
        note(office, connection, "override", record_id, field=field, code=code, agreed_by=by)
        return as_draft(office, connection, draft_of(connection, record_id))


def _listed(target: Target | None) -> dict[str, str]:
    """What the list says, as the form would keep it. Fields that no form has here are left out."""
    told = dict(target.answers) if target else {}
    return {field.key: clean(field, told[field.key]) for field in FIELDS if told.get(field.key) and field.key != "nik"}


def _relisted(office: Office, stored: Stored) -> Stored:
    """The draft of another person, the NIK having changed: what was filled in goes, what was typed stays."""
    nik = stored.answers.get("nik", "")
    listed = _listed(rosters.person(office, nik)) if is_sixteen_digits(nik) else {}
    filled = (stored.listed, _DEFAULTS)
    typed = {key: value for key, value in stored.answers.items() if all(value != told.get(key) for told in filled)}
    return replace(stored, answers={**_DEFAULTS, **listed, **typed}, listed=listed)
