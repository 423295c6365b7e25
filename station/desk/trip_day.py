"""The day of a trip: marking who came, adding who is not on the list, and closing once the sums come out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from station.desk.drafting import as_draft, storable
from station.desk.office import Office
from station.desk.trips import note, open_trip, trip_of
from station.domain.errors import RuleError
from station.domain.nik import check_nik, clean_number
from station.domain.permission import Permission
from station.domain.reconciliation import (
    Made,
    Reconciliation,
    TripRecord,
    effective_mark,
    made_of,
    reconcile,
)
from station.domain.record import State
from station.domain.regions import Village
from station.domain.steps import Step
from station.domain.trip import Mark, Trip, TripPerson, WhyNot
from station.store import records, trips
from station.store.database import Connection

MAX_NOTE = 200
MAX_NAME = 60


@dataclass(frozen=True)
class SheetRow:
    """Somebody on the sheet with what their records say. `mark` is the mark as it counts.

    `elsewhere` tells that a record of this person was sealed here outside the trip.
    """

    person: TripPerson
    mark: Mark
    made: Made
    record_id: str = ""
    elsewhere: bool = False


@dataclass(frozen=True)
class Sheet:
    """Everything about one trip at one moment. Of a closed trip the people may be wiped; its report stays."""

    trip: Trip
    village: Village | None
    rows: tuple[SheetRow, ...]
    result: Reconciliation


Undo = tuple[TripPerson, ...]
"""People as they were before a deed, for taking it back."""


def sheet(office: Office, trip_id: str) -> Sheet:
    """The sheet of a trip: invited people, then walk-ins. RuleError `trip.unknown`."""
    office.require(Permission.READ_PERSON)
    with office.applicants.read() as connection:
        trip = trip_of(connection, trip_id)
        people = trips.people(connection, trip_id)
        found = _records(office, connection, trip_id)
        done = trips.done_niks(connection, besides=trip_id)
        result = reconcile(people, found, trips.referrals(connection, trip_id))
    made = made_of(found)
    on_sheet = {person.nik for person in people}
    strangers = [TripPerson(entry.nik, entry.name, invited=False) for key, entry in made.items() if key not in on_sheet]
    keys = [key for key in made if key not in on_sheet]
    listed = [_row(person, made.get(person.nik), done) for person in people]
    walked = [_row(person, made[key], done) for person, key in zip(strangers, keys, strict=True)]
    rows = sorted([*listed, *walked], key=lambda row: not row.person.invited)
    return Sheet(trip, office.villages.get(trip.plan.village), tuple(rows), result)


def mark(office: Office, trip_id: str, nik: str, wanted: Mark) -> Undo:
    """Mark an invited person. RuleError `trip.closed`, `trip.not_invited`, `trip.was_recorded`.

    A person with a record of this trip was there: only `PRESENT` fits, until the record is withdrawn.
    """
    office.require(Permission.ENTER_PERSON)
    with office.applicants.write() as connection:
        open_trip(connection, trip_id)
        before = _person(connection, trip_id, nik)
        if not before.invited:
            raise RuleError("trip.not_invited")
        recorded = made_of(trips.records_of(connection, trip_id))
        if nik in recorded and wanted not in (Mark.PRESENT, Mark.NONE):
            raise RuleError("trip.was_recorded")
        kept = before if wanted is Mark.PRESENT else replace(before, why_not=WhyNot.NONE, note="")
        _put(office, connection, trip_id, replace(kept, mark=wanted))
        return (before,)


def explain(office: Office, trip_id: str, nik: str, why_not: WhyNot, note_text: str = "") -> Undo:
    """Say why somebody who came is not recorded; that makes an invited person present.

    RuleError `trip.closed`, `trip.no_note` when the reason is another one and nothing is written.
    """
    office.require(Permission.ENTER_PERSON)
    text = " ".join(storable(note_text).split())[:MAX_NOTE]
    if why_not is WhyNot.OTHER and not text:
        raise RuleError("trip.no_note", field="note")
    with office.applicants.write() as connection:
        open_trip(connection, trip_id)
        before = _person(connection, trip_id, nik)
        wanted = Mark.PRESENT if before.invited else Mark.NONE
        _put(office, connection, trip_id, replace(before, mark=wanted, why_not=why_not, note=text))
        return (before,)


def mark_rest_absent(office: Office, trip_id: str) -> Undo:
    """At the end of the day: whoever is invited, has no mark and no record did not come. RuleError `trip.closed`."""
    office.require(Permission.ENTER_PERSON)
    with office.applicants.write() as connection:
        open_trip(connection, trip_id)
        made = made_of(trips.records_of(connection, trip_id))
        people = trips.people(connection, trip_id)
        rest = tuple(p for p in people if p.invited and p.mark is Mark.NONE and p.nik not in made)
        _put(office, connection, trip_id, *(replace(person, mark=Mark.ABSENT) for person in rest))
        return rest


def add_person(office: Office, trip_id: str, nik: str, name: str, *, as_invited: bool) -> TripPerson:
    """Put somebody on the sheet by hand: invited, or a walk-in who came unasked.

    RuleError `trip.closed`, `nik.*` for what can be no NIK, `trip.no_name`, `trip.on_sheet`.
    """
    office.require(Permission.ENTER_PERSON)
    number, text = clean_number(storable(nik)), " ".join(storable(name).split()).upper()[:MAX_NAME]
    if (wrong := next(check_nik(number, training=office.station.training), None)) is not None:
        raise RuleError(wrong.code, field="nik", **wrong.data)
    if not text:
        raise RuleError("trip.no_name", field="name")
    with office.applicants.write() as connection:
        open_trip(connection, trip_id)
        if trips.person(connection, trip_id, number) is not None:
            raise RuleError("trip.on_sheet", field="nik")
        added = TripPerson(number, text, invited=as_invited, by_hand=True)
        return _put(office, connection, trip_id, added)[0]


def undo(office: Office, trip_id: str, before: Undo) -> None:
    """Put people back as they were before a deed. RuleError `trip.closed`."""
    office.require(Permission.ENTER_PERSON)
    with office.applicants.write() as connection:
        open_trip(connection, trip_id)
        trips.put_people(connection, trip_id, before)


def remove_person(office: Office, trip_id: str, nik: str) -> None:
    """Take somebody off the sheet who was added by hand.

    RuleError `trip.closed`, `trip.from_list`, `trip.was_recorded`.
    """
    office.require(Permission.ENTER_PERSON)
    with office.applicants.write() as connection:
        open_trip(connection, trip_id)
        if not _person(connection, trip_id, nik).by_hand:
            raise RuleError("trip.from_list")
        if nik in made_of(trips.records_of(connection, trip_id)):
            raise RuleError("trip.was_recorded")
        trips.drop_people(connection, trip_id, [nik])


def close(office: Office, trip_id: str) -> Trip:
    """Close a trip whose sums come out and keep its counts. Drafts of it may be finished later.

    RuleError `trip.closed`, `trip.not_begun` before its day, `trip.open_points` (count) with somebody open.
    """
    office.require(Permission.ENTER_LIST)
    with office.applicants.write() as connection:
        trip = open_trip(connection, trip_id)
        if trip.plan.day > office.local_now().date():
            raise RuleError("trip.not_begun")
        people, found = trips.people(connection, trip_id), trips.records_of(connection, trip_id)
        result = reconcile(people, found, trips.referrals(connection, trip_id))
        if result.gaps or not result.counts.adds_up:
            raise RuleError("trip.open_points", count=len(result.gaps))
        report = result.counts.as_report(result.reasons)
        closed = replace(trip, closed_at=office.now(), report=report)
        trips.save(connection, closed)
        note(office, connection, "trip_close", trip, **report)
    return closed


def _put(office: Office, connection: Connection, trip_id: str, *people: TripPerson) -> Undo:
    """Keep people as somebody just said; who and when go with them."""
    stamped = tuple(
        replace(person, marked_at=office.now(), operator_id=office.operator.operator_id) for person in people
    )
    trips.put_people(connection, trip_id, stamped)
    return stamped


def _person(connection: Connection, trip_id: str, nik: str) -> TripPerson:
    person = trips.person(connection, trip_id, nik)
    if person is None:
        raise RuleError("trip.not_on_sheet")
    return person


def _row(person: TripPerson, record: TripRecord | None, done: Collection[str]) -> SheetRow:
    made = record.made if record else Made.NOTHING
    shown = effective_mark(person, made) if person.invited else Mark.PRESENT
    return SheetRow(person, shown, made, record.record_id if record else "", person.nik in done)


def _records(office: Office, connection: Connection, trip_id: str) -> tuple[TripRecord, ...]:
    """The records of a trip; drafts with the step that is still to be done."""
    found = []
    for entry in trips.records_of(connection, trip_id):
        stored = records.get(connection, entry.record_id) if entry.state is State.DRAFT else None
        if stored is not None:
            draft = as_draft(office, connection, stored)
            entry = replace(entry, next_step=next((step for step in Step if not draft.done(step)), Step.REVIEW))
        found.append(entry)
    return tuple(found)
