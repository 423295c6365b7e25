"""One diagram on the page: its two scales, its grid, its curves and the line of a goal. Knows no fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from station.fleet.page import INK, LINE, MARGIN, QUIET, WIDTH, Page

HEAD, FOOT, LEFT = 52.0, 40.0, 44.0
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`, with words at `ticks`; `logarithmic`: each step ten times as much."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    logarithmic: bool = False

    def part(self, value: float) -> float:
        value = min(max(value, self.low), self.high)
        if self.logarithmic:
            return log10(value / self.low) / log10(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


class Frame:
    """A diagram with its title, `height` points high from `top` on."""

    def __init__(self, page: Page, top: float, height: float, across: Scale, up: Scale) -> None:
        self._page, self._across, self._up = page, across, up
        self._left, self._right = MARGIN + LEFT, WIDTH - MARGIN
        self._above, self._below = top + HEAD, top + height - FOOT

    def head(self, title: str, under: str) -> None:
        """What is shown, and how to read it."""
        self._page.text(MARGIN, self._above - HEAD + 14, title, 15, strong=True)
        self._page.text(MARGIN, self._above - HEAD + 33, under, 12, colour=QUIET)

    def grid(self, what: str) -> None:
        """`what` the scale across is counted in."""
        for value, words in self._up.ticks:
            _x, y = self._place(self._across.low, value)
            self._page.line([(self._left, y), (self._right, y)], LINE)
            self._page.text_left_of(self._left - 8, y + 4, words, 11, colour=QUIET)
        for value, words in self._across.ticks:
            x, y = self._place(value, self._up.low)
            self._page.line([(x, y), (x, y + 4)], QUIET)
            self._page.text_around(x, y + 17, words, 11, colour=QUIET)
        self._page.text_left_of(self._right, self._below + 32, what, 11, colour=QUIET)

    def curve(self, points: Points, colour: str, *, dashed: bool = False, thick: float = 2.2) -> None:
        inside = [point for point in points if self._across.low <= point[0] <= self._across.high]
        if len(inside) > 1:
            self._page.line([self._place(*point) for point in inside], colour, thick, dashed=dashed)

    def level(self, value: float, words: str, colour: str) -> None:
        """A line across, with its words above it at the right."""
        _x, y = self._place(self._across.low, value)
        self._page.line([(self._left, y), (self._right, y)], colour, 1.6, dashed=True)
        self._page.text_left_of(self._right - 4, y - 5, words, 11, colour=colour)

    def moment(self, value: float, words: str) -> None:
        """A line upwards, with its words at the left of its middle."""
        x, y = self._place(value, self._up.low)
        self._page.line([(x, self._above), (x, y)], INK, 1.2, dashed=True)
        self._page.text_left_of(x - 6, (self._above + y) / 2, words, 11, colour=INK)

    def _place(self, across: float, up: float) -> tuple[float, float]:
        x = self._left + (self._right - self._left) * self._across.part(across)
        return x, self._below - (self._below - self._above) * self._up.part(up)
