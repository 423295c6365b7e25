"""Shoulders and clothes of a portrait: batik, shirt, koko, jacket, blouse.

It must not know of faces beyond their neck, or of what is on the head.
"""

from __future__ import annotations

from itertools import pairwise

from station.training.drawing.canvas import Canvas, Colour, Outline, Point, darker, lighter, mirrored, oval
from station.training.drawing.faces import AXIS, Face, neck

_BATIK: tuple[tuple[Colour, Colour], ...] = (
    ((72, 44, 30), (214, 170, 104)),
    ((26, 50, 84), (196, 204, 214)),
    ((104, 26, 34), (226, 186, 120)),
    ((24, 72, 62), (206, 196, 140)),
)
_PLAIN: tuple[Colour, ...] = (
    (238, 238, 240),
    (168, 196, 222),
    (226, 220, 200),
    (70, 90, 120),
    (196, 210, 190),
    (120, 70, 84),
)
_JACKETS: tuple[Colour, ...] = ((34, 38, 52), (58, 58, 64), (62, 46, 40))
_WHITE: Colour = (246, 246, 248)


def body(canvas: Canvas, face: Face, style: int, *, headscarf: bool) -> None:
    """Neck, shoulders and one kind of dress, chosen by `style`."""
    neck(canvas, face)
    width = 172.0 if face.female else 202.0
    plain = _PLAIN[style % len(_PLAIN)]
    kind = style // 7 % 4
    if headscarf or kind == 0:
        ground, motif = _BATIK[style % len(_BATIK)]
        outline = _shoulders(width, 548)
        _cloth(canvas, outline, ground)
        with canvas.within(outline):
            _kawung(canvas, motif)
        _collar(canvas, ground)
    elif kind == 1:
        _jacket(canvas, width, _JACKETS[style % len(_JACKETS)], tie=not face.female)
    elif kind == 2 and not face.female:
        _koko(canvas, width, plain)
    else:
        _cloth(canvas, _shoulders(width, 548), plain)
        _collar(canvas, plain)
        _buttons(canvas, plain)


def _shoulders(width: float, throat_y: float) -> list[Point]:
    """The trunk with an opening for the neck that reaches down to `throat_y`."""
    half: list[Point] = [
        (0, throat_y),
        (26, 500),
        (58, 456),
        (96, 488),
        (width - 34, 516),
        (width, 556),
        (width + 14, 660),
        (0, 672),
    ]
    return mirrored(half, AXIS)


def _both(canvas: Canvas, right: Outline, colour: Colour) -> None:
    """A cornered shape, given as (distance from the axis, y), on both sides."""
    for side in (-1, 1):
        canvas.cornered([(AXIS + side * dx, y) for dx, y in right], colour)


def _cloth(canvas: Canvas, outline: list[Point], colour: Colour) -> None:
    canvas.fill(outline, colour)
    inside = canvas.mask(outline)
    for side in (-1, 1):
        arm = [(AXIS + side * 130, 566), (AXIS + side * 144, 560), (AXIS + side * 140, 660), (AXIS + side * 120, 660)]
        canvas.shade(arm, darker(colour, 0.6), 0.4, 9, inside)
        canvas.shade(oval(AXIS + side * 120, 512, 50, 10, side * 20), lighter(colour, 0.7), 0.28, 10, inside)


def _collar(canvas: Canvas, colour: Colour) -> None:
    """A turned-down collar."""
    leaf: list[Point] = [(54, 446), (84, 470), (62, 556), (0, 550), (20, 506), (40, 470)]
    for side in (-1, 1):
        canvas.shade([(AXIS + side * dx, y + 7) for dx, y in leaf], darker(colour, 0.8), 0.45, 6)
    _both(canvas, leaf, lighter(colour, 0.12))
    for side in (-1, 1):
        edge = [(AXIS + side * 84, 470), (AXIS + side * 62, 556), (AXIS, 548)]
        for start, end in pairwise(edge):
            canvas.stroke([start, end], darker(colour, 0.16), 1.4)


def _buttons(canvas: Canvas, colour: Colour) -> None:
    canvas.stroke([(AXIS - 9, 556), (AXIS - 9, 650)], darker(colour, 0.2), 1.5)
    for y in (578, 622):
        canvas.fill(oval(AXIS, y, 4, 4), lighter(colour, 0.5) if sum(colour) < 500 else darker(colour, 0.3))


def _koko(canvas: Canvas, width: float, colour: Colour) -> None:
    """A shirt with a standing collar and a stitched front."""
    _cloth(canvas, _shoulders(width, 516), colour)
    _both(canvas, [(60, 438), (70, 468), (0, 532), (0, 510)], lighter(colour, 0.14))
    canvas.cornered(
        [(AXIS - 16, 518), (AXIS, 532), (AXIS + 16, 518), (AXIS + 16, 650), (AXIS - 16, 650)], lighter(colour, 0.1)
    )
    for side in (-1, 1):
        canvas.stroke(
            [(AXIS + side * 70, 468), (AXIS + side * 36, 502), (AXIS + side * 1, 532)], darker(colour, 0.25), 1.6
        )
        canvas.stroke([(AXIS + side * 16, 520), (AXIS + side * 16, 650)], darker(colour, 0.25), 1.4)
    for y in range(552, 640, 26):
        canvas.cornered([(AXIS, y - 8), (AXIS + 8, y), (AXIS, y + 8), (AXIS - 8, y)], darker(colour, 0.2))


def _jacket(canvas: Canvas, width: float, colour: Colour, *, tie: bool) -> None:
    """A dark jacket over a white shirt, with or without a tie."""
    _cloth(canvas, _shoulders(width, 540), colour)
    throat = 520 if tie else 536
    canvas.cornered([(AXIS - 58, 456), (AXIS, throat), (AXIS + 58, 456), (AXIS + 40, 660), (AXIS - 40, 660)], _WHITE)
    if tie:
        red: Colour = (124, 30, 40)
        canvas.cornered([(AXIS - 13, 540), (AXIS + 13, 540), (AXIS + 22, 660), (AXIS - 22, 660)], red)
        canvas.cornered([(AXIS - 16, 518), (AXIS + 16, 518), (AXIS + 10, 548), (AXIS - 10, 548)], darker(red, 0.2))
    _both(canvas, [(54, 444), (72, 462), (42, 562), (2, throat + 2), (30, 496)], (230, 231, 237))
    lapel: list[Point] = [(64, 462), (112, 500), (88, 520), (96, 536), (30, 660), (20, 650), (44, 560)]
    for side in (-1, 1):
        canvas.shade([(AXIS + side * dx, y) for dx, y in lapel], (0, 0, 0), 0.4, 6)
    _both(canvas, lapel, lighter(colour, 0.09))


def _kawung(canvas: Canvas, motif: Colour) -> None:
    """Four-petalled batik flowers over everything."""
    for row, y in enumerate(range(450, 676, 22)):
        for x in range(20 + 11 * (row % 2), 470, 22):
            for turn, dx, dy in ((45, -5, -5), (-45, 5, -5), (-45, -5, 5), (45, 5, 5)):
                canvas.fill(oval(x + dx, y + dy, 5.4, 2.7, turn), motif)
