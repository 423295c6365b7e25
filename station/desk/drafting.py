"""Reading and changing a draft: what every deed of the desk on an open recording is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from station.desk import applicants, minutiae, trail
from station.desk.disk_guard import with_last_bytes
from station.desk.office import Office
from station.desk.queue_days import counted, today
from station.domain.biometrics import FINGERS
from station.domain.checklist import check_papers
from station.domain.draft import Draft
from station.domain.eligibility import held_fields, lives_elsewhere, service_for
from station.domain.errors import RuleError
from station.domain.form import check_form, check_service, with_defaults
from station.domain.incomplete import check_same_person, kept_before
from station.domain.permission import Permission
from station.domain.record import State
from station.domain.remarks import check_remarks
from station.domain.service import Service
from station.domain.standing import stop_among
from station.domain.verification import VERIFY_FIELD, check_hands, check_verification, taken_on
from station.store import attachments, audit, captures, records, tickets
from station.store.database import Connection
from station.store.records import Stored


def as_draft(office: Office, connection: Connection, stored: Stored, day: date | None = None) -> Draft:
    """What the window shows of a stored draft; one of an older form has what newer fields hold from the start.

    What was verified on another day than `day`, or than today, does not count: a draft may stay open overnight.
    """
    stored = _seen_on(day or office.context.today, stored)
    answers = with_defaults(stored.answers, stored.form_version)
    context = replace(office.context, listed=stored.listed)
    service = service_of(office, stored)
    cards = captures.cards(connection, stored.record.record_id)
    days = _days(office, connection, stored)
    draft = Draft(
        record=stored.record,
        answers=answers,
        step=stored.step,
        captures=cards,
        exceptions=stored.exceptions,
        confirmed=stored.confirmed,
        findings=(
            *check_form(answers, context),
            *check_service(service, answers, context),
            *applicants.findings(office, connection, stored),
            *check_papers(service, stored.papers, answers, context.today),
            *check_remarks(cards.values(), office.policy),
        ),
        refused=stored.refused,
        service=service,
        papers=dict(stored.papers),
        listed=dict(stored.listed),
        ready_at=stored.ready_at,
        ticket=stored.ticket if stored.ticket_day in days else 0,
        ahead=_ahead(connection, stored, days),
        trip_id=stored.trip_id,
        held=held_fields(stored.listed, context.office),
        attachments=attachments.facts(connection, stored.record.record_id),
        verification={item.part: item for item in stored.verification},
        approval=stored.approval,
        policy=office.policy,
        assisted=stored.assisted,
        recapture=stored.recapture,
        kept_before=kept_before(cards.values(), day or context.today) if _comes_back(stored) else frozenset(),
    )
    verified = check_verification(draft.to_verify, draft.verification)
    unverifiable = check_hands([part for part in cards if part in FINGERS], draft.comparable)
    same = check_same_person(draft.kept_before, draft.comparable)
    return replace(draft, findings=(*draft.findings, *verified, *unverifiable, *same))


def comes_in_person(stored: Stored) -> bool:
    """A correction is made without the person."""
    return stored.record.revision == 1 or stored.recapture is not None


def _days(office: Office, connection: Connection, stored: Stored) -> frozenset[str]:
    """The days that count for the queue; the clock is asked about only where somebody waits."""
    day = frozenset({today(office)})
    return day if stored.ticket_day in day or not tickets.anybody_waits(connection) else counted(office)


def _ahead(connection: Connection, stored: Stored, days: frozenset[str]) -> int:
    """How many wait whom this person would pass without having stood in the queue today."""
    if stored.ready_at is not None or stored.ticket_day in days or not comes_in_person(stored):
        return 0
    return tickets.turn_of(connection, stored, days).ahead


def _comes_back(stored: Stored) -> bool:
    """A first recording: a correction is made without the person, and who came again was recognised at the door."""
    return stored.record.revision == 1 and stored.recapture is None


def service_of(office: Office, stored: Stored) -> Service:
    """What this person gets: what was chosen, with a first recording as the village of the form has it."""
    elsewhere = lives_elsewhere(stored.answers.get("village", ""), office.station.office)
    return service_for(stored.service, out_of_domicile=elsewhere)


def changed(
    office: Office,
    record_id: str,
    change: Callable[[Stored], Stored],
    audited: tuple[str, dict[str, object]] | None = None,
) -> Draft:
    """Apply `change` to a draft in one transaction; nothing is written when it changes nothing.

    On a full disk what was put by is let go, so that the person at hand is finished; `change` is called again then.
    """
    return with_last_bytes(office, lambda: _changed(office, record_id, change, audited))


def _changed(
    office: Office,
    record_id: str,
    change: Callable[[Stored], Stored],
    audited: tuple[str, dict[str, object]] | None,
) -> Draft:
    with office.applicants.write() as connection:
        before = draft_of(connection, record_id)
        stored = change(before)
        if stored != before:
            records.save(connection, records.touched(stored, office.now()))
        if audited:
            note(office, connection, audited[0], record_id, **audited[1])
        return as_draft(office, connection, draft_of(connection, record_id))


def resume(office: Office, record_id: str) -> Draft:
    """Open a draft as it stands; RuleError `record.not_draft` when it is none.

    Fingers of which only the picture is there become comparable, see `minutiae.complete`. What was verified on another
    day counts no more, see `seen_today`.
    """
    office.require(Permission.ENTER_PERSON)
    trail.note_read(office, "draft_open", record_id)
    return opened(office, record_id)


def opened(office: Office, record_id: str) -> Draft:
    """The same of a draft that was begun a moment ago: that tells already who saw it."""
    office.require(Permission.ENTER_PERSON)
    office.renew_policy()
    minutiae.complete(office, record_id)
    return changed(office, record_id, lambda stored: seen_today(office, stored))


def seen_today(office: Office, stored: Stored) -> Stored:
    """Without what was verified on another day, and the reasons given then: the person is looked at anew."""
    return _seen_on(office.context.today, stored)


def _seen_on(day: date, stored: Stored) -> Stored:
    kept = taken_on(day, stored.verification)
    confirmed = tuple(
        item for item in stored.confirmed if not item.field.startswith(VERIFY_FIELD) or item.day == day.isoformat()
    )
    return replace(stored, verification=kept, confirmed=confirmed)


def as_it_stands(office: Office, record_id: str) -> Draft:
    """The draft; RuleError `record.not_draft` when it is none."""
    office.require(Permission.READ_PERSON)
    with office.applicants.read() as connection:
        return as_draft(office, connection, draft_of(connection, record_id))


def storable(typed: str) -> str:
    """Half a character pair, as a clipboard may bring it, cannot be stored: it becomes a question mark."""
    return typed.encode("utf-8", "replace").decode("utf-8")


def draft_of(connection: Connection, record_id: str) -> Stored:
    """The stored draft; RuleError `record.not_draft` when it is none."""
    stored = records.get(connection, record_id)
    if stored is None or stored.record.state is not State.DRAFT:
        raise RuleError("record.not_draft")
    return stored


def open_to_devices(office: Office, connection: Connection, record_id: str) -> Stored:
    """The draft; RuleError with what closes every device for this person, `incomplete.who` until somebody who has come
    back on another day is recognised, `waiting.not_called` while they wait in the queue.
    """
    stored = draft_of(connection, record_id)
    if stored.ready_at is not None:
        raise RuleError("waiting.not_called")
    draft = as_draft(office, connection, stored)
    if stop := stop_among(draft.findings):
        raise RuleError(stop.code, field=stop.field, **stop.data)
    if draft.unrecognised:
        raise RuleError("incomplete.who")
    return stored


def note(office: Office, connection: Connection, action: str, record_id: str, **detail: object) -> None:
    """A line of the audit about a record, inside the transaction of the deed."""
    audit.append(
        connection,
        at=office.now(),
        operator_id=office.operator.operator_id,
        action=action,
        record_id=record_id,
        **detail,
    )
