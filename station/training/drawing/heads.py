"""What is on the head of a portrait: hair or the black cap.

It must not know of the features of the face or of clothes.
"""

from __future__ import annotations

import numpy as np

from station.training.drawing.canvas import Canvas, Colour, Point, darker, lighter, mirrored
from station.training.drawing.faces import AXIS, Face

_HAIR: tuple[Colour, ...] = ((26, 22, 22), (34, 27, 25), (44, 32, 27))
_GREY: tuple[Colour, ...] = ((150, 148, 148), (112, 110, 112), (196, 194, 192))


def hair_colour(rng: np.random.Generator, *, old: bool) -> Colour:
    """Black to dark brown, grey for the old."""
    choice = _GREY if old else _HAIR
    return choice[int(rng.integers(len(choice)))]


def behind(canvas: Canvas, face: Face, hair: Colour, style: int) -> None:
    """Hair that falls behind the shoulders, or a knot above them."""
    if not face.female:
        return
    side = face.cheek
    if style % 3 == 2:
        canvas.fill(mirrored([(0, 92), (38, 104), (44, 132), (0, 160)], AXIS), darker(hair, 0.1))
        return
    end = 560.0 if style % 3 == 0 else 440.0
    half: list[Point] = [
        (0, 116),
        (70, 126),
        (side + 20, 190),
        (side + 30, 290),
        (side + 32, 380),
        (side + 26, end),
        (0, end + 6),
    ]
    canvas.fill(mirrored(half, AXIS), darker(hair, 0.15))


def front(canvas: Canvas, face: Face, hair: Colour, style: int) -> None:
    """The hair around forehead and temples."""
    side = face.cheek
    low = 300.0 if face.female else 258.0
    cap: list[Point] = [
        (0, 110),
        (62, 120),
        (side + 2, 166),
        (side + 13, 214),
        (side + 12, 254),
        (side + 6, low),
        (side - 12, low),
        (0, 250),
    ]
    if not face.female:
        cap = [
            (0, 118),
            (60, 127),
            (side - 1, 170),
            (side + 7, 218),
            (side + 5, low),
            (side - 4, low + 4),
            (side - 14, 240),
            (0, 240),
        ]
    shape = mirrored(cap, AXIS)
    gloss: list[Point] = [(AXIS - 60, 146), (AXIS - 10, 130), (AXIS + 20, 134), (AXIS - 40, 164)]
    with canvas.outside(_hairline(face, style)):
        canvas.fill(shape, hair)
        canvas.shade(gloss, lighter(hair, 0.55), 0.38, 9, canvas.mask(shape))


def _hairline(face: Face, style: int) -> list[Point]:
    """The part of the face that hair leaves free."""
    side = face.cheek
    bottom: list[Point] = [
        (AXIS + side - 7, 300),
        (AXIS + side - 10, 420),
        (AXIS - side + 10, 420),
        (AXIS - side + 7, 300),
    ]
    if face.female and style % 2:
        return [
            (AXIS - side + 8, 244),
            (AXIS - 72, 200),
            (AXIS - 28, 158),
            (AXIS + 36, 178),
            (AXIS + 76, 212),
            (AXIS + side - 6, 250),
            *bottom,
        ]
    if face.female:
        return [
            (AXIS - side + 8, 246),
            (AXIS - 66, 204),
            (AXIS, 152),
            (AXIS + 66, 204),
            (AXIS + side - 8, 246),
            *bottom,
        ]
    height = 170.0 if face.age < 55 else 154.0
    tilt = (style % 3 - 1) * 9
    top: list[Point] = [
        (AXIS - side + 6, 236),
        (AXIS - side + 16, 204),
        (AXIS - 58, height + 10 + tilt),
        (AXIS, height + 2),
        (AXIS + 58, height + 10 - tilt),
        (AXIS + side - 16, 204),
        (AXIS + side - 6, 236),
    ]
    return [*top, *bottom]


def cap(canvas: Canvas) -> None:
    """A peci: black velvet, flat on top."""
    black: Colour = (24, 24, 30)
    half: list[Point] = [(0, 106), (80, 114), (95, 134), (102, 206), (60, 193), (0, 188)]
    outline = mirrored(half, AXIS)
    canvas.fill(outline, black)
    inside = canvas.mask(outline)
    canvas.shade(
        [(AXIS - 70, 116), (AXIS - 20, 108), (AXIS - 26, 182), (AXIS - 76, 186)], (110, 110, 126), 0.5, 14, inside
    )
    canvas.stroke([(AXIS - 88, 126), (AXIS, 117), (AXIS + 88, 126)], (52, 52, 60), 2, taper=True)
