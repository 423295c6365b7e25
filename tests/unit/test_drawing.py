"""The drawings: the same seed gives the same body, another seed another one, and each is marked."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import nbis
import numpy as np
import pytest
from numpy.typing import NDArray

from station.capture.codecs import encode_plain
from station.capture.quality import nfiq2
from station.domain.eligibility import Background
from station.training.drawing.impressions import Condition, impression
from station.training.drawing.irises import Gaze, eye
from station.training.drawing.portraits import Sitter, pixels, portrait
from station.training.drawing.prints import HEIGHT, WIDTH, master
from station.training.drawing.signatures import drawn, signature

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def ridges() -> list[Any]:
    return [master(41, finger) for finger in (1, 2, 7)]


def minutiae(prints: list[Pixels]) -> list[Any]:
    extractor = nbis.new_nbis_extractor(
        nbis.NbisExtractorSettings(
            min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=False, ppi=500.0
        )
    )
    return [extractor.extract_minutiae(encode_plain(pressed)) for pressed in prints]


def test_the_same_seed_and_finger_give_the_same_ridges() -> None:
    assert np.array_equal(master(5, 2), master(5, 2))


def test_other_fingers_and_other_people_have_other_ridges() -> None:
    first = master(5, 2)
    for other in (master(5, 3), master(6, 2)):
        assert abs(float(np.corrcoef(first.ravel(), other.ravel())[0, 1])) < 0.3


def test_a_finger_is_twenty_by_twenty_five_millimetres_at_500_ppi(ridges: list[Any]) -> None:
    assert impression(ridges[0], 1).shape == (HEIGHT, WIDTH) == (500, 400)


def test_two_impressions_of_a_finger_match_and_two_fingers_do_not(ridges: list[Any]) -> None:
    first = minutiae([impression(finger, 10 + number) for number, finger in enumerate(ridges)])
    second = minutiae([impression(finger, 20 + number) for number, finger in enumerate(ridges)])
    genuine = [a.compare(b) for a, b in zip(first, second, strict=True)]
    impostor = [first[a].compare(second[b]) for a, b in combinations(range(len(ridges)), 2)]
    assert min(genuine) > 150
    assert max(impostor) < 50


def test_normal_impressions_pass_the_floor_and_dry_ones_do_not(ridges: list[Any]) -> None:
    assert min(nfiq2(impression(finger, 3)) for finger in ridges) >= 45
    assert max(nfiq2(impression(finger, 3, Condition.DRY)) for finger in ridges) < 40


@pytest.mark.parametrize("condition", [Condition.WET, Condition.NOISY])
def test_wet_and_noisy_impressions_are_poorer_than_normal_ones(ridges: list[Any], condition: Condition) -> None:
    assert nfiq2(impression(ridges[1], 3, condition)) + 15 < nfiq2(impression(ridges[1], 3))


def test_the_mark_is_beside_the_finger(ridges: list[Any]) -> None:
    corner = impression(ridges[0], 1)[:24, :64]
    assert corner.min() < 190
    assert corner[20:].min() > 200


def test_an_eye_is_reproducible_moves_a_little_between_takes_and_right_is_not_left() -> None:
    first, again = eye(3, right=True, take=1), eye(3, right=True, take=1)
    assert np.array_equal(first, again)
    assert first.shape == (480, 640)
    right, left = eye(3, right=True).astype(int), eye(3, right=False).astype(int)
    assert abs(right[:, :40].mean() - right[:, -40:].mean()) > 0.1
    assert np.abs(right - left[:, ::-1]).mean() > 3
    assert np.abs(first.astype(int) - eye(3, right=True, take=2).astype(int)).mean() > 1


def test_a_half_closed_eye_hides_the_upper_half_of_the_pupil() -> None:
    whole, half = eye(3, right=True), eye(3, right=True, gaze=Gaze.HALF_CLOSED)
    assert (half < 45).sum() < 0.9 * (whole < 45).sum()


@pytest.mark.parametrize("background", list(Background))
def test_a_portrait_has_the_background_asked_for(background: Background) -> None:
    red, green, blue = pixels(portrait(9, Sitter(False, 40, background)))[60, 440].astype(int)
    strongest = {
        Background.RED: red > 150 and green < 110 and blue < 110,
        Background.BLUE: blue > 150 and red < 110,
        Background.ORANGE: red > 190 and 110 < green < 190 and blue < 120,
    }
    assert strongest[background]


def test_portraits_are_480_by_640_and_differ_from_person_to_person() -> None:
    sitter = Sitter(True, 30, Background.BLUE, headscarf=True)
    first, second = pixels(portrait(1, sitter)), pixels(portrait(2, sitter))
    assert first.shape == (640, 480, 3)
    assert np.array_equal(first, pixels(portrait(1, sitter)))
    assert not np.array_equal(first, second)


def test_a_signature_stays_on_the_pad_and_time_never_runs_backwards() -> None:
    for seed in range(20):
        strokes = signature(seed)
        points = [point for stroke in strokes for point in stroke.points]
        assert all(0 <= x <= 600 and 0 <= y <= 200 and 0 <= force <= 1 for x, y, _, force in points)
        assert all(earlier[2] <= later[2] for earlier, later in pairwise(points))


def test_a_signature_is_the_same_hand_in_every_take_but_never_the_same_line() -> None:
    first, second = drawn(signature(4, 1)), drawn(signature(4, 2))
    assert not np.array_equal(first, second)
    assert len(signature(4, 1)) == len(signature(4, 2))
    assert 500 < (first < 100).sum() < 12_000
