"""Pairs of bars: what this program takes over what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.charts import canvas, words
from tests.bench.charts.canvas import MARGIN, WIDTH, Canvas
from tests.bench.charts.families import PEER, Figure, caption
from tests.bench.goals import GOALS

PAIR = 74.0
_LONGEST = 420.0
_HIGH = 13.0


def height(rows: Sequence[Figure]) -> float:
    return PAIR * len(rows)


def draw(page: Canvas, top: float, rows: Sequence[Figure], *, shared: bool) -> None:
    """Each pair `PAIR` high, the first one at `top`; to its own scale, unless it is `shared` by all."""
    longest = max(map(_most, rows))
    for place, row in enumerate(rows):
        _pair(page, top + place * PAIR, row, longest if shared else _most(row))


def _most(row: Figure) -> float:
    """The end of the scale: the larger one, or the goal when it is near."""
    larger, goal = max(abs(float(row["value"])), float(row["beside"])), GOALS.get(str(row["name"]), 0.0)
    return max(larger, goal if goal < 4 * larger else 0.0)


def _pair(page: Canvas, top: float, row: Figure, most: float) -> None:
    name, unit = str(row["name"]), str(row["unit"])
    value, beside = float(row["value"]), float(row["beside"])
    better = " (more is better)" if unit.endswith("/s") and "cap" not in name else ""
    page.text(MARGIN, top + 12, caption(name) + better, 13, strong=True)
    page.text_left_of(WIDTH - MARGIN, top + 12, words.ratio(float(row["ratio"])), 15, strong=True)
    goal, first = GOALS.get(name), canvas.OTHER if name.startswith(PEER) else canvas.OURS
    mark = MARGIN + _LONGEST * goal / most if goal and goal <= most else 0.0
    for line, (figure, colour) in enumerate(((value, first), (beside, canvas.BESIDE))):
        y = top + 20 + line * (_HIGH + 5)
        end = MARGIN + _LONGEST * max(figure, 0.0) / most
        page.bar(MARGIN, y, end - MARGIN, _HIGH, colour)
        free = max(end, mark) if not line and mark < end + 90 else end
        after = page.text(max(free, MARGIN + 1) + 8, y + 11, words.figure(figure, unit), 12)
        if line:
            what = _shortened(str(row["beside_what"]), f" (n = {row['n']})", WIDTH - MARGIN - after - 8)
            page.text(after + 8, y + 11, what, 10.5, colour=canvas.QUIET)
        elif goal:
            page.text(after + 8, y + 11, f"goal {words.figure(goal, unit)}", 10.5, colour=canvas.GOAL)
    if mark:
        page.line([(mark, top + 18), (mark, top + 20 + _HIGH + 2)], canvas.GOAL, 1.6)


def _shortened(what: str, ending: str, room: float) -> str:
    """As much of `what` as there is room for, and all of `ending`."""
    whole = what
    while canvas.width(what + ending, 10.5) > room and len(whole) > 1:
        whole = whole[:-1]
        what = whole.rstrip() + "…"
    return what + ending
