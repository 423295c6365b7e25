"""What counts as a signature: strokes on a pad of 600 by 200 units. A simple line is one; a dot or nothing is not."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import hypot

from station.domain.biometrics import Stroke

WIDTH, HEIGHT = 600, 200
"""The pad's own units, whatever its size on the screen."""

MAX_POINTS = 20_000
"""More is no signature: a pen that lies on the pad for minutes must not fill the packet."""

_SHORTEST = 40.0
_WHOLE = 600.0


def path_length(strokes: Iterable[Stroke]) -> float:
    """How far the pen went while it touched, in units of the pad."""
    return sum(
        hypot(there[0] - here[0], there[1] - here[1]) for stroke in strokes for here, there in pairwise(stroke.points)
    )


def is_signature(strokes: Iterable[Stroke]) -> bool:
    """Long enough to be meant: people who cannot write draw a line."""
    return path_length(strokes) >= _SHORTEST


def quality(strokes: Iterable[Stroke]) -> int:
    """How much was written, 0 to 100: 100 from 600 units on. A short line counts little and may still be right."""
    return round(min(100.0, 100 * path_length(strokes) / _WHOLE))
