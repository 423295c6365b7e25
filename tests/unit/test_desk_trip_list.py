"""The people of a trip come from a real target list: made by central, sealed for this station, imported from a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from station.central.csv_intake import Listed
from station.central.server import CentralServer
from station.desk import applicants, recording, rosters, trip_day, trip_readiness, trips
from station.desk.trip_readiness import Lack
from station.domain.errors import RuleError
from station.domain.reconciliation import Made
from station.domain.trip import KIT, Mark, Plan
from tests.support import HandClock, Workplace, good_answers, running_central, workplace

DAY = date(2026, 11, 21)
VILLAGE, OTHER = "99.01.01.2001", "99.01.01.2002"


def nik(serial: int) -> str:
    return good_answers(serial)["nik"]


def listed(serial: int, *, village: str = VILLAGE, rt: str = "001", recorded: bool = False, code: str = "") -> Listed:
    answers = {**good_answers(serial), "village": village, "rt": rt, "rw": "002", "name": f"ORANG {serial} CONTOH"}
    return Listed(serial, answers, recorded, code)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central", HandClock()) as running:
        yield running


@pytest.fixture
def place(server: CentralServer, tmp_path: Path) -> Iterator[Workplace]:
    with workplace(tmp_path / "station", server, HandClock()) as enrolled:
        yield enrolled


def bring_list(server: CentralServer, place: Workplace, *people: Listed, days: float = 30) -> None:
    """Central makes a list of the kecamatan, and the station imports it as from a stick."""
    server.central.rosters.import_people(iter(people), "99.01.01", "Uji Utara", days)
    sealed = server.central.rosters.export(place.office.station.station_id, "99.01.01")
    rosters.import_file(place.office, sealed.path)


def invited(place: Workplace, trip_id: str) -> list[str]:
    return sorted(row.person.nik for row in trip_day.sheet(place.office, trip_id).rows if row.person.invited)


def lacks(place: Workplace, plan: Plan, trip_id: str = "", number: int = 1) -> list[Lack]:
    return [missing.lack for missing in trip_readiness.readiness(place.office, plan, trip_id, number)]


FULL = Plan(DAY, VILLAGE, "Balai desa", ("Siti R.",), frozenset(KIT))


def test_whoever_is_not_recorded_yet_is_invited(server: CentralServer, place: Workplace) -> None:
    bring_list(server, place, listed(1), listed(2, recorded=True), listed(3, village=OTHER), listed(4, rt="003"))
    trip = trips.prepare(place.office, FULL)
    assert trip.targets is not None
    assert trip.targets.version == rosters.cards(place.office)[0].version
    rows = trip_day.sheet(place.office, trip.trip_id).rows
    assert [(row.person.nik, row.person.unit, row.person.name) for row in rows] == [
        (nik(1), "001/002", "ORANG 1 CONTOH"),
        (nik(4), "003/002", "ORANG 4 CONTOH"),
    ]
    assert rows[0].person.birth_date == good_answers()["birth_date"]
    assert lacks(place, FULL, trip.trip_id) == []


def test_before_anything_is_kept_the_units_are_counted(server: CentralServer, place: Workplace) -> None:
    bring_list(server, place, listed(1), listed(2), listed(3, rt="003"), listed(4, recorded=True))
    found = trips.preview(place.office, VILLAGE)
    assert found.units == {"001/002": 2, "003/002": 1}
    assert found.listed is not None
    assert (len(found.listed.people), found.listed.recorded) == (4, 1)
    assert trips.preview(place.office, "99.71.01.1001").listed is None
    assert trips.every(place.office) == ()


@pytest.mark.parametrize(
    ("code", "recorded", "is_invited"),
    [
        ("PRR", False, False),
        ("CARD PRINTED", False, False),
        ("SUDAH REKAM", False, False),
        ("ENROLL_FAILURE_AT_REGIONAL", True, True),
        ("EFAC", True, True),
        ("BELUM REKAM", False, True),
        ("HOLD", False, True),
        ("HOLD", True, False),
    ],
)
def test_who_is_invited_is_who_the_recording_screen_lets_through(
    server: CentralServer, place: Workplace, code: str, recorded: bool, is_invited: bool
) -> None:
    bring_list(server, place, listed(1, recorded=recorded, code=code), listed(2))
    found = trips.preview(place.office, VILLAGE)
    assert found.listed is not None
    assert found.listed.recorded == (0 if is_invited else 1)
    trip_id = trips.prepare(place.office, FULL).trip_id
    assert invited(place, trip_id) == ([nik(1), nik(2)] if is_invited else [nik(2)])
    assert (applicants.look_up(place.office, nik(1)).stop is None) is is_invited


def test_only_chosen_units_are_invited_and_none_at_all_is_nobody(server: CentralServer, place: Workplace) -> None:
    bring_list(server, place, listed(1), listed(2, rt="003"))
    trip = trips.prepare(place.office, replace(FULL, rts=("003/002",)))
    assert invited(place, trip.trip_id) == [nik(2)]
    trips.change(place.office, trip.trip_id, replace(FULL, rts=()))
    assert invited(place, trip.trip_id) == []
    assert lacks(place, replace(FULL, rts=()), trip.trip_id, 0) == [Lack.NOBODY_INVITED]
    trips.change(place.office, trip.trip_id, FULL)
    assert invited(place, trip.trip_id) == [nik(1), nik(2)]


def test_whoever_was_sealed_here_is_not_invited_again(server: CentralServer, place: Workplace) -> None:
    bring_list(server, place, listed(1), listed(2))
    place.seal(1)
    trip = trips.prepare(place.office, FULL)
    assert invited(place, trip.trip_id) == [nik(2)]


def test_a_newer_list_is_taken_over_and_what_was_done_stays(server: CentralServer, place: Workplace) -> None:
    bring_list(server, place, listed(1), listed(2), listed(3), listed(4))
    trip_id = trips.prepare(place.office, FULL).trip_id
    trip_day.mark(place.office, trip_id, nik(1), Mark.MOVED)
    recording.start(place.office, nik(2))
    bring_list(server, place, listed(2, recorded=True), listed(4, recorded=True), listed(5))
    assert Lack.LIST_NEWER in lacks(place, FULL, trip_id)
    changed = trips.change(place.office, trip_id, FULL)
    assert invited(place, trip_id) == [nik(1), nik(2), nik(5)]
    rows = {row.person.nik: row for row in trip_day.sheet(place.office, trip_id).rows}
    assert rows[nik(1)].mark is Mark.MOVED
    assert rows[nik(2)].made is Made.INCOMPLETE
    assert changed.targets is not None
    assert changed.targets.version == rosters.cards(place.office)[0].version
    assert Lack.LIST_NEWER not in lacks(place, FULL, trip_id)


def test_with_a_list_too_who_was_typed_can_be_taken_off_and_who_was_listed_cannot(
    server: CentralServer, place: Workplace
) -> None:
    bring_list(server, place, listed(1))
    trip_id = trips.prepare(place.office, FULL).trip_id
    for serial, as_invited in ((8, True), (9, False)):
        trip_day.add_person(place.office, trip_id, nik(serial), "TAMU", as_invited=as_invited)
    trips.change(place.office, trip_id, FULL)
    for serial in (8, 9):
        trip_day.remove_person(place.office, trip_id, nik(serial))
    with pytest.raises(RuleError, match=r"trip\.from_list"):
        trip_day.remove_person(place.office, trip_id, nik(1))
    assert [row.person.nik for row in trip_day.sheet(place.office, trip_id).rows] == [nik(1)]


def test_a_list_that_comes_after_the_trip_was_prepared_is_offered(server: CentralServer, place: Workplace) -> None:
    trip_id = trips.prepare(place.office, FULL).trip_id
    assert lacks(place, FULL, trip_id) == [Lack.NO_LIST]
    bring_list(server, place, listed(1))
    assert Lack.LIST_NEWER in lacks(place, FULL, trip_id)


def test_a_list_that_expires_before_the_day_is_over_is_said(server: CentralServer, place: Workplace) -> None:
    bring_list(server, place, listed(1), days=3)
    for ahead, expires in ((1, False), (3, True), (5, True)):
        plan = replace(FULL, day=DAY + timedelta(days=ahead))
        assert (Lack.LIST_EXPIRES in lacks(place, plan)) is expires, ahead


def test_a_list_that_will_be_old_on_the_day_is_said(server: CentralServer, place: Workplace) -> None:
    bring_list(server, place, listed(1), days=60)
    assert Lack.LIST_OLD not in lacks(place, replace(FULL, day=DAY + timedelta(days=14)))
    assert Lack.LIST_OLD in lacks(place, replace(FULL, day=DAY + timedelta(days=15)))


def test_a_list_that_expired_is_gone_and_the_open_trip_keeps_its_people(
    server: CentralServer, place: Workplace
) -> None:
    bring_list(server, place, listed(1), days=2)
    trip_id = trips.prepare(place.office, FULL).trip_id
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(3 * 86400)
    rosters.drop_expired(place.office)
    assert trips.preview(place.office, VILLAGE).listed is None
    assert trips.forget_people(place.office) == 0
    assert invited(place, trip_id) == [nik(1)]
    trip_day.mark_rest_absent(place.office, trip_id)
    trip_day.close(place.office, trip_id)
    assert trips.forget_people(place.office) == 1
