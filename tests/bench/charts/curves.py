"""How a figure grows with the data: logarithmic both ways, beside the dashed line of what grows evenly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10

from tests.bench.charts import canvas, words
from tests.bench.charts.canvas import MARGIN, WIDTH, Canvas
from tests.bench.charts.families import Curve, Figure

HEIGHT = 240.0
_GAP = 28.0
_HEAD, _FOOT, _SIDE = 46.0, 54.0, 14.0

Points = list[tuple[float, float]]
Place = Callable[[float, float], tuple[float, float]]


def height(curves: Sequence[Curve]) -> float:
    return HEIGHT * -(-len(curves) // _columns(curves))


def _columns(curves: Sequence[Curve]) -> int:
    return 2 if len(curves) < 3 else 3


def complete(curve: Curve, figures: Sequence[Figure]) -> bool:
    """Whether all of its points were measured."""
    return set(curve.points.values()) <= {str(figure["name"]) for figure in figures}


def draw(page: Canvas, top: float, curves: Sequence[Curve], figures: Sequence[Figure]) -> None:
    """Beside each other, two or three in a row, the first one at `top`."""
    known, columns = {str(figure["name"]): figure for figure in figures}, _columns(curves)
    wide = (WIDTH - 2 * MARGIN - _GAP * (columns - 1)) / columns
    for place, curve in enumerate(curves):
        left = MARGIN + place % columns * (wide + _GAP)
        _one(page, left, top + place // columns * HEIGHT, wide, curve, known)


def _one(page: Canvas, left: float, top: float, wide: float, curve: Curve, known: dict[str, Figure]) -> None:
    points, unit = _points(curve, known)
    times, grown = points[-1][0] / points[0][0], points[-1][1] / points[0][1]
    page.text(left, top + 12, curve.caption, 13, strong=True)
    page.text(
        left,
        top + 30,
        f"× {words.number(times)} {curve.of} → × {words.number(grown)}  (dashed: evenly)",
        11.5,
        colour=canvas.QUIET,
    )
    even = [(size, points[0][1] * size / points[0][0]) for size, _figure in points]
    place = _scale(points, even, (left, top + _HEAD, wide, HEIGHT - _HEAD - _FOOT))
    bottom = top + HEIGHT - _FOOT + 8
    page.line([(left, bottom), (left + wide, bottom)], canvas.LINE)
    page.line([place(*point) for point in even], canvas.BESIDE, 1.4, dashed=True)
    page.line([place(*point) for point in points], canvas.OURS, 2.2)
    for point in points:
        page.dot(*place(*point), canvas.OURS)
    (few, less), (many, more) = points[0], points[-1]
    page.text(left, bottom + 18, words.figure(less, unit), 12, strong=True)
    page.text(left, bottom + 33, f"{few:,.0f}", 10.5, colour=canvas.QUIET)
    page.text_left_of(left + wide, bottom + 18, words.figure(more, unit), 12, strong=True)
    page.text_left_of(left + wide, bottom + 33, f"{many:,.0f}", 10.5, colour=canvas.QUIET)


def _points(curve: Curve, known: dict[str, Figure]) -> tuple[Points, str]:
    """Size and figure; a rate becomes the time that all of it takes."""
    rows = [(float(size), known[name]) for size, name in sorted(curve.points.items())]
    if str(rows[0][1]["unit"]).endswith("/s"):
        return [(size, size / float(row["value"])) for size, row in rows], "s"
    return [(size, float(row["value"])) for size, row in rows], str(rows[0][1]["unit"])


def _scale(points: Points, even: Points, box: tuple[float, float, float, float]) -> Place:
    """From a size and a figure to a place in `box` (left, top, width, height)."""
    left, top, wide, high = box
    sizes, figures = [log10(size) for size, _ in points], [log10(figure) for _, figure in points + even]
    low, span = min(figures), max(figures) - min(figures) or 1.0

    def place(size: float, figure: float) -> tuple[float, float]:
        along = (log10(size) - sizes[0]) / (sizes[-1] - sizes[0])
        up = (log10(figure) - low) / span
        return left + _SIDE + along * (wide - 2 * _SIDE), top + high * (1 - up)

    return place
