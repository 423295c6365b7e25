"""Who sits in front of the simulator's sensors: the same body whenever somebody looks, and what they do not have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from station.capture.quality import nfiq2
from station.domain.biometrics import FINGERS, IRISES, Part
from station.training.people import PEOPLE
from station.training.scene import TrainingScene

SCENE = TrainingScene(PEOPLE[1])


def test_somebody_else_can_be_looked_at_before_they_sit_down_and_looks_the_same_then() -> None:
    scene = TrainingScene(PEOPLE[0])
    before = scene.look(Part.FINGER_03, 1, poor=False, person=PEOPLE[2])
    assert scene.person is PEOPLE[0]
    scene.seat(PEOPLE[2])
    after = scene.look(Part.FINGER_03, 1, poor=False)
    assert before is not None and after is not None
    assert np.array_equal(before, after)


def test_what_a_person_does_not_have_cannot_be_seen() -> None:
    for absent in (FINGERS, IRISES):
        scene = TrainingScene(next(person for person in PEOPLE if person.absent == absent))
        assert all(scene.look(part, 1, poor=False) is None for part in absent)
    assert SCENE.look(Part.SIGNATURE, 1, poor=False) is None


def test_worn_ridges_stay_poor_in_every_attempt() -> None:
    scene = TrainingScene(next(person for person in PEOPLE if person.worn))
    seen = [scene.look(Part.FINGER_02, attempt, poor=False) for attempt in (1, 2, 3)]
    assert all(picture is not None and nfiq2(picture) < 40 for picture in seen)


def test_a_face_that_moves_is_out_of_focus() -> None:
    good, moved = (SCENE.look(Part.FACE, 1, poor=poor) for poor in (False, True))
    assert good is not None and moved is not None
    assert edges(moved) < edges(good) / 2


def edges(picture: NDArray[np.uint8]) -> float:
    return float(np.percentile(np.abs(np.diff(picture.astype(int), axis=1)), 98))
