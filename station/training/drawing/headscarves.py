"""The headscarf of a portrait, from the cloth behind the cheeks to the end laid across the chest.

It must not know of the features of the face or of clothes.
"""

from __future__ import annotations

import numpy as np

from station.training.drawing.canvas import Canvas, Colour, Point, darker, lighter, mirrored, oval
from station.training.drawing.faces import AXIS, Face

_SCARVES: tuple[Colour, ...] = (
    (92, 116, 138),
    (176, 140, 150),
    (58, 92, 84),
    (206, 190, 164),
    (84, 66, 96),
    (40, 52, 78),
    (150, 84, 70),
    (226, 222, 214),
)


def scarf_colour(rng: np.random.Generator) -> Colour:
    """The cloth of a headscarf."""
    return _SCARVES[int(rng.integers(len(_SCARVES)))]


def under_scarf(canvas: Canvas, face: Face, cloth: Colour) -> None:
    """The inside of the scarf, seen beside cheeks and jaw."""
    canvas.fill(oval(AXIS, 290, face.cheek + 8, 140), darker(cloth, 0.35))


def headscarf(canvas: Canvas, face: Face, cloth: Colour) -> None:
    """A hijab: over the head, around the face, one end laid across the chest."""
    opening = _opening(face)
    with canvas.outside(opening):
        _hood(canvas, face, cloth)
        _drape(canvas, face, cloth)
    canvas.shade(_rim(face), darker(face.skin, 0.6), 0.5, 6, canvas.mask(opening))
    canvas.stroke([*opening, opening[0]], darker(cloth, 0.22), 2.4)


def _hood(canvas: Canvas, face: Face, cloth: Colour) -> None:
    side = face.cheek
    half: list[Point] = [
        (0, 104),
        (62, 114),
        (side + 12, 164),
        (side + 25, 250),
        (side + 27, 340),
        (side + 40, 420),
        (side + 74, 500),
        (side + 84, 580),
        (64, 632),
        (0, 652),
    ]
    outline = mirrored(half, AXIS)
    canvas.fill(outline, cloth)
    inside = canvas.mask(outline)
    for flank in (-1, 1):
        fold = [(side + 20, 200), (side + 34, 330), (side + 6, 420), (side + 2, 280)]
        canvas.shade([(AXIS + flank * dx, y) for dx, y in fold], darker(cloth, 0.55), 0.5, 12, inside)
    gloss: list[Point] = [(AXIS - 70, 150), (AXIS - 14, 118), (AXIS + 16, 124), (AXIS - 52, 172)]
    canvas.shade(gloss, lighter(cloth, 0.7), 0.4, 12, inside)


def _opening(face: Face) -> list[Point]:
    side = face.cheek
    half: list[Point] = [
        (0, 176),
        (48, 186),
        (side - 14, 226),
        (side - 5, 290),
        (side - 15, 346),
        (face.jaw * 0.62, face.chin_y - 10),
        (0, face.chin_y + 3),
    ]
    return mirrored(half, AXIS)


def _rim(face: Face) -> list[Point]:
    """The shadow the cloth throws on the forehead."""
    side = face.cheek
    return [
        (AXIS - side, 250),
        (AXIS - 60, 190),
        (AXIS, 172),
        (AXIS + 60, 190),
        (AXIS + side, 250),
        (AXIS + 66, 200),
        (AXIS, 182),
        (AXIS - 66, 200),
    ]


def _drape(canvas: Canvas, face: Face, colour: Colour) -> None:
    """The folds below the chin and the end laid over one shoulder."""
    chin, side = face.chin_y, face.cheek
    over: list[Point] = [
        (AXIS - side - 4, 370),
        (AXIS - 40, chin + 26),
        (AXIS + 30, chin + 44),
        (AXIS + side + 64, 500),
        (AXIS + side + 60, 590),
        (AXIS + 10, 560),
        (AXIS - 70, 480),
    ]
    canvas.shade(_lower(over), darker(colour, 0.6), 0.5, 9)
    canvas.fill(over, lighter(colour, 0.06))
    for start, end in ((380, 512), (392, 542), (410, 572)):
        fold = [(AXIS - side + 2, start), (AXIS - 30, start + 66), (AXIS + side + 30, end)]
        canvas.stroke(fold, darker(colour, 0.22), 2.6, taper=True)
    canvas.shade(
        [(AXIS - 60, chin + 2), (AXIS, chin + 20), (AXIS + 60, chin + 2), (AXIS, chin - 10)],
        darker(colour, 0.7),
        0.6,
        9,
    )


def _lower(outline: list[Point]) -> list[Point]:
    return [(x, y + 7) for x, y in outline]
