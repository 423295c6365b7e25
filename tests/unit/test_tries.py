"""Best of so many tries: what takes the place of what, and until when something weak is asked for once more."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from station.capture.coach import HINTS
from station.domain.biometrics import CAPTURE_FIELD, Modality, Part, Rank
from station.domain.clocks import SKEWED
from station.domain.draft import CaptureCard
from station.domain.policy import STANDARD, Policy
from station.domain.remarks import ADVICE, check_remarks
from station.domain.tries import counted, is_weak, takes_the_place, tells
from tests.support import TODAY

parts = st.sampled_from(Part)
ranks = st.tuples(st.booleans(), st.integers(0, 100), st.integers(-3, 0))
FINGER = Part.FINGER_02


def card(quality: int = 70, tries: int = 1, part: Part = FINGER, **changed: object) -> CaptureCard:
    made = CaptureCard(part, quality, tries, TODAY, "UJI", (), part.modality is Modality.FINGER)
    return replace(made, **changed)  # type: ignore[arg-type]


def said(shown: CaptureCard, policy: Policy = STANDARD) -> list[str]:
    found = check_remarks([shown], policy)
    assert all(item.field == CAPTURE_FIELD + shown.part.value for item in found)
    return [item.code for item in found]


@given(parts, st.lists(ranks, min_size=1))
def test_of_fingers_and_eyes_the_best_try_stays_and_of_anything_else_the_newest(part: Part, tries: list[Rank]) -> None:
    kept = None
    for rank in tries:
        kept = rank if takes_the_place(part, rank, kept) else kept
    best = part.modality in (Modality.FINGER, Modality.IRIS)
    assert kept == (max(tries) if best else tries[-1])


def test_what_can_be_compared_is_better_than_what_is_only_good_to_look_at() -> None:
    assert takes_the_place(FINGER, (True, 10, 0), (False, 90, 0))
    assert not takes_the_place(FINGER, (False, 90, 0), (True, 10, 0))


@given(st.tuples(st.booleans(), st.integers(0, 100)), st.integers(0, 3), st.integers(0, 3))
def test_of_two_that_are_as_good_the_one_stays_of_which_less_was_said(
    as_good: tuple[bool, int], said_now: int, said_before: int
) -> None:
    eye, new, kept = Part.IRIS_LEFT, (*as_good, -said_now), (*as_good, -said_before)
    assert takes_the_place(eye, new, kept) == (said_now <= said_before)


def test_a_weak_try_says_nothing_of_whose_finger_the_next_one_is() -> None:
    assert [tells(FINGER, kept, STANDARD) for kept in (0, 39, 40, 100)] == [False, False, True, True]


@given(st.integers(0, 100), st.integers(2, 5), st.integers(20, 70))
def test_a_weak_finger_is_asked_for_until_its_tries_are_used_up(quality: int, most: int, floor: int) -> None:
    policy, tries, asked = Policy(finger_quality=floor, tries=most), 0, 0
    for _ in range(9):
        tries = counted(tries, policy)
        asked += is_weak(FINGER, quality, tries, policy)
    assert tries == most
    assert asked == (most - 1 if quality < floor else 0)
    assert not is_weak(Part.FACE, 0, 1, policy)


def test_a_weak_finger_needs_a_reason_until_its_tries_are_used_up() -> None:
    assert said(card(30, 1)) == said(card(30, 2)) == ["capture.weak"]
    assert said(card(30, 3)) == said(card(40, 1)) == []
    assert said(card(30, 3), Policy(tries=4)) == ["capture.weak"]


def test_a_finger_without_minutiae_needs_a_reason_for_ever() -> None:
    for tries in (1, 2, 3):
        assert said(card(80, tries, comparable=False)) == ["capture.not_comparable"]
    assert said(card(10, 1, comparable=False)) == ["capture.not_comparable"]  # one reason is enough


def test_for_what_the_coach_says_of_a_picture_nobody_gives_a_reason_beside_the_one_for_a_weak_picture() -> None:
    assert set(HINTS) | {SKEWED} == ADVICE
    for hint in ADVICE:
        eye = card(30, 1, Part.IRIS_LEFT, remarks=(hint,))
        assert said(eye) == ["capture.weak"]
        assert said(replace(eye, quality=70)) == []
    assert said(card(0, 1, Part.FACE, remarks=("face.background",))) == ["face.background"]
    assert said(card(0, 1, Part.FACE)) == []
