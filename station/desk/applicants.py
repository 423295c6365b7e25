"""Calling a person up: who the target lists say they are, and what stops or warns before any device starts."""

from __future__ import annotations

from datetime import datetime

from station.desk import rosters, trail
from station.desk.office import Office
from station.domain.eligibility import eligibility_of
from station.domain.finding import Finding, warning
from station.domain.nik import check_nik, is_sixteen_digits
from station.domain.permission import Permission
from station.domain.record import State
from station.domain.rows import RecordRow
from station.domain.standing import (
    MANY_PHONES,
    Candidate,
    Standing,
    doubt_listed,
    doubt_repeated,
    sign_of,
    stop_here,
    stop_listed,
    too_young,
)
from station.domain.target import Target
from station.store import audit, records
from station.store.database import Connection
from station.store.records import Stored

FIRST_PAGE = 20
"""People shown for a name; a longer list is read by nobody, one more letter is quicker."""


def look_up(office: Office, nik: str, *, besides: str = "") -> Standing:
    """How the person with this NIK (cleaned) stands. `besides` is the draft that asks. Leaves a line in the audit."""
    office.require(Permission.READ_PERSON)
    with office.applicants.write() as connection:
        found = standing(office, connection, nik, besides=besides)
        if not besides:
            trail.note_idle_look_up(office, connection, nik)
        audit.append(
            connection,
            at=office.now(),
            operator_id=office.operator.operator_id,
            action="look_up",
            record_id=besides or None,
            listed=found.target is not None,
            stop=found.stop.code if found.stop else "",
        )
    return found


def find_people(office: Office, text: str, limit: int = FIRST_PAGE) -> tuple[Candidate, ...]:
    """People on the target lists whose name fits `text`, each with a sign of how they stand."""
    office.require(Permission.READ_PERSON)
    found = rosters.find(office, text, limit=limit)
    today = office.context.today
    with office.applicants.read() as connection:
        states = records.states_of(connection, [target.nik for target in found])
    return tuple(
        Candidate(target, office.villages.get(target.village), sign_of(target, states.get(target.nik, ()), today))
        for target in found
    )


def standing(
    office: Office, connection: Connection, nik: str, *, besides: str = "", corrected: bool = False
) -> Standing:
    """The same inside a transaction. What central refused and is being `corrected` is known to be at central."""
    wrong = next(check_nik(nik, training=office.station.training), None)
    if wrong is not None:
        return Standing(nik, stop=wrong)
    target = rosters.person(office, nik)
    rows = _rows(office, records.with_nik(connection, nik, besides=besides))
    found = eligibility_of(target.answers, today=office.context.today, office=office.station.office) if target else None
    stop = stop_here(rows) or (None if corrected else stop_listed(target, rows, _made_at(office, target)))
    doubts = (_other_draft(rows), doubt_repeated(rows), None if corrected else doubt_listed(target))
    warnings = [item for item in doubts if item]
    if target is not None:
        warnings += _same_data(connection, nik, target.name, target.birth_date, target.answers.get("phone", ""), "")
    return Standing(
        nik=nik,
        target=target,
        village=office.villages.get(target.village) if target else None,
        rows=rows,
        stop=stop or too_young(target, found),
        warnings=tuple(warnings),
        eligibility=found,
    )


def findings(office: Office, connection: Connection, stored: Stored) -> tuple[Finding, ...]:
    """What is wrong or doubtful with a draft because of other records and the lists; as its answers stand now."""
    entry, answers = stored.record, stored.answers
    found: list[Finding] = []
    if is_sixteen_digits(entry.nik):
        corrected = entry.revision > 1
        rows = _rows(office, records.with_nik(connection, entry.nik, besides=entry.record_id))
        target = None if corrected else rosters.person(office, entry.nik)
        stop = stop_here(rows) or stop_listed(target, rows, _made_at(office, target))
        judged = (stop, _other_draft(rows), doubt_repeated(rows), doubt_listed(target))
        found += [item for item in judged if item]
    found += _same_data(
        connection,
        entry.nik,
        answers.get("name", ""),
        answers.get("birth_date", ""),
        answers.get("phone", ""),
        entry.record_id,
    )
    return tuple(found)


def _rows(office: Office, found: tuple[Stored, ...]) -> tuple[RecordRow, ...]:
    if not found:
        return ()
    packets = office.depot.outbox.of_records([stored.record.record_id for stored in found])
    return tuple(RecordRow(stored.record, stored.step, packets.get(stored.record.key)) for stored in found)


def _made_at(office: Office, target: Target | None) -> datetime | None:
    """When the newest list of the person's area was made."""
    if target is None:
        return None
    covering = [card.made_at for card in rosters.cards(office) if target.village.startswith(card.area)]
    return max(covering, default=None)


def _other_draft(rows: tuple[RecordRow, ...]) -> Finding | None:
    draft = next((row.record for row in rows if row.record.state is State.DRAFT), None)
    return warning("applicant.other_draft", "nik", number=draft.registration_no) if draft else None


def _same_data(connection: Connection, nik: str, name: str, birth_date: str, phone: str, besides: str) -> list[Finding]:
    found = []
    if name and birth_date and (number := records.alike(connection, name, birth_date, nik=nik, besides=besides)):
        found.append(warning("applicant.same_person", "name", about=("name", "birth_date"), number=number))
    if phone and (others := records.count_phone(connection, phone, besides=besides)) >= MANY_PHONES:
        found.append(warning("phone.many", "phone", others=others))
    return found
