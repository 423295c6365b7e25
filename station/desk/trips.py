"""Preparing trips to villages, the trip that is under way, and their list. Nothing here waits for a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from station.desk.drafting import storable
from station.desk.office import Office
from station.desk.trip_list import Listed, invited, read_list
from station.domain.errors import RuleError
from station.domain.ids import new_record_id
from station.domain.permission import Permission
from station.domain.regions import Village, is_village_code
from station.domain.trip import KIT, Plan, Trip
from station.store import audit, trips
from station.store.database import Connection
from station.store.trips import Sums

MAX_PLACE = 200
MAX_CREW = 20
MAX_NAME = 60
MOST_DAYS_AHEAD = 366


@dataclass(frozen=True)
class TripRow:
    """A trip in the list of trips. `current` is the one that recordings belong to now."""

    trip: Trip
    village: Village | None
    sums: Sums
    current: bool


@dataclass(frozen=True)
class Preview:
    """Who would be invited: how many by unit (RT/RW), and which list says so (None: there is none of this village)."""

    listed: Listed | None
    units: Mapping[str, int]


def current(office: Office) -> Trip | None:
    """The trip that recordings belong to: today's; of several the first that is not closed. None at the office."""
    office.require(Permission.READ_PERSON)
    with office.applicants.read() as connection:
        return trips.open_on(connection, office.local_now().date())


def get(office: Office, trip_id: str) -> Trip:
    """The trip; RuleError `trip.unknown`."""
    office.require(Permission.READ_PERSON)
    with office.applicants.read() as connection:
        return trip_of(connection, trip_id)


def every(office: Office) -> tuple[TripRow, ...]:
    """All trips, the latest day first."""
    office.require(Permission.READ_PERSON)
    now = current(office)
    with office.applicants.read() as connection:
        sums = trips.sums(connection)
        found = trips.every(connection)
    return tuple(
        TripRow(trip, office.villages.get(trip.plan.village), sums.get(trip.trip_id, Sums()), trip == now)
        for trip in found
    )


def preview(office: Office, village: str) -> Preview:
    """Who would be invited in a village, before anything is kept."""
    office.require(Permission.ENTER_LIST)
    listed = read_list(office, village)
    people = invited(office, listed, None) if listed else ()
    units = Counter(person.unit for person in people)
    return Preview(listed, dict(sorted(units.items(), key=lambda item: item[0].split("/")[::-1])))


def prepare(office: Office, plan: Plan) -> Trip:
    """Keep a new trip and copy its people from the target list. RuleError `trip.*` for a plan that cannot be."""
    office.require(Permission.ENTER_LIST)
    plan = _checked(office, plan)
    trip = Trip(new_record_id(office.now()), plan, None, office.now())
    with office.applicants.write() as connection:
        trips.add(connection, trip)
        note(office, connection, "trip_prepare", trip, day=plan.day.isoformat(), village=plan.village)
    return take_list(office, trip.trip_id)


def change(office: Office, trip_id: str, plan: Plan) -> Trip:
    """Other day, place, crew, kit or units; the village stays. The sheet follows the units and the list that is here.

    RuleError `trip.closed`, `trip.village_fixed` and those of `prepare`.
    """
    office.require(Permission.ENTER_LIST)
    with office.applicants.write() as connection:
        before = open_trip(connection, trip_id)
        if plan.village != before.plan.village:
            raise RuleError("trip.village_fixed", field="village")
        plan = _checked(office, plan, before)
        trips.save(connection, replace(before, plan=plan))
    return take_list(office, trip_id)


def take_list(office: Office, trip_id: str) -> Trip:
    """Copy the people of the target list that is here now. Whoever was marked, added or recorded on the trip stays.

    RuleError `trip.closed`. Without a list the sheet stays as it is.
    """
    office.require(Permission.ENTER_LIST)
    trip = get(office, trip_id)
    listed = read_list(office, trip.plan.village)
    if listed is None:
        return trip
    wanted = {person.nik: person for person in invited(office, listed, trip.plan.rts, besides=trip_id)}
    with office.applicants.write() as connection:
        trip = replace(open_trip(connection, trip_id), targets=listed.facts)
        recorded = {entry.nik for entry in trips.records_of(connection, trip_id)}
        here = trips.people(connection, trip_id)
        # Whoever was recorded on this very trip is recorded in a newer list, and was invited all the same.
        stay = {person.nik for person in here if person.touched or person.nik in recorded}
        trips.drop_people(connection, trip_id, [person.nik for person in here if person.nik not in stay])
        trips.put_people(connection, trip_id, [person for person in wanted.values() if person.nik not in stay])
        trips.save(connection, trip)
    return trip


def delete(office: Office, trip_id: str) -> None:
    """Delete a trip on which nothing was recorded. RuleError `trip.closed`, `trip.has_records`."""
    office.require(Permission.ENTER_LIST)
    with office.applicants.write() as connection:
        trip = open_trip(connection, trip_id)
        if trips.records_of(connection, trip_id) or trips.referrals(connection, trip_id):
            raise RuleError("trip.has_records")
        trips.remove(connection, trip_id)
        note(office, connection, "trip_delete", trip)


def forget_people(office: Office) -> int:
    """Wipe the sheets of closed trips whose target list has expired; their reports stay. How many people went."""
    with office.applicants.write() as connection:
        return trips.forget_people(connection, office.now())


def trip_of(connection: Connection, trip_id: str) -> Trip:
    """The stored trip; RuleError `trip.unknown`."""
    trip = trips.get(connection, trip_id)
    if trip is None:
        raise RuleError("trip.unknown")
    return trip


def open_trip(connection: Connection, trip_id: str) -> Trip:
    """The stored trip while it may still be changed; RuleError `trip.closed`."""
    trip = trip_of(connection, trip_id)
    if not trip.open:
        raise RuleError("trip.closed")
    return trip


def note(office: Office, connection: Connection, action: str, trip: Trip, **detail: object) -> None:
    """A line of the audit about a trip: numbers and codes, no names."""
    audit.append(
        connection,
        at=office.now(),
        operator_id=office.operator.operator_id,
        action=action,
        record_id=None,
        trip_id=trip.trip_id,
        **detail,
    )


def _checked(office: Office, plan: Plan, before: Trip | None = None) -> Plan:
    """The plan as it is kept. A day that has passed stays allowed for a trip that was already planned for it."""
    today = office.local_now().date()
    if (before is None or plan.day != before.plan.day) and plan.day < today:
        raise RuleError("trip.day_past", field="day")
    if plan.day > today + timedelta(days=MOST_DAYS_AHEAD):
        raise RuleError("trip.day_far", field="day")
    if not is_village_code(plan.village) or office.villages.get(plan.village) is None:
        raise RuleError("trip.village", field="village")
    names = dict.fromkeys(" ".join(storable(name).split())[:MAX_NAME] for name in plan.crew)
    return Plan(
        day=plan.day,
        village=plan.village,
        place=" ".join(storable(plan.place).split())[:MAX_PLACE],
        crew=tuple(name for name in names if name)[:MAX_CREW],
        kit=plan.kit & frozenset(KIT),
        rts=None if plan.rts is None else tuple(sorted(set(plan.rts))),
    )
