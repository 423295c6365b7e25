"""Preparing trips, the trip of today, its list, and what may not be changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from station.desk import recording, trip_day, trip_readiness, trips
from station.desk.trip_readiness import Lack
from station.domain.errors import RuleError
from station.domain.trip import KIT, Mark, Plan
from station.store import audit
from tests.support import HandClock, Workplace, good_answers

VILLAGE = "99.01.01.2001"
DAY = date(2026, 11, 21)
TOMORROW = DAY + timedelta(days=1)
NIK = good_answers(1)["nik"]


def a_plan(day: date = DAY, **changed: object) -> Plan:
    members = {"village": VILLAGE, "place": "Balai desa", "crew": ("Siti R.",), **changed}
    return Plan(day, **members)  # type: ignore[arg-type]


def prepared(place: Workplace, day: date = DAY, **changed: object) -> str:
    return trips.prepare(place.office, a_plan(day, **changed)).trip_id


def pass_days(place: Workplace, days: int) -> None:
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(days * 86400)


def actions(place: Workplace) -> list[str]:
    with place.office.applicants.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT action FROM audit ORDER BY number")]


def test_a_trip_is_kept_as_it_was_planned(place: Workplace) -> None:
    plan = a_plan(TOMORROW, crew=("Siti R.", "  Budi   U. ", "Siti R."), kit=frozenset({"camera", "nonsense"}))
    trip = trips.prepare(place.office, plan)
    kept = trips.get(place.office, trip.trip_id)
    assert kept.plan == Plan(TOMORROW, VILLAGE, "Balai desa", ("Siti R.", "Budi U."), frozenset({"camera"}))
    assert (kept.targets, kept.open) == (None, True)
    assert kept == trips.get(place.reopen().office, trip.trip_id)


def test_recordings_belong_to_the_trip_of_today(place: Workplace) -> None:
    prepared(place, TOMORROW)
    assert trips.current(place.office) is None
    assert recording.start(place.office).trip_id == ""
    pass_days(place, 1)
    trip = trips.current(place.office)
    assert trip is not None
    assert recording.start(place.office, NIK).trip_id == trip.trip_id
    pass_days(place, 1)
    assert trips.current(place.office) is None


def test_of_two_trips_on_a_day_the_second_begins_when_the_first_is_closed(place: Workplace) -> None:
    first = prepared(place)
    place.clock.pass_time(60)  # type: ignore[attr-defined]
    second = prepared(place, village="99.01.02.2001")
    assert trips.current(place.office) == trips.get(place.office, first)
    trip_day.close(place.office, first)
    assert trips.current(place.office) == trips.get(place.office, second)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (a_plan(DAY - timedelta(days=1)), "trip.day_past"),
        (a_plan(date.min), "trip.day_past"),
        (a_plan(DAY + timedelta(days=400)), "trip.day_far"),
        (a_plan(village=""), "trip.village"),
        (a_plan(village="99.01.01.2999"), "trip.village"),
        (a_plan(village="99.01"), "trip.village"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(place: Workplace, plan: Plan, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        trips.prepare(place.office, plan)
    assert refused.value.code == code
    assert trips.every(place.office) == ()


def test_a_trip_that_was_left_open_can_still_be_changed_after_its_day(place: Workplace) -> None:
    trip_id = prepared(place)
    pass_days(place, 3)
    trips.change(place.office, trip_id, a_plan(place="Sekolah"))
    assert trips.get(place.office, trip_id).plan.place == "Sekolah"
    later = DAY + timedelta(days=5)
    assert trips.change(place.office, trip_id, a_plan(later)).plan.day == later
    with pytest.raises(RuleError) as refused:
        trips.change(place.office, trip_id, a_plan(DAY))
    assert refused.value.code == "trip.day_past"


def test_the_village_of_a_trip_stays(place: Workplace) -> None:
    trip_id = prepared(place)
    with pytest.raises(RuleError) as refused:
        trips.change(place.office, trip_id, a_plan(village="99.01.02.2001"))
    assert refused.value.code == "trip.village_fixed"


def test_a_trip_without_recordings_can_be_deleted(place: Workplace) -> None:
    trip_id = prepared(place)
    trip_day.add_person(place.office, trip_id, NIK, "Siti Aminah", as_invited=True)
    draft = recording.start(place.office, NIK)
    recording.withdraw(place.office, draft.record.record_id, "salah orang")
    trips.delete(place.office, trip_id)
    assert trips.every(place.office) == ()
    with pytest.raises(RuleError) as gone:
        trip_day.sheet(place.office, trip_id)
    assert gone.value.code == "trip.unknown"
    assert "trip_delete" in actions(place)


def test_a_trip_with_a_recording_cannot_be_deleted(place: Workplace) -> None:
    trip_id = prepared(place)
    recording.start(place.office, NIK)
    with pytest.raises(RuleError) as refused:
        trips.delete(place.office, trip_id)
    assert refused.value.code == "trip.has_records"
    assert trips.get(place.office, trip_id)


def test_trips_are_listed_with_the_latest_first_and_their_numbers(place: Workplace) -> None:
    today, later = prepared(place), prepared(place, TOMORROW)
    trip_day.add_person(place.office, today, NIK, "SITI AMINAH", as_invited=True)
    trip_day.add_person(place.office, today, good_answers(2)["nik"], "BUDI", as_invited=False)
    place.seal(1)
    rows = trips.every(place.office)
    assert [(row.trip.trip_id, row.current) for row in rows] == [(later, False), (today, True)]
    assert (rows[1].sums.invited, rows[1].sums.recorded) == (1, 1)
    assert rows[1].village is not None
    assert rows[1].village.code == VILLAGE


# ------------------------------------------------------------------------------------------------ before leaving


def lacks(place: Workplace, plan: Plan, trip_id: str = "", invited: int = 1) -> list[Lack]:
    return [missing.lack for missing in trip_readiness.readiness(place.office, plan, trip_id, invited)]


def test_an_empty_plan_says_everything_that_is_missing(place: Workplace) -> None:
    place.seal(1)
    found = trip_readiness.readiness(place.office, Plan(TOMORROW, VILLAGE), "", 0)
    assert [missing.lack for missing in found] == [
        Lack.NO_LIST, Lack.OUTBOX_WAITING, Lack.NO_PLACE, Lack.NO_CREW, Lack.KIT_OPEN,
    ]  # fmt: skip
    assert found[1].data == {"count": 1}
    assert found[-1].data == {"count": len(KIT)}


def test_an_earlier_trip_that_is_open_is_said(place: Workplace) -> None:
    trip_id = prepared(place)
    assert Lack.OTHER_TRIP_OPEN in lacks(place, a_plan(TOMORROW))
    assert Lack.OTHER_TRIP_OPEN not in lacks(place, a_plan(TOMORROW), trip_id)
    trip_day.close(place.office, trip_id)
    assert Lack.OTHER_TRIP_OPEN not in lacks(place, a_plan(TOMORROW))


def test_a_plan_with_everything_packed_lacks_only_the_list(place: Workplace) -> None:
    assert lacks(place, a_plan(kit=frozenset(KIT))) == [Lack.NO_LIST]


# ---------------------------------------------------------------------------------------------- what is not kept


def test_the_people_of_a_closed_trip_are_wiped_and_its_report_stays(place: Workplace) -> None:
    trip_id = prepared(place)
    trip_day.add_person(place.office, trip_id, NIK, "SITI AMINAH", as_invited=True)
    trip_day.mark(place.office, trip_id, NIK, Mark.ABSENT)
    pass_days(place, 30)
    assert trips.forget_people(place.office) == 0
    trip_day.close(place.office, trip_id)
    pass_days(place, 13)
    assert trips.forget_people(place.office) == 0
    pass_days(place, 2)
    assert trips.forget_people(place.office) == 1
    sheet = trip_day.sheet(place.office, trip_id)
    assert sheet.rows == ()
    assert sheet.trip.report["absent"] == 1


def test_the_audit_of_a_trip_names_nobody(place: Workplace) -> None:
    trip_id = prepared(place)
    trip_day.add_person(place.office, trip_id, NIK, "SITI AMINAH CONTOH", as_invited=True)
    trip_day.mark(place.office, trip_id, NIK, Mark.MOVED)
    trip_day.close(place.office, trip_id)
    with place.office.applicants.read() as connection:
        lines = list(connection.exec_driver_sql("SELECT action, detail FROM audit WHERE action LIKE 'trip%'"))
        assert audit.first_broken(connection) is None
    assert [line[0] for line in lines] == ["trip_prepare", "trip_close"]
    assert not any(NIK in line[1] or "AMINAH" in line[1] for line in lines)
