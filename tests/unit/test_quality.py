"""Measures of quality on drawings: what is wrong with a picture makes the right score fall."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from station.capture.iris_measure import NO_EYE, measure_iris
from station.capture.quality import nfiq2
from station.training.drawing.irises import Gaze, eye


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_glass_scores_nothing(level: int) -> None:
    assert nfiq2(np.full((500, 400), level, np.uint8)) == 0
    assert measure_iris(np.full((480, 640), level, np.uint8)).quality == 0


def test_iris_quality_falls_with_movement_and_with_the_lid() -> None:
    steady = measure_iris(eye(7, right=True))
    moving = measure_iris(eye(7, right=True, gaze=Gaze.MOVING))
    closed = measure_iris(eye(7, right=True, gaze=Gaze.HALF_CLOSED))
    assert steady.quality >= 75
    assert 105 < steady.radius_px < 123
    assert (moving.weakest, closed.weakest) == ("sharpness", "visible")
    assert max(moving.quality, closed.quality) < 60


def test_an_eye_without_a_dark_pupil_is_no_eye() -> None:
    assert measure_iris(np.maximum(eye(7, right=True), 90)) == NO_EYE


@pytest.mark.filterwarnings("error")
def test_clouds_are_measured_like_anything_else() -> None:
    for seed in range(5):
        for spread in (8, 12, 20):
            clouds = gaussian_filter(np.random.default_rng(seed).normal(0, 1, (140, 270)), spread)
            picture = (255 * (clouds - clouds.min()) / np.ptp(clouds)).astype(np.uint8)
            assert 0 <= measure_iris(picture).quality <= 100
