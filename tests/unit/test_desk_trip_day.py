"""The day of a trip: marks, walk-ins, taking back, and a closing that refuses until everybody is accounted for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.desk import recording, trip_day, trip_papers, trips
from station.domain.biometrics import Part
from station.domain.errors import RuleError, StoreError
from station.domain.reconciliation import Counts, Gap, Made
from station.domain.record import State
from station.domain.steps import Step
from station.domain.trip import Mark, Plan, TripPerson, WhyNot
from station.store import records
from station.store import trips as store
from tests.support import Workplace, a_capture, good_answers, seal

DAY = date(2026, 11, 21)
AWAY = (Mark.ABSENT, Mark.REFUSED, Mark.MOVED, Mark.DECEASED)


def nik(serial: int) -> str:
    return good_answers(serial)["nik"]


@pytest.fixture
def trip_id(place: Workplace) -> str:
    """A trip of today with three invited people, of two units."""
    made = trips.prepare(place.office, Plan(DAY, "99.01.01.2001", "Balai desa"))
    with place.office.applicants.write() as connection:
        store.put_people(
            connection,
            made.trip_id,
            [
                TripPerson(nik(1), "SITI AMINAH CONTOH", "001", "002", "1988-04-21", "JL. CONTOH 1"),
                TripPerson(nik(2), "BUDI SANTOSO CONTOH", "001", "002", "1985-08-17", "JL. CONTOH 2"),
                TripPerson(nik(3), "WAYAN CONTOH", "003", "001", "1961-06-12", "DUSUN UJI"),
            ],
        )
    return made.trip_id


def marks(place: Workplace, trip_id: str) -> dict[str, Mark]:
    return {row.person.nik: row.mark for row in trip_day.sheet(place.office, trip_id).rows if row.person.invited}


def refused(deed: Callable[[], object]) -> RuleError:
    with pytest.raises(RuleError) as caught:
        deed()
    return caught.value


# -------------------------------------------------------------------------------------------------------- marking


def test_the_sheet_stands_in_the_order_of_its_units_and_names(place: Workplace, trip_id: str) -> None:
    rows = trip_day.sheet(place.office, trip_id).rows
    assert [(row.person.unit, row.person.name) for row in rows] == [
        ("003/001", "WAYAN CONTOH"),
        ("001/002", "BUDI SANTOSO CONTOH"),
        ("001/002", "SITI AMINAH CONTOH"),
    ]
    assert {row.mark for row in rows} == {Mark.NONE}


def test_a_mark_is_on_the_disk_with_who_and_when(place: Workplace, trip_id: str) -> None:
    trip_day.mark(place.office, trip_id, nik(1), Mark.REFUSED)
    sheet = trip_day.sheet(place.reopen().office, trip_id)
    person = next(row.person for row in sheet.rows if row.person.nik == nik(1))
    assert person.mark is Mark.REFUSED
    assert (person.operator_id, person.marked_at) == (place.office.operator.operator_id, place.clock.now())


def test_a_mark_is_taken_back_as_it_was(place: Workplace, trip_id: str) -> None:
    first = trip_day.mark(place.office, trip_id, nik(1), Mark.ABSENT)
    before = trip_day.sheet(place.office, trip_id)
    second = trip_day.explain(place.office, trip_id, nik(1), WhyNot.PAPERS)
    trip_day.undo(place.office, trip_id, second)
    assert trip_day.sheet(place.office, trip_id) == before
    trip_day.undo(place.office, trip_id, first)
    assert marks(place, trip_id)[nik(1)] is Mark.NONE


def test_recording_makes_present_and_is_read_from_the_records(place: Workplace, trip_id: str) -> None:
    draft = recording.start(place.office, nik(1)).record.record_id
    row = next(row for row in trip_day.sheet(place.office, trip_id).rows if row.person.nik == nik(1))
    assert (row.mark, row.made, row.record_id) == (Mark.PRESENT, Made.INCOMPLETE, draft)
    recording.withdraw(place.office, draft, "salah orang")
    assert marks(place, trip_id)[nik(1)] is Mark.NONE
    place.seal(1)
    row = next(row for row in trip_day.sheet(place.office, trip_id).rows if row.person.nik == nik(1))
    assert row.made is Made.RECORDED


def test_whoever_has_a_recording_of_the_trip_cannot_be_marked_away(place: Workplace, trip_id: str) -> None:
    recording.start(place.office, nik(1))
    for wanted in AWAY:
        with pytest.raises(RuleError, match=r"trip\.was_recorded"):
            trip_day.mark(place.office, trip_id, nik(1), wanted)
    trip_day.mark(place.office, trip_id, nik(1), Mark.PRESENT)


def test_a_record_sealed_outside_the_trip_is_said_and_counts_for_nothing(place: Workplace, trip_id: str) -> None:
    trip = trips.get(place.office, trip_id)
    tomorrow = replace(trip.plan, day=DAY + timedelta(days=1))
    trips.change(place.office, trip_id, tomorrow)
    set_state(place, insert_record(place, "", 2), State.SEALED)
    row = next(row for row in trip_day.sheet(place.office, trip_id).rows if row.person.nik == nik(2))
    assert (row.elsewhere, row.made, row.mark) == (True, Made.NOTHING, Mark.NONE)


def test_a_reason_makes_present_and_leaving_takes_it_away(place: Workplace, trip_id: str) -> None:
    trip_day.explain(place.office, trip_id, nik(1), WhyNot.DEVICE)
    assert marks(place, trip_id)[nik(1)] is Mark.PRESENT
    trip_day.mark(place.office, trip_id, nik(1), Mark.ABSENT)
    person = next(row.person for row in trip_day.sheet(place.office, trip_id).rows if row.person.nik == nik(1))
    assert person.why_not is WhyNot.NONE


def test_another_reason_wants_words(place: Workplace, trip_id: str) -> None:
    assert refused(lambda: trip_day.explain(place.office, trip_id, nik(1), WhyNot.OTHER, "  ")).code == "trip.no_note"
    trip_day.explain(place.office, trip_id, nik(1), WhyNot.OTHER, " sakit   gigi \ud800")
    person = next(row.person for row in trip_day.sheet(place.office, trip_id).rows if row.person.nik == nik(1))
    assert person.note == "sakit gigi ?"


def test_the_rest_is_absent_in_one_deed_and_back_in_one(place: Workplace, trip_id: str) -> None:
    recording.start(place.office, nik(1))
    trip_day.mark(place.office, trip_id, nik(2), Mark.MOVED)
    before = trip_day.mark_rest_absent(place.office, trip_id)
    assert marks(place, trip_id) == {nik(1): Mark.PRESENT, nik(2): Mark.MOVED, nik(3): Mark.ABSENT}
    trip_day.undo(place.office, trip_id, before)
    assert marks(place, trip_id)[nik(3)] is Mark.NONE


# ------------------------------------------------------------------------------------------------- who is not listed


def test_somebody_recorded_without_an_invitation_is_a_walk_in(place: Workplace, trip_id: str) -> None:
    place.seal(9, name="TAMU CONTOH")
    recording.start(place.office)
    rows = [row for row in trip_day.sheet(place.office, trip_id).rows if not row.person.invited]
    assert {(row.person.name, row.person.nik, row.made) for row in rows} == {
        ("TAMU CONTOH", nik(9), Made.RECORDED),
        ("", "", Made.INCOMPLETE),
    }


def test_somebody_added_by_hand_needs_a_nik_and_a_name_and_is_there_once(place: Workplace, trip_id: str) -> None:
    def add(number: str, name: str) -> object:
        return trip_day.add_person(place.office, trip_id, number, name, as_invited=False)

    assert refused(lambda: add("123", "TAMU")).code == "nik.length"
    for number, code in (
        ("9901016113880001", "nik.month"),
        (f"20{nik(9)[2:]}", "nik.province"),
        ("", "nik.not_digits"),
    ):
        problem = refused(partial(add, number, "TAMU"))
        assert (problem.code, problem.field) == (code, "nik")
    assert refused(lambda: add(nik(9), " ")).code == "trip.no_name"
    assert refused(lambda: add(nik(1), "SITI")).code == "trip.on_sheet"
    add(f"{nik(9)[:6]}.{nik(9)[6:]}", " tamu  contoh ")
    row = next(row for row in trip_day.sheet(place.office, trip_id).rows if row.person.nik == nik(9))
    assert (row.person.name, row.person.invited, row.mark) == ("TAMU CONTOH", False, Mark.PRESENT)
    assert refused(lambda: trip_day.mark(place.office, trip_id, nik(9), Mark.ABSENT)).code == "trip.not_invited"


def test_only_who_was_added_by_hand_is_taken_off_again(place: Workplace, trip_id: str) -> None:
    trip_day.add_person(place.office, trip_id, nik(9), "TAMU", as_invited=False)
    draft = recording.start(place.office, nik(9)).record.record_id
    assert refused(lambda: trip_day.remove_person(place.office, trip_id, nik(9))).code == "trip.was_recorded"
    recording.withdraw(place.office, draft, "salah orang")
    trip_day.remove_person(place.office, trip_id, nik(9))
    assert nik(9) not in [row.person.nik for row in trip_day.sheet(place.office, trip_id).rows]


def test_who_was_added_by_hand_as_invited_is_taken_off_again_and_nobody_of_the_list(
    place: Workplace, trip_id: str
) -> None:
    office = place.office
    trip_day.add_person(office, trip_id, nik(9), "TAMU", as_invited=True)
    undo = trip_day.mark(office, trip_id, nik(9), Mark.REFUSED)
    assert refused(lambda: trip_day.remove_person(office, trip_id, nik(1))).code == "trip.from_list"
    trip_day.undo(office, trip_id, undo)
    trip_day.remove_person(place.reopen().office, trip_id, nik(9))
    assert nik(9) not in marks(place, trip_id)


def test_the_province_of_training_is_no_province_of_a_real_station(place: Workplace, trip_id: str) -> None:
    real = replace(place.office, station=replace(place.office.station, training=False))
    problem = refused(lambda: trip_day.add_person(real, trip_id, nik(9), "TAMU", as_invited=False))
    assert (problem.code, problem.data) == ("nik.province", {"province": "99"})


# ------------------------------------------------------------------------------------------------------- closing


def test_a_trip_does_not_close_while_somebody_is_open(place: Workplace, trip_id: str) -> None:
    problem = refused(lambda: trip_day.close(place.office, trip_id))
    assert (problem.code, problem.data) == ("trip.open_points", {"count": 3})
    assert trips.get(place.office, trip_id).open


def test_a_trip_does_not_close_before_its_day(place: Workplace) -> None:
    trip = trips.prepare(place.office, Plan(DAY + timedelta(days=1), "99.01.01.2001"))
    assert refused(lambda: trip_day.close(place.office, trip.trip_id)).code == "trip.not_begun"


def test_a_closed_trip_keeps_its_counts_and_nothing_changes_any_more(place: Workplace, trip_id: str) -> None:
    place.seal(1)
    draft = recording.start(place.office, nik(2)).record.record_id
    recording.keep(place.office, draft, [a_capture(Part.FACE)])
    trip_day.mark(place.office, trip_id, nik(3), Mark.DECEASED)
    trip_day.add_person(place.office, trip_id, nik(9), "TAMU", as_invited=False)
    before = trip_day.explain(place.office, trip_id, nik(9), WhyNot.ALREADY_RECORDED)
    sheet = trip_day.sheet(place.office, trip_id)
    assert [entry.next_step for entry in sheet.result.unfinished] == [Step.BIODATA]
    trip_day.close(place.office, trip_id)
    closed = trips.get(place.office, trip_id)
    counts = Counts.of_report(closed.report)
    assert closed.closed_at == place.clock.now()
    assert counts == sheet.result.counts
    assert (counts.recorded, counts.incomplete, counts.deceased, counts.walk_ins_not_recorded) == (1, 1, 1, 1)
    assert closed.report["why.already_recorded"] == 1
    office = place.office
    for deed in (
        lambda: trip_day.mark(office, trip_id, nik(3), Mark.ABSENT),
        lambda: trip_day.explain(office, trip_id, nik(3), WhyNot.PAPERS),
        lambda: trip_day.mark_rest_absent(office, trip_id),
        lambda: trip_day.add_person(office, trip_id, nik(8), "TAMU", as_invited=True),
        lambda: trip_day.remove_person(office, trip_id, nik(9)),
        lambda: trip_day.undo(office, trip_id, before),
        lambda: trip_day.close(office, trip_id),
        lambda: trips.change(office, trip_id, closed.plan),
        lambda: trips.delete(office, trip_id),
    ):
        assert refused(deed).code == "trip.closed"
    assert trips.get(office, trip_id) == closed


def test_a_draft_of_a_closed_trip_can_be_finished_and_the_report_stays(place: Workplace, trip_id: str) -> None:
    record_id = place.draft(1)
    trip_day.mark_rest_absent(place.office, trip_id)
    closed = trip_day.close(place.office, trip_id)
    seal(place.office, record_id)
    assert trips.get(place.office, trip_id).report == closed.report
    assert Counts.of_report(closed.report).incomplete == 1


# -------------------------------------------------------------------------------------------- any sequence of deeds


@dataclass
class Believed:
    """What a careful clerk with a sheet of paper would know."""

    mark: dict[int, Mark] = field(default_factory=lambda: dict.fromkeys((1, 2, 3), Mark.NONE))
    why: dict[int, WhyNot] = field(default_factory=dict)
    record: dict[int, State] = field(default_factory=dict)
    by_hand: set[int] = field(default_factory=set)

    def open_people(self) -> set[str]:
        found = set()
        for serial, mark in self.mark.items():
            has, here = serial in self.record, mark is Mark.PRESENT
            if (
                (mark is Mark.NONE and not has)
                or (mark in AWAY and has)
                or (here and not has and not self.why.get(serial))
            ):
                found.add(nik(serial))
        return found | {nik(s) for s in self.by_hand if s not in self.record and not self.why.get(s)}


DEEDS = ("mark", "explain", "record", "seal", "withdraw", "walk_in", "rest", "undo")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(seed=st.integers(0, 10**9), length=st.integers(1, 14))
def test_whatever_is_done_in_whatever_order_a_trip_closes_only_when_it_adds_up(
    place: Workplace, seed: int, length: int
) -> None:
    office, rng, known = place.office, Random(seed), Believed()
    trip = trips.prepare(office, Plan(DAY, "99.01.01.2001")).trip_id
    with office.applicants.write() as connection:
        store.put_people(connection, trip, [TripPerson(nik(serial), f"ORANG {serial}") for serial in (1, 2, 3)])
    undo: list[tuple[trip_day.Undo, dict[int, Mark], dict[int, WhyNot]]] = []
    ids: dict[int, str] = {}
    for _step in range(length):
        deed, serial = rng.choice(DEEDS), rng.randrange(1, 6)
        before = (dict(known.mark), dict(known.why))
        match deed:
            case "mark" if serial in known.mark:
                wanted = rng.choice(tuple(Mark))
                if serial in known.record and wanted in AWAY:
                    with pytest.raises(RuleError, match=r"trip\.was_recorded"):
                        trip_day.mark(office, trip, nik(serial), wanted)
                    continue
                undo.append((trip_day.mark(office, trip, nik(serial), wanted), *before))
                known.mark[serial] = wanted
                if wanted is not Mark.PRESENT:
                    known.why.pop(serial, None)
            case "explain" if serial in known.mark or serial in known.by_hand:
                undo.append((trip_day.explain(office, trip, nik(serial), WhyNot.PAPERS), *before))
                known.why[serial] = WhyNot.PAPERS
                if serial in known.mark:
                    known.mark[serial] = Mark.PRESENT
            case "record" if serial not in known.record:
                ids[serial] = insert_record(place, trip, serial)
                known.record[serial] = State.DRAFT
            case "seal" | "withdraw" if known.record.get(serial) is State.DRAFT:
                state = State.SEALED if deed == "seal" else State.WITHDRAWN
                set_state(place, ids[serial], state)
                known.record[serial] = state
                if state is State.WITHDRAWN:
                    del known.record[serial]
            case "walk_in" if serial > 3 and serial not in known.by_hand:
                trip_day.add_person(office, trip, nik(serial), f"TAMU {serial}", as_invited=False)
                known.by_hand.add(serial)
            case "rest":
                undo.append((trip_day.mark_rest_absent(office, trip), *before))
                for other, mark in known.mark.items():
                    if mark is Mark.NONE and other not in known.record:
                        known.mark[other] = Mark.ABSENT
                        known.why.pop(other, None)
            case "undo" if undo:
                people, mark_before, why_before = undo.pop()
                trip_day.undo(office, trip, people)
                for person in people:
                    done = next(s for s in range(1, 6) if nik(s) == person.nik)
                    if done in known.mark:
                        known.mark[done] = mark_before[done]
                    known.why.pop(done, None)
                    if done in why_before:
                        known.why[done] = why_before[done]
        check(place, trip, known)
    finish(place, trip, known)


def check(place: Workplace, trip: str, known: Believed) -> None:
    """The sheet agrees with the clerk, and closing is refused exactly while somebody is open."""
    result = trip_day.sheet(place.office, trip).result
    assert {point.person.nik for point in result.gaps} == known.open_people()
    assert result.counts.adds_up is not bool(result.gaps)
    assert result.counts.invited == 3
    strangers = {serial for serial in known.record if serial > 3} | known.by_hand
    assert result.counts.walk_ins == len(strangers)
    assert result.counts.people_with_record == len(known.record)
    if result.gaps:
        assert refused(lambda: trip_day.close(place.office, trip)).data == {"count": len(result.gaps)}


def finish(place: Workplace, trip: str, known: Believed) -> None:
    """Go through whoever is open, as the list says; then the trip closes."""
    for point in trip_day.sheet(place.office, trip).result.gaps:
        match point.gap:
            case Gap.UNMARKED:
                trip_day.mark(place.office, trip, point.person.nik, Mark.ABSENT)
            case Gap.CONTRADICTED:
                trip_day.mark(place.office, trip, point.person.nik, Mark.PRESENT)
            case Gap.UNEXPLAINED:
                trip_day.explain(place.office, trip, point.person.nik, WhyNot.TOO_LATE)
    report = Counts.of_report(trip_day.close(place.office, trip).report)
    assert report.adds_up
    assert report.recorded + report.walk_ins_recorded == sum(s is State.SEALED for s in known.record.values())


def insert_record(place: Workplace, trip: str, serial: int) -> str:
    """A draft of the trip, without the checks of who may be recorded: they have their own tests."""
    record_id = recording.start(place.office).record.record_id
    with place.office.applicants.write() as connection:
        stored = records.get(connection, record_id)
        assert stored is not None
        records.save(connection, replace(stored, answers={**stored.answers, "nik": nik(serial)}, trip_id=trip))
    return record_id


def set_state(place: Workplace, record_id: str, state: State) -> None:
    with place.office.applicants.write() as connection:
        stored = records.get(connection, record_id)
        assert stored is not None
        records.save(connection, replace(stored, record=replace(stored.record, state=state)))


# ------------------------------------------------------------------------------------------------- what is taken away


def test_the_list_as_a_file_has_no_nik_and_counts_each_unit_from_one(place: Workplace, trip_id: str) -> None:
    heads = ("RT/RW", "No.", "Nama", "Lahir", "Alamat")
    data = trip_papers.list_csv(trip_day.sheet(place.office, trip_id), heads)
    assert data.decode("utf-8-sig").split("\r\n") == [
        "RT/RW;No.;Nama;Lahir;Alamat",
        "003/001;1;WAYAN CONTOH;1961;DUSUN UJI",
        "001/002;1;BUDI SANTOSO CONTOH;1985;JL. CONTOH 2",
        "001/002;2;SITI AMINAH CONTOH;1988;JL. CONTOH 1",
        "",
    ]


def test_a_name_is_never_a_formula_in_a_spreadsheet(place: Workplace, trip_id: str) -> None:
    trip_day.add_person(place.office, trip_id, nik(7), "=CMD|' /C CALC'!A1", as_invited=True)
    data = trip_papers.list_csv(trip_day.sheet(place.office, trip_id), ("a", "b", "c", "d", "e"))
    assert ";'=CMD" in data.decode("utf-8-sig")


def test_a_file_is_written_where_the_person_said_and_noted(place: Workplace, trip_id: str, tmp_path: Path) -> None:
    file = tmp_path / "daftar.csv"
    trip_papers.save(place.office, trip_id, "list", file, b"isi")
    assert file.read_bytes() == b"isi"
    with place.office.applicants.read() as connection:
        last = connection.exec_driver_sql("SELECT action, detail FROM audit ORDER BY number DESC LIMIT 1").first()
    assert last is not None
    assert last[0] == "trip_paper"
    assert '"kind": "list.csv"' in last[1]


def test_a_file_that_cannot_be_written_is_said_and_not_noted(place: Workplace, trip_id: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as problem:
        trip_papers.save(place.office, trip_id, "list", tmp_path / "tidak-ada" / "daftar.csv", b"isi")
    assert problem.value.code == "trip.not_saved"
    with place.office.applicants.read() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'trip_paper'").scalar()
    assert found == 0


def test_the_name_of_a_file_is_a_day_and_a_village(place: Workplace, trip_id: str) -> None:
    assert trip_papers.file_stem(trips.get(place.office, trip_id)) == "kunjungan-2026-11-21-99.01.01.2001"
