"""Real captures of one person of the training cast: drawn, encoded and judged as a sensor's picture would be."""

from __future__ import annotations

from functools import cache

from station.capture.lab import Lab
from station.domain.biometrics import Capture, Part
from station.training.people import PEOPLE
from tests.bench.simulated_person import captured

PERSON = PEOPLE[1]


@cache
def captures() -> tuple[Capture, ...]:
    """All parts of one person, about 200 KB. Drawing takes seconds, so everybody in the bench looks like them."""
    lab = Lab()
    try:
        return captured(PERSON, lab)
    finally:
        lab.close()


def raw_bytes(taken: tuple[Capture, ...]) -> int:
    """The same pictures as the sensor gave them: 8 bits a pixel, three colours for the face."""
    return sum(item.width * item.height * (3 if item.part is Part.FACE else 1) for item in taken)
