"""What is captured, and when it is complete."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from station.domain.biometrics import (
    FINGERS,
    IRISES,
    LEFT_FOUR,
    RIGHT_FOUR,
    SLAPS,
    THUMBS,
    Part,
    missing_parts,
)
from station.domain.steps import PARTS_OF, Step, step_of

PARTS = st.sets(st.sampled_from(Part))


def test_a_recording_is_a_face_ten_fingers_two_irises_and_a_signature() -> None:
    assert len(Part) == 14
    assert [part.position for part in FINGERS] == list(range(1, 11))
    assert [part.position for part in IRISES] == [1, 2]
    assert [Part.FACE.position, Part.SIGNATURE.position] == [0, 0]


def test_the_slaps_of_a_scanner_are_four_right_four_left_and_two_thumbs() -> None:
    assert [part.position for part in RIGHT_FOUR] == [2, 3, 4, 5]
    assert [part.position for part in LEFT_FOUR] == [7, 8, 9, 10]
    assert [part.position for part in THUMBS] == [1, 6]
    assert sorted(part for slap in SLAPS for part in slap) == sorted(FINGERS)


def test_every_part_is_captured_in_exactly_one_step() -> None:
    assert sorted(part for parts in PARTS_OF.values() for part in parts) == sorted(Part)
    assert all(part in PARTS_OF[step_of(part)] for part in Part)
    assert step_of(Part.FINGER_07) is Step.FINGERS


@given(PARTS, PARTS)
def test_what_is_neither_captured_nor_excepted_is_missing(captured: set[Part], excepted: set[Part]) -> None:
    missing = missing_parts(captured, excepted)
    assert list(missing) == [part for part in Part if part in missing]
    assert not set(missing) & captured
    assert set(missing) | captured | (excepted - {Part.FACE, Part.SIGNATURE}) == set(Part)


def test_all_fingers_and_irises_may_be_excepted_but_never_the_face() -> None:
    assert missing_parts([Part.SIGNATURE], Part) == (Part.FACE,)
    assert missing_parts([Part.FACE, Part.SIGNATURE], [*FINGERS, *IRISES]) == ()
