"""Which prints may not be what they are taken for: judged by scores alone, whatever they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.biometrics import FINGERS, LEFT_FOUR, RIGHT_FOUR, SLAPS, Part
from station.domain.repeats import Likeness, objection
from station.domain.verification import MATCH_THRESHOLD

LOW = st.integers(0, MATCH_THRESHOLD - 1)
HIGH = st.integers(MATCH_THRESHOLD, 600)
SLAP = st.sampled_from([*SLAPS, *((part,) for part in FINGERS)])


@st.composite
def harmless(draw: st.DrawFn) -> Likeness:
    """One capture whose prints are like no other finger. With itself a print is always like."""
    new = draw(SLAP)
    own = {part: {other: draw(LOW) for other in FINGERS if other is not part} for part in new}
    for part in new:
        own[part][part] = draw(HIGH)
    return Likeness(own, {part: draw(LOW) for part in new}, {part: draw(LOW) for part in new})


def code_of(found: Likeness) -> str:
    stop = objection(found)
    return stop.code if stop else ""


@given(harmless())
def test_prints_like_nobody_elses_pass(found: Likeness) -> None:
    assert code_of(found) == ""


@given(harmless(), st.data())
def test_one_finger_of_an_officer_stops_everything_whatever_else_is_wrong(found: Likeness, data: st.DataObject) -> None:
    part = next(iter(found.own))
    found = Likeness(found.own, {part: data.draw(HIGH)}, {part: data.draw(HIGH)})
    assert code_of(found) == "capture.operators_finger"


@given(harmless(), st.data())
def test_one_finger_of_the_person_before_stops_everything(found: Likeness, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(sorted(found.own)))
    found = Likeness(found.own, {**found.previous, part: data.draw(HIGH)}, found.operators)
    stop = objection(found)
    assert stop is not None
    assert (stop.code, stop.data) == ("capture.previous_person", {"part": part.value})


@given(harmless(), st.data())
def test_one_finger_twice_is_named_with_its_twin(found: Likeness, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(sorted(found.own)))
    twin = data.draw(st.sampled_from([other for other in FINGERS if other is not part]))
    found.own[part][twin] = data.draw(HIGH)  # type: ignore[index]
    stop = objection(found)
    assert stop is not None
    code = "capture.same_finger_here" if twin in found.own else "capture.same_finger"
    assert stop.data == {"part": part.value, "other": twin.value}
    # Within one capture nothing is kept of either, so neither is "captured already".
    assert stop.code == code


@given(harmless(), st.data())
def test_a_finger_that_is_not_the_one_of_the_earlier_try_is_named_with_all_that_are_not(
    found: Likeness, data: st.DataObject
) -> None:
    earlier = {part: data.draw(st.one_of(LOW, HIGH)) for part in found.own}
    stop = objection(Likeness(found.own, found.previous, found.operators, earlier))
    strange = tuple(part.value for part, score in earlier.items() if score < MATCH_THRESHOLD)
    if not strange:
        assert stop is None
        return
    assert stop is not None
    assert (stop.code, stop.data) == ("capture.other_than_before", {"part": strange[0], "others": strange})


@pytest.mark.parametrize(("asked", "kept"), [(RIGHT_FOUR, LEFT_FOUR), (LEFT_FOUR, RIGHT_FOUR)])
@pytest.mark.parametrize("fingers", [2, 3, 4])
@given(st.data())
def test_most_of_a_slap_like_the_other_hand_means_that_the_hands_are_swapped(
    asked: tuple[Part, ...], kept: tuple[Part, ...], fingers: int, data: st.DataObject
) -> None:
    asked = asked[:fingers]
    alike = data.draw(st.integers(0, fingers))
    own = {
        part: {other: data.draw(HIGH) if number < alike and other is kept[number] else 3 for other in (*kept, *asked)}
        for number, part in enumerate(asked)
    }
    expected = "" if alike == 0 else "capture.hands_swapped" if 2 * alike > fingers else "capture.same_finger"
    assert code_of(Likeness(own)) == expected


def test_a_slap_with_the_same_finger_twice_in_it_is_no_swapped_hand() -> None:
    own = {part: dict.fromkeys(RIGHT_FOUR, 300) for part in RIGHT_FOUR}
    assert code_of(Likeness(own)) == "capture.same_finger_here"


@pytest.mark.parametrize(("score", "code"), [(MATCH_THRESHOLD - 1, ""), (MATCH_THRESHOLD, "capture.same_finger")])
def test_the_threshold_itself_counts_as_one_finger(score: int, code: str) -> None:
    assert code_of(Likeness({Part.FINGER_02: {Part.FINGER_03: score}})) == code


def test_nothing_compared_is_nothing_found() -> None:
    assert code_of(Likeness({})) == ""
