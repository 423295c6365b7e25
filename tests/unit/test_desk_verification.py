"""Verification at the end, remarks about pictures, and the approval that is bound to what the applicant has read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.capture.lab import Lab
from station.desk import exceptions, recording, sealing, verification, waiting_room
from station.domain.approval import Approval, answers_sha256
from station.domain.biometrics import (
    FINGERS,
    LEFT_FOUR,
    MAX_STATEMENT_BYTES,
    RIGHT_FOUR,
    THUMBS,
    Capture,
    ExceptionCode,
    Part,
)
from station.domain.draft import Draft
from station.domain.errors import DeviceError, RuleError
from station.domain.steps import Step
from station.domain.verification import (
    MATCH_THRESHOLD,
    VERIFY_FIELD,
    Verification,
    check_hands,
    check_verification,
    fingers_to_verify,
    of_another,
)
from station.store import audit, captures
from tests.fakes.scripted_device import minutiae
from tests.support import APPROVED, TODAY, HandClock, Workplace, a_capture
from tests.unit.test_desk_exceptions import PHOTO

INDEX = (Part.FINGER_02, Part.FINGER_07)


@pytest.fixture
def place(place: Workplace, lab: Lab) -> Workplace:
    place.lab = lab
    return place


def finger(part: Part, real: Part | None = None) -> Capture:
    return replace(a_capture(part), template=minutiae(f"siti {(real or part).value}"))


def complete(place: Workplace, parts: Iterable[Part] = FINGERS) -> str:
    """A draft that is whole, with fingers that can be compared."""
    record_id = place.draft()
    return captured_anew(place, record_id, [finger(part) for part in parts])


def captured_anew(place: Workplace, record_id: str, taken: list[Capture]) -> str:
    """What was kept of these fingers was of others, and is deleted first."""
    recording.discard(place.office, record_id, [item.part for item in taken])
    recording.keep(place.office, record_id, taken)
    return record_id


def doubts(draft: Draft) -> list[tuple[str, str]]:
    return [(item.field, item.code) for item in draft.open_captures]


NOT_DONE = [(f"verify.{part.value}", "verify.not_done") for part in INDEX]

# --------------------------------------------------------------------------------------------------------- verification


@given(st.sets(st.sampled_from(FINGERS)))
def test_one_finger_of_each_hand_is_verified_the_index_if_it_is_there(captured: set[Part]) -> None:
    asked = fingers_to_verify(captured)
    assert set(asked) <= captured
    for hand, index in ((set(FINGERS[:5]), Part.FINGER_02), (set(FINGERS[5:]), Part.FINGER_07)):
        here = hand & captured
        assert len(hand & set(asked)) == bool(here)
        assert (index in asked) == (index in here)


@given(st.sets(st.sampled_from(FINGERS)), st.dictionaries(st.sampled_from(FINGERS), st.integers(0, 500)))
def test_each_finger_asked_for_is_matched_or_has_exactly_one_warning(
    captured: set[Part], scores: dict[Part, int]
) -> None:
    done = {part: Verification(part, score, 1, TODAY, "UJI") for part, score in scores.items()}
    asked = fingers_to_verify(captured)
    found = {item.field: item.code for item in check_verification(asked, done)}
    for part in asked:
        matched = scores.get(part, 0) >= MATCH_THRESHOLD
        code = "" if matched else "verify.no_match" if part in scores else "verify.not_done"
        assert found.pop(f"verify.{part.value}", "") == code
    assert found == {}


def test_the_two_index_fingers_are_asked_for_and_a_match_settles_it(place: Workplace) -> None:
    record_id = complete(place)
    draft = recording.resume(place.office, record_id)
    assert (draft.to_verify, doubts(draft), draft.ready) == (INDEX, NOT_DONE, False)
    assert draft.done(Step.BIODATA)  # it is no fault of the form
    assert draft.done(Step.FINGERS)
    draft = verification.verify(place.office, record_id, [finger(part) for part in INDEX])
    assert doubts(draft) == []
    assert draft.ready
    assert all(item.matched and item.attempts == 1 for item in draft.verification.values())
    with place.office.applicants.read() as connection:
        last = audit.lines_of(connection, record_id)[-1]
        assert (last.action, last.detail) == ("verify", {"fingers": 2, "matched": 2})
        assert len(captures.all_of(connection, record_id)) == len(Part)  # nothing of the second capture is kept


def at_midnight(place: Workplace) -> None:
    """A second before the local day ends."""
    clock, now = place.clock, place.office.local_now()
    assert isinstance(clock, HandClock)
    clock.pass_time((now.replace(hour=23, minute=59, second=59) - now).total_seconds())


def next_day(place: Workplace) -> None:
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(2)


def test_whoever_is_finished_on_another_day_is_looked_at_anew(place: Workplace) -> None:
    at_midnight(place)
    record_id = complete(place)
    done = verification.verify(place.office, record_id, [finger(part) for part in INDEX])
    assert recording.resume(place.office, record_id) == done
    next_day(place)
    with pytest.raises(RuleError, match=r"seal\.incomplete"):
        sealing.seal(place.office, record_id)
    draft = recording.resume(place.office, record_id)
    assert (doubts(draft), draft.ready) == (NOT_DONE, False)
    draft = verification.verify(place.office, record_id, [finger(part) for part in INDEX])
    assert all(item.attempts == 1 for item in draft.verification.values())
    sealing.seal(place.office, record_id)


def test_a_match_of_yesterday_and_the_reason_given_then_do_not_count_for_the_finger_of_today(place: Workplace) -> None:
    at_midnight(place)
    record_id = complete(place)
    verification.verify(place.office, record_id, [finger(Part.FINGER_02)])
    verification.verify(place.office, record_id, [finger(Part.FINGER_07, Part.FINGER_10)])
    recording.confirm(place.office, record_id, "verify.finger-07", "verify.other_finger", "kulit mengelupas")
    next_day(place)  # the record is open over night: nobody resumes it
    draft = verification.verify(place.office, record_id, [finger(Part.FINGER_02, Part.FINGER_03)])
    assert not draft.verification[Part.FINGER_02].matched
    assert draft.confirmed == ()
    assert doubts(draft) == [("verify.finger-02", "verify.other_finger"), NOT_DONE[1]]


def test_the_booth_that_takes_somebody_on_another_day_looks_anew(place: Workplace) -> None:
    at_midnight(place)
    record_id = complete(place)
    verification.verify(place.office, record_id, [finger(part) for part in INDEX])
    waiting_room.make_ready(place.office, record_id)
    next_day(place)
    assert doubts(waiting_room.take(place.office, record_id)) == NOT_DONE


def test_another_finger_does_not_match_and_the_best_try_counts(place: Workplace) -> None:
    record_id = complete(place)
    for attempt, real in enumerate((Part.FINGER_03, Part.FINGER_02, Part.FINGER_04), start=1):
        draft = verification.verify(place.office, record_id, [finger(Part.FINGER_02, real)])
        found = draft.verification[Part.FINGER_02]
        assert (found.attempts, found.matched) == (attempt, attempt > 1)
        assert (("verify.finger-02", "verify.other_finger") in doubts(draft)) == (attempt == 1)


def test_hands_swapped_at_capture_come_to_light_when_they_are_verified(place: Workplace) -> None:
    """Nothing was there to compare with when the wrong hand came first."""
    record_id = complete(place, ())
    for mine, other in zip(FINGERS, (*FINGERS[5:], *FINGERS[:5]), strict=True):
        captured_anew(place, record_id, [finger(mine, other)])
    draft = verification.verify(place.office, record_id, [finger(part) for part in INDEX])
    assert doubts(draft) == [(f"verify.{part.value}", "verify.other_finger") for part in INDEX]
    assert [item.data["other"] for item in draft.open_captures] == ["finger-07", "finger-02"]
    assert recording.resume(place.office, record_id).verification == draft.verification
    captured_anew(place, record_id, [finger(part) for part in FINGERS])
    assert doubts(verification.verify(place.office, record_id, [finger(part) for part in INDEX])) == []


def test_a_broken_reader_blocks_nobody_but_somebody_says_why(place: Workplace) -> None:
    record_id = complete(place)
    for field, code in NOT_DONE:
        with pytest.raises(RuleError, match=r"confirm\.no_reason"):
            recording.confirm(place.office, record_id, field, code, " ")
        recording.confirm(place.office, record_id, field, code, "pembaca rusak")
    sealing.seal(place.office, record_id)


def test_a_reason_given_before_another_try_does_not_stand_after_it(place: Workplace) -> None:
    record_id = complete(place)
    stranger = replace(a_capture(Part.FINGER_02), template=minutiae("somebody else"))
    recording.confirm(place.office, record_id, *NOT_DONE[0], "pembaca rusak")
    draft = verification.verify(place.office, record_id, [stranger])
    assert ("verify.finger-02", "verify.no_match") in doubts(draft)
    recording.confirm(place.office, record_id, "verify.finger-02", "verify.no_match", "jari luka")
    draft = verification.verify(place.office, record_id, [stranger])
    assert ("verify.finger-02", "verify.no_match") in doubts(draft)


def test_a_finger_captured_anew_is_verified_anew(place: Workplace) -> None:
    record_id = complete(place)
    verification.verify(place.office, record_id, [finger(part) for part in INDEX])
    draft = recording.keep(place.office, record_id, [finger(Part.FINGER_02)])
    assert (list(draft.verification), doubts(draft)) == ([Part.FINGER_07], NOT_DONE[:1])


def test_only_what_is_asked_for_is_verified_and_only_with_something_to_compare(place: Workplace) -> None:
    record_id = complete(place)
    for taken, code in (
        (finger(Part.FINGER_03), "verify.not_asked"),
        (a_capture(Part.FACE), "verify.not_asked"),
        (a_capture(Part.FINGER_02), "verify.no_minutiae"),
    ):
        with pytest.raises(RuleError) as problem:
            verification.verify(place.office, record_id, [taken])
        assert problem.value.code == code
    assert recording.resume(place.office, record_id).verification == {}


def unreadable(place: Workplace, record_id: str, parts: Iterable[Part]) -> Draft:
    """`parts` are so dry that nothing could be read in them."""
    with place.office.applicants.write() as connection:
        for part in parts:
            captures.put(connection, record_id, a_capture(part))
    return recording.resume(place.office, record_id)


def test_an_index_finger_that_cannot_be_compared_hands_its_verification_to_the_next_one(place: Workplace) -> None:
    record_id = complete(place)
    draft = unreadable(place, record_id, [Part.FINGER_02])
    assert draft.to_verify == (Part.FINGER_01, Part.FINGER_07)
    assert ("capture.finger-02", "capture.not_comparable") in doubts(draft)
    verification.verify(place.office, record_id, [finger(part) for part in draft.to_verify])
    with pytest.raises(RuleError, match=r"seal\.incomplete"):
        sealing.seal(place.office, record_id)
    draft = recording.confirm(
        place.office, record_id, "capture.finger-02", "capture.not_comparable", "kulit sangat kering"
    )
    assert draft.ready
    sealing.seal(place.office, record_id)


def test_a_hand_that_cannot_be_verified_does_not_pass_in_silence(place: Workplace) -> None:
    record_id = complete(place)
    draft = unreadable(place, record_id, FINGERS[5:])
    assert draft.to_verify == (Part.FINGER_02,)
    assert doubts(draft)[-1] == ("verify.finger-07", "verify.not_comparable")
    draft = unreadable(place, record_id, FINGERS)
    assert draft.to_verify == ()
    assert [code for _, code in doubts(draft)] == ["capture.not_comparable"] * 10 + ["verify.not_comparable"] * 2
    for item in draft.open_captures:
        assert not draft.ready
        draft = recording.confirm(place.office, record_id, item.field, item.code, "petani, garis jari aus")
    assert draft.ready
    # One finger that can be read after all takes the place of the warning.
    draft = recording.keep(place.office, record_id, [finger(Part.FINGER_09)])
    assert (draft.to_verify, doubts(draft)) == ((Part.FINGER_09,), [("verify.finger-09", "verify.not_done")])


@given(st.sets(st.sampled_from(FINGERS)), st.sets(st.sampled_from(FINGERS)))
def test_every_hand_with_a_captured_finger_is_verified_or_said_to_be_unverifiable(
    captured: set[Part], readable: set[Part]
) -> None:
    comparable = captured & readable
    told = [Part(item.field.removeprefix(VERIFY_FIELD)) for item in check_hands(captured, comparable)]
    for hand in (set(FINGERS[:5]), set(FINGERS[5:])):
        asked = hand & {*fingers_to_verify(comparable), *told}
        assert len(asked) == bool(hand & captured)


@pytest.mark.parametrize(
    ("part", "like", "thrown"),
    [
        (Part.FINGER_02, None, (Part.FINGER_02,)),
        (Part.FINGER_02, Part.FINGER_04, (Part.FINGER_02, Part.FINGER_04)),
        (Part.FINGER_02, Part.FINGER_07, (*RIGHT_FOUR, *LEFT_FOUR)),
        (Part.FINGER_01, Part.FINGER_06, THUMBS),
    ],
)
def test_what_may_be_of_another_finger_is_thrown_away_with_what_lay_beside_it(
    part: Part, like: Part | None, thrown: tuple[Part, ...]
) -> None:
    found = Verification(part, 3, 1, TODAY, "UJI", like)
    assert of_another(part, found, FINGERS) == thrown
    assert of_another(part, found, FINGERS[:3]) == tuple(item for item in thrown if item in FINGERS[:3])
    assert of_another(part, replace(found, score=MATCH_THRESHOLD), FINGERS) == of_another(part, None, FINGERS) == ()


# ------------------------------------------------------------------------------------------------------------- remarks


def test_a_remark_about_a_picture_asks_for_a_reason_and_advice_about_a_clock_does_not(place: Workplace) -> None:
    record_id = place.draft()
    face = replace(a_capture(Part.FACE), remarks=("face.background", "clock.skew"))
    draft = recording.keep(place.office, record_id, [face])
    assert doubts(draft) == [("capture.face", "face.background")]
    assert not draft.ready
    assert draft.done(Step.BIODATA)
    draft = recording.confirm(place.office, record_id, "capture.face", "face.background", "tidak ada latar")
    assert draft.ready
    assert doubts(recording.keep(place.office, record_id, [face])) == [("capture.face", "face.background")]
    assert recording.keep(place.office, record_id, [a_capture(Part.FACE)]).ready


def test_a_statement_of_a_device_that_would_fill_the_packet_is_refused(place: Workplace) -> None:
    record_id = place.draft()
    good = replace(a_capture(Part.FACE), envelope="x" * MAX_STATEMENT_BYTES)
    recording.keep(place.office, record_id, [good])
    with pytest.raises(DeviceError, match=r"device\.image_too_large"):
        recording.keep(place.office, record_id, [replace(good, envelope="x" * (MAX_STATEMENT_BYTES + 1))])


# ------------------------------------------------------------------------------------------------------------ approval


@given(st.dictionaries(st.sampled_from(["name", "rt", "address"]), st.sampled_from(["", "A", "B"])))
def test_a_signature_stands_under_exactly_the_answers_it_was_given_for(changed: dict[str, str]) -> None:
    answers = {"name": "A", "rt": "", "address": "B"}
    same = {key: value for key, value in {**answers, **changed}.items() if value} == {"name": "A", "address": "B"}
    assert Approval("x", answers_sha256(answers), TODAY).still_holds({**answers, **changed}) == same


def test_the_signature_and_the_words_it_stands_under_are_kept_together(place: Workplace) -> None:
    record_id = place.draft()
    draft = recording.resume(place.office, record_id)
    assert draft.approval is not None
    assert (draft.approval.text, draft.approval.signed_at) == (APPROVED, TODAY)
    assert draft.approval.text_sha256 == hashlib.sha256(APPROVED.encode()).hexdigest()
    assert not draft.approval_lapsed


def test_an_answer_changed_afterwards_asks_to_sign_again(place: Workplace) -> None:
    record_id = place.draft()
    draft = recording.answer(place.office, record_id, "rt", "009")
    assert draft.approval_lapsed
    assert draft.missing == (Part.SIGNATURE,)
    assert not draft.done(Step.SIGNATURE)
    with pytest.raises(RuleError, match=r"seal\.incomplete"):
        sealing.seal(place.office, record_id)
    assert recording.approve(place.office, record_id, "RT 009. " + APPROVED, a_capture(Part.SIGNATURE)).ready


def test_an_answer_changed_back_lets_the_signature_stand(place: Workplace) -> None:
    record_id = place.draft()
    before = recording.resume(place.office, record_id).answers["rt"]
    recording.answer(place.office, record_id, "rt", "009")
    assert recording.answer(place.office, record_id, "rt", before).ready


def test_a_signature_without_words_does_not_count(place: Workplace) -> None:
    """As drafts of an earlier version have it."""
    record_id = place.draft()
    draft = recording.keep(place.office, record_id, [a_capture(Part.SIGNATURE)])
    assert draft.approval is None
    assert draft.approval_lapsed
    assert Part.SIGNATURE in draft.missing


@pytest.mark.parametrize("text", ["", "  \n", "x" * 20_001])
def test_nobody_signs_under_nothing(place: Workplace, text: str) -> None:
    record_id = place.draft()
    with pytest.raises(RuleError, match=r"approval\.no_text"):
        recording.approve(place.office, record_id, text, a_capture(Part.SIGNATURE))
    with pytest.raises(DeviceError, match=r"device\.wrong_part"):
        recording.approve(place.office, record_id, APPROVED, a_capture(Part.FACE))
    assert recording.resume(place.office, record_id).ready


def test_somebody_who_needs_time_is_remembered(place: Workplace) -> None:
    record_id = recording.start(place.office).record.record_id
    assert recording.assist(place.office, record_id, True).assisted
    assert recording.resume(place.office, record_id).assisted
    assert not recording.assist(place.office, record_id, False).assisted


def test_an_excepted_index_finger_hands_its_verification_to_the_next_one(place: Workplace) -> None:
    record_id = complete(place)
    verification.verify(place.office, record_id, [finger(part) for part in INDEX])
    voucher = place.vouched(record_id, [Part.FINGER_02], ExceptionCode.ABSENT)
    draft = exceptions.grant(
        place.office, record_id, [Part.FINGER_02], ExceptionCode.ABSENT, "tidak ada", voucher, None, PHOTO
    )
    assert draft.to_verify == (Part.FINGER_01, Part.FINGER_07)
    assert doubts(draft) == [("verify.finger-01", "verify.not_done")]
