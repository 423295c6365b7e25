"""People who were captured in part: listed with what is missing, and recognised before anything is added."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from station.capture.lab import Lab
from station.desk import recording, records, verification, waiting_room
from station.desk.copying import Copying
from station.desk.drafting import as_it_stands
from station.desk.incomplete import steps_missing
from station.domain.biometrics import FINGERS, LEFT_FOUR, RIGHT_FOUR, Part
from station.domain.errors import RuleError
from station.domain.rows import Filter
from station.domain.steps import Step
from station.store import captures
from station.store import records as stored_records
from station.ui import labels
from station.ui.next_words import next_words
from tests.support import APPROVED, HandClock, Workplace, a_capture, captured, filled, good_answers

A_DAY = 86_400.0


@pytest.fixture
def place(place: Workplace, lab: Lab) -> Workplace:
    place.lab = lab
    return place


@pytest.fixture
def half(place: Workplace) -> str:
    """Photo and fingers are here, irises and signature are not."""
    office = place.office
    record_id = recording.start(office).record.record_id
    filled(office, record_id, good_answers())
    recording.keep(office, record_id, [a_capture(Part.FACE), *(a_capture(p, whose="orang 1") for p in FINGERS)])
    return record_id


def next_day(place: Workplace) -> None:
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(A_DAY)


def incomplete(place: Workplace) -> dict[str, tuple[Step, ...]]:
    page = records.search(place.office, "", Filter.INCOMPLETE, 0, 10)
    assert records.counts(place.office)[Filter.INCOMPLETE] == page.total == len(page.rows)
    return {row.record.record_id: row.missing for row in page.rows}


def doubts(place: Workplace, record_id: str) -> list[str]:
    return [item.code for item in as_it_stands(place.office, record_id).open_captures]


def test_somebody_captured_in_part_is_listed_with_the_devices_that_are_missing(place: Workplace, half: str) -> None:
    wanted = (Step.IRISES, Step.SIGNATURE)
    assert incomplete(place) == {half: wanted}
    (waiting,) = waiting_room.waiting(place.office).unfinished
    assert waiting.missing == wanted
    row = records.timeline(place.office, half).row
    assert row.missing == wanted
    assert labels.record_state(row) == labels.Label("Incomplete: Irises, Signature", "warn")


def test_whoever_was_not_captured_at_all_or_completely_is_not_listed(place: Workplace, half: str) -> None:
    recording.start(place.office)
    captured(place.office, half)
    recording.approve(place.office, half, APPROVED, a_capture(Part.SIGNATURE))
    assert incomplete(place) == {}
    with place.office.applicants.read() as connection:
        assert steps_missing(connection, [stored_records.get(connection, half)]) == {}  # type: ignore[list-item]


def test_on_the_same_day_nobody_has_to_be_recognised_whatever_the_clock_of_a_device_says(
    place: Workplace, half: str
) -> None:
    last_year = place.clock.now() - timedelta(days=365)
    recording.keep(place.office, half, [replace(a_capture(Part.FACE), taken_at=last_year)])
    assert not recording.resume(place.office, half).unrecognised
    recording.keep(place.office, half, [a_capture(Part.IRIS_LEFT)])


def test_on_another_day_nothing_is_kept_until_a_finger_matches(place: Workplace, half: str) -> None:
    next_day(place)
    assert recording.resume(place.office, half).unrecognised
    with pytest.raises(RuleError) as refused:
        recording.keep(place.office, half, [a_capture(Part.IRIS_LEFT)])
    assert refused.value.code == "incomplete.who"
    verification.verify(place.office, half, [a_capture(Part.FINGER_02, whose="orang lain")])
    with pytest.raises(RuleError):
        recording.approve(place.office, half, APPROVED, a_capture(Part.SIGNATURE))
    verification.verify(place.office, half, [a_capture(Part.FINGER_02, whose="orang 1")])
    recording.keep(place.office, half, [a_capture(Part.IRIS_LEFT)])
    assert Part.IRIS_LEFT in recording.resume(place.office, half).captures


def test_a_match_of_yesterday_does_not_count_today(place: Workplace, half: str) -> None:
    verification.verify(place.office, half, [a_capture(Part.FINGER_02, whose="orang 1")])
    next_day(place)
    assert recording.resume(place.office, half).unrecognised


def test_a_draft_that_stays_open_overnight_asks_for_a_finger_in_the_morning(place: Workplace, half: str) -> None:
    verification.verify(place.office, half, [a_capture(Part.FINGER_02, whose="orang 1")])
    next_day(place)
    assert as_it_stands(place.office, half).unrecognised
    with pytest.raises(RuleError) as refused:
        recording.keep(place.office, half, [a_capture(Part.IRIS_LEFT)])
    assert refused.value.code == "incomplete.who"


def test_nothing_is_thrown_away_before_a_finger_matches(place: Workplace, half: str) -> None:
    """Without the fingers of then nobody could tell any more whose draft it is."""
    next_day(place)
    verification.verify(place.office, half, [a_capture(Part.FINGER_02, whose="orang lain")])
    with pytest.raises(RuleError) as refused:
        recording.discard(place.office, half, [Part.FINGER_02])
    assert refused.value.code == "incomplete.who"
    kept = recording.resume(place.office, half)
    assert Part.FINGER_02 in kept.captures
    assert not kept.verification[Part.FINGER_02].matched, "the mismatch is still known"
    verification.verify(place.office, half, [a_capture(Part.FINGER_02, whose="orang 1")])
    assert Part.FINGER_03 not in recording.discard(place.office, half, [Part.FINGER_03]).captures


def test_a_reason_of_yesterday_does_not_count_today(place: Workplace, half: str) -> None:
    for finding in recording.resume(place.office, half).open_captures:
        recording.confirm(place.office, half, finding.field, finding.code, "alat rusak")
    assert not recording.resume(place.office, half).open_captures
    next_day(place)
    draft = recording.resume(place.office, half)
    assert draft.unrecognised
    assert {item.code for item in draft.open_captures} == {"verify.not_done"}


def test_whoever_left_nothing_but_a_photo_is_looked_at_with_it_on_another_day(place: Workplace) -> None:
    office = place.office
    record_id = recording.start(office).record.record_id
    recording.keep(office, record_id, [a_capture(Part.FACE)])
    assert doubts(place, record_id) == []
    next_day(place)
    recording.keep(office, record_id, [a_capture(part, whose="orang 1") for part in FINGERS])
    draft = recording.resume(office, record_id)
    assert not draft.unrecognised, "fingers of today say nothing of then"
    assert doubts(place, record_id) == ["verify.not_done", "verify.not_done", "verify.same_person"]
    recording.confirm(office, record_id, "verify.face", "verify.same_person", "wajah sama dengan foto")
    assert "verify.same_person" not in doubts(place, record_id)
    next_day(place)
    assert recording.resume(office, record_id).unrecognised, "now there are fingers of then"


def test_nobody_who_shows_a_finger_is_asked_about_the_photo(place: Workplace, half: str) -> None:
    next_day(place)
    assert doubts(place, half) == ["verify.not_done", "verify.not_done"]


def test_a_signature_that_lapsed_is_listed_with_what_is_missing(place: Workplace) -> None:
    record_id = place.draft(1)
    assert incomplete(place) == {}
    before = as_it_stands(place.office, record_id).answers["address"]
    recording.answer(place.office, record_id, "address", "JL. LAIN NO. 7")
    assert incomplete(place) == {record_id: (Step.SIGNATURE,)}
    (waiting,) = waiting_room.waiting(place.office).unfinished
    assert waiting.missing == (Step.SIGNATURE,)
    recording.answer(place.office, record_id, "address", before)
    assert incomplete(place) == {}, "it was signed under this"


def test_the_next_step_of_a_record_is_the_first_device_that_is_missing(place: Workplace, half: str) -> None:
    recording.go_to(place.office, half, Step.SIGNATURE)
    row = records.timeline(place.office, half).row
    assert row.step is Step.SIGNATURE
    assert labels.step(Step.IRISES) in next_words(row, place.clock.now()).todo


def test_a_broken_reader_blocks_nobody_for_whom_a_reason_is_given_for_each_finger(place: Workplace, half: str) -> None:
    next_day(place)
    for finding in recording.resume(place.office, half).open_captures:
        recording.confirm(place.office, half, finding.field, finding.code, "alat rusak")
    recording.keep(place.office, half, [a_capture(Part.IRIS_LEFT)])


def test_somebody_without_a_finger_to_compare_goes_on(place: Workplace) -> None:
    office = place.office
    record_id = recording.start(office).record.record_id
    recording.keep(office, record_id, [a_capture(part) for part in (*RIGHT_FOUR, *LEFT_FOUR)])
    next_day(place)
    assert not recording.resume(office, record_id).unrecognised
    recording.keep(office, record_id, [a_capture(Part.FACE)])


def test_the_day_of_a_capture_is_kept_with_it(place: Workplace, half: str) -> None:
    with place.office.applicants.read() as connection:
        days = {card.kept_on for card in captures.cards(connection, half).values()}
    assert days == {place.office.context.today}


def test_a_draft_changed_after_the_last_snapshot_is_known_to_have_no_second_copy(place: Workplace, half: str) -> None:
    copying = Copying(place.depot, key_holder=place.office.applicants.again())
    assert copying.is_behind()
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(1)
    assert copying.snap(place.clock.now(), at_once=True) is not None
    assert not copying.is_behind()
    place.clock.pass_time(1)
    recording.keep(place.office, half, [a_capture(Part.IRIS_LEFT)])
    assert copying.is_behind()
    assert copying.key_holder is not None
    copying.key_holder.close()
    copying.key_holder = None
    assert not copying.is_behind(), "nobody is signed in"
