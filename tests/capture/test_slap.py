"""Fingers in a picture of several: each is found once, in order, whatever the skin and however the hand lies."""

from __future__ import annotations

import numpy as np
import pytest

from station.capture.slap import find_fingers
from station.training.drawing.impressions import Condition
from tests.fakes.drawn_fingers import GLASS, PAPER, Pixels, drawn, slap

RIGHT = (2, 3, 4, 5)
ALL_WET = dict.fromkeys(RIGHT, Condition.WET)
ALL_DRY = dict.fromkeys(RIGHT, Condition.DRY)


def count(picture: Pixels) -> int:
    return len(find_fingers(picture))


@pytest.mark.parametrize(
    ("gap", "tilt", "conditions"),
    [
        (60, 0, {}),
        (30, 25, {}),
        (30, -30, {5: Condition.NOISY}),
        (40, 10, {3: Condition.DRY, 4: Condition.WET}),
        (20, -10, ALL_DRY),
        (40, 15, ALL_WET),
    ],
)
def test_four_fingers_are_four(gap: int, tilt: float, conditions: dict[int, Condition]) -> None:
    assert count(slap(RIGHT, gap=gap, tilt=tilt, conditions=conditions)) == 4


@pytest.mark.parametrize(("gap", "tilt"), [(0, 0), (-12, 0), (0, 10), (6, -30)])
def test_fingers_that_touch_are_still_four(gap: int, tilt: float) -> None:
    assert count(slap(RIGHT, gap=gap, tilt=tilt)) == 4


@pytest.mark.parametrize("fingers", [(3,), (6, 1), (10, 9, 8), (2, 3, 5)])
def test_as_many_are_found_as_lie_there(fingers: tuple[int, ...]) -> None:
    assert count(slap(fingers, tilt=8)) == len(fingers)


def test_three_fingers_with_a_gap_for_the_fourth_are_three() -> None:
    picture = slap(RIGHT, gap=30).copy()
    middle = GLASS[1] // 2
    picture[:, middle : middle + 372] = PAPER  # the ring finger was lifted
    assert count(picture) == 3


def test_an_empty_glass_has_no_finger() -> None:
    rng = np.random.default_rng(1)
    empty = np.full(GLASS, PAPER, np.uint8) - rng.integers(0, 5, GLASS, dtype=np.uint8)
    assert find_fingers(empty) == ()
    assert find_fingers(np.zeros(GLASS, np.uint8)) == ()


def test_the_ghost_of_the_last_print_dirt_and_letters_are_no_fingers() -> None:
    picture = slap((2, 3, 4), gap=60).copy()
    ghost = PAPER - (PAPER - drawn(5)) // 8
    picture[900:1400, 1150:1550] = np.minimum(picture[900:1400, 1150:1550], ghost)
    picture[40:90, 40:90] = 30
    picture[1400:1404, :] = 90
    assert count(picture) == 3


def test_two_phalanges_of_a_finger_are_one_finger() -> None:
    picture = slap((2, 3, 4), gap=60).copy()
    lower = drawn(4)[:420]
    picture[790:1210, 560:960] = np.minimum(picture[790:1210, 560:960], lower)
    assert count(picture) == 3


def test_they_come_from_left_to_right_also_when_the_hand_is_turned() -> None:
    for tilt in (-25, 0, 25):
        found = find_fingers(slap(RIGHT, tilt=tilt, conditions={2: Condition.WET, 5: Condition.DRY}))
        levels = [float(finger.pixels[finger.pixels < 200].mean()) for finger in found]
        assert levels[0] < min(levels[1:3])
        assert levels[3] > max(levels[1:3])


def test_a_finger_is_cut_out_whole_and_alone() -> None:
    for finger in find_fingers(slap(RIGHT, gap=10, tilt=12)):
        height, width = finger.pixels.shape
        assert 300 < width < 480
        assert 440 < height < 620
        assert not finger.cut_off
        skin = finger.pixels < 150
        assert 0.15 < skin.mean() < 0.6
        assert skin[:, :8].mean() < 0.02
        assert skin[:, -8:].mean() < 0.02


def test_a_finger_half_beside_the_glass_is_said_to_be_cut_off() -> None:
    picture = slap((2, 3, 4), gap=60)[:, 380:]
    assert [finger.cut_off for finger in find_fingers(picture)] == [True, False, False]


def test_a_small_patch_comes_with_enough_glass_around_it() -> None:
    picture = np.full(GLASS, PAPER, np.uint8)
    picture[700:860, 700:830] = drawn(3)[150:310, 130:260]
    (finger,) = find_fingers(picture)
    assert min(finger.pixels.shape) >= 208
