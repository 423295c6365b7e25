"""A signature while it is written: strokes that are done and the one under the pen. Knows no widget and no event."""

from __future__ import annotations

from station.domain.biometrics import Stroke
from station.domain.signature import HEIGHT, MAX_POINTS, WIDTH
from station.ui.widgets.ink import Point


class Writing:
    """In units of the pad, WIDTH by HEIGHT; moments count from the first touch."""

    def __init__(self) -> None:
        self.strokes: tuple[Stroke, ...] = ()
        self.points: list[Point] = []
        """Of the stroke under the pen; empty when it is lifted."""
        self._count = 0
        self._first_ms: int | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing has touched the paper yet."""
        return self._first_ms is None

    def touch(self, at_ms: int) -> None:
        """A new stroke begins."""
        if self._first_ms is None:
            self._first_ms = at_ms
        self.points = []

    def go_to(self, x: float, y: float, at_ms: int, pressure: float) -> tuple[Point, Point] | None:
        """The pen is there now; the piece of line it has drawn. None when the paper takes no more."""
        if self._count >= MAX_POINTS or self._first_ms is None:
            return None
        since = max(0, at_ms - self._first_ms)
        point = (_within(x, WIDTH), _within(y, HEIGHT), since, round(min(max(pressure, 0.0), 1.0), 3))
        before = self.points[-1] if self.points else point
        self.points.append(point)
        self._count += 1
        return before, point

    def lift(self) -> bool:
        """True when that ended a stroke."""
        if not self.points:
            return False
        self.strokes = (*self.strokes, Stroke(tuple(self.points)))
        self.points = []
        return True


def _within(length: float, most: float) -> float:
    return round(min(max(length, 0.0), most), 2)
