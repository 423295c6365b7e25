"""The sums of a trip: everybody is counted once, and a trip that does not add up names who is open."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from station.domain.reconciliation import Counts, Gap, Made, TripRecord, effective_mark, made_of, reconcile
from station.domain.record import State
from station.domain.trip import Mark, TripPerson, WhyNot

NIKS = [f"990101610488{number:04d}" for number in range(1, 9)]
STATES = [State.DRAFT, State.SEALED, State.ACCEPTED, State.REJECTED]


def a_person(nik: str, mark: Mark = Mark.NONE, **changed: object) -> TripPerson:
    return TripPerson(nik, f"ORANG {nik[-2:]} CONTOH", mark=mark, **changed)  # type: ignore[arg-type]


def a_record(nik: str, state: State = State.SEALED, number: int = 1) -> TripRecord:
    return TripRecord(f"record-{nik}-{number}", nik, "ORANG CONTOH", state)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[TripPerson], list[TripRecord], int]:
    people = [
        a_person(
            nik,
            draw(st.sampled_from(Mark)),
            invited=draw(st.booleans()),
            why_not=draw(st.sampled_from(WhyNot)),
            note=draw(st.sampled_from(["", "pulang"])),
        )
        for nik in draw(st.sets(st.sampled_from(NIKS)))
    ]
    made = draw(st.lists(st.tuples(st.sampled_from([*NIKS, ""]), st.sampled_from(STATES)), max_size=12))
    records = [a_record(nik, state, number) for number, (nik, state) in enumerate(made)]
    return people, records, draw(st.integers(0, 3))


@given(sheets())
def test_a_trip_adds_up_exactly_when_nobody_is_open(sheet: tuple[list[TripPerson], list[TripRecord], int]) -> None:
    people, records, referrals = sheet
    found = reconcile(people, records, referrals)
    assert found.counts.adds_up is not bool(found.gaps)


@given(sheets())
def test_everybody_is_counted_once(sheet: tuple[list[TripPerson], list[TripRecord], int]) -> None:
    people, records, referrals = sheet
    found = reconcile(people, records, referrals)
    counts, invited = found.counts, [person for person in people if person.invited]
    open_people = Counter(point.gap for point in found.gaps if point.person.invited)
    accounted = counts.present + counts.absent + counts.refused + counts.moved + counts.deceased
    assert counts.invited == len(invited) == accounted + open_people[Gap.UNMARKED]
    with_record = {record.nik or record.record_id for record in records}
    strangers = with_record - {person.nik for person in people}
    assert counts.walk_ins == len(people) - len(invited) + len(strangers)
    assert counts.people_with_record == len(with_record)
    assert sum(found.reasons.values()) == counts.not_recorded + counts.walk_ins_not_recorded
    assert counts.referrals == referrals
    assert len({point.person.nik for point in found.gaps}) == len(found.gaps)


@given(sheets())
def test_a_report_gives_the_counts_back(sheet: tuple[list[TripPerson], list[TripRecord], int]) -> None:
    found = reconcile(*sheet)
    report = found.counts.as_report(found.reasons)
    assert Counts.of_report(report) == found.counts
    assert all(isinstance(number, int) for number in report.values())


def test_who_was_recorded_was_present_without_any_mark() -> None:
    found = reconcile([a_person(NIKS[0])], [a_record(NIKS[0])])
    assert (found.counts.present, found.counts.recorded, found.gaps) == (1, 1, ())


def test_a_draft_is_incomplete_and_does_not_keep_the_trip_open() -> None:
    draft = a_record(NIKS[0], State.DRAFT)
    found = reconcile([a_person(NIKS[0])], [draft])
    assert (found.counts.incomplete, found.counts.recorded) == (1, 0)
    assert found.unfinished == (draft,)
    assert found.counts.adds_up


def test_a_second_draft_beside_a_sealed_record_is_not_another_person() -> None:
    records = [a_record(NIKS[0], State.SEALED, 1), a_record(NIKS[0], State.DRAFT, 2)]
    found = reconcile([a_person(NIKS[0])], records)
    assert (found.counts.recorded, found.counts.incomplete, found.counts.people_with_record) == (1, 0, 1)
    assert [record.state for record in found.unfinished] == [State.DRAFT]


def test_whoever_has_no_mark_is_open() -> None:
    found = reconcile([a_person(NIKS[0])], [])
    assert [point.gap for point in found.gaps] == [Gap.UNMARKED]
    assert not found.counts.adds_up


def test_somebody_absent_with_a_record_contradicts() -> None:
    for mark in (Mark.ABSENT, Mark.REFUSED, Mark.MOVED, Mark.DECEASED):
        found = reconcile([a_person(NIKS[0], mark)], [a_record(NIKS[0])])
        assert [(point.gap, point.record_id) for point in found.gaps] == [
            (Gap.CONTRADICTED, a_record(NIKS[0]).record_id)
        ]
        assert not found.counts.adds_up


def test_somebody_present_and_not_recorded_needs_a_reason() -> None:
    present = a_person(NIKS[0], Mark.PRESENT)
    assert [point.gap for point in reconcile([present], []).gaps] == [Gap.UNEXPLAINED]
    because = a_person(NIKS[0], Mark.PRESENT, why_not=WhyNot.PAPERS)
    found = reconcile([because], [])
    assert (found.gaps, found.counts.not_recorded, found.reasons) == ((), 1, {WhyNot.PAPERS: 1})


def test_another_reason_counts_only_with_words() -> None:
    silent = a_person(NIKS[0], Mark.PRESENT, why_not=WhyNot.OTHER)
    assert reconcile([silent], []).gaps
    told = a_person(NIKS[0], Mark.PRESENT, why_not=WhyNot.OTHER, note="pulang menjemput anak")
    assert not reconcile([told], []).gaps


def test_walk_ins_are_counted_beside_the_invited() -> None:
    records = [a_record(NIKS[1]), a_record("", State.DRAFT, 2), a_record("", State.DRAFT, 3)]
    blocked = a_person(NIKS[2], invited=False, why_not=WhyNot.ALREADY_RECORDED)
    found = reconcile([a_person(NIKS[0], Mark.ABSENT), blocked], records)
    counts = found.counts
    assert (counts.invited, counts.absent, counts.recorded) == (1, 1, 0)
    assert (counts.walk_ins, counts.walk_ins_recorded, counts.walk_ins_incomplete) == (4, 1, 2)
    assert counts.walk_ins_not_recorded == 1
    assert counts.adds_up


def test_the_village_of_the_acceptance_scenario_closes() -> None:
    """400 invited, 156 recorded, two of the list already recorded, three referred without a NIK."""
    niks = [f"99010161048{number:05d}" for number in range(400)]
    came = [a_person(nik) for nik in niks[:156]]
    blocked = [a_person(nik, Mark.PRESENT, why_not=WhyNot.ALREADY_RECORDED) for nik in niks[156:158]]
    away = [a_person(nik, Mark.ABSENT) for nik in niks[158:]]
    found = reconcile([*came, *blocked, *away], [a_record(nik) for nik in niks[:156]], referrals=3)
    counts = found.counts
    assert counts.adds_up
    assert (counts.invited, counts.present, counts.recorded, counts.absent) == (400, 158, 156, 242)
    assert (counts.not_recorded, counts.referrals) == (2, 3)


def test_a_mark_stands_until_a_record_speaks_for_nobody_marked() -> None:
    assert effective_mark(a_person(NIKS[0]), Made.NOTHING) is Mark.NONE
    assert effective_mark(a_person(NIKS[0]), Made.INCOMPLETE) is Mark.PRESENT
    assert effective_mark(a_person(NIKS[0], Mark.ABSENT), Made.RECORDED) is Mark.ABSENT


def test_a_sealed_record_counts_before_a_draft_of_the_same_person() -> None:
    sealed, draft = a_record(NIKS[0], State.SEALED, 1), a_record(NIKS[0], State.DRAFT, 2)
    assert made_of([draft, sealed]) == made_of([sealed, draft]) == {NIKS[0]: sealed}
