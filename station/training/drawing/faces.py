"""Neck, ears and face of a portrait, and what age does to them.

It must not know of hair, headwear or clothes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from station.training.drawing.canvas import Canvas, Colour, Point, darker, lighter, mirrored, mix, oval

AXIS = 240.0
EYES_Y = 268.0
_BLUSH: Colour = (206, 92, 84)
_WHITE: Colour = (250, 246, 242)


@dataclass(frozen=True)
class Face:
    """The measures of one face, in pixels of the finished picture."""

    female: bool
    age: int
    skin: Colour
    cheek: float
    jaw: float
    chin_y: float
    eye: float
    eye_gap: float
    brow: float
    nose: float
    mouth: float
    smile: float
    beard: int

    @staticmethod
    def of(rng: np.random.Generator, *, female: bool, age: int, skin: Colour) -> Face:
        """A face by chance."""
        vary = rng.uniform(-1, 1, 10)
        return Face(
            female=female,
            age=age,
            skin=skin,
            cheek=(93 if female else 97) + 4 * vary[0],
            jaw=(70 if female else 80) + 6 * vary[1],
            chin_y=(398 if female else 406) + 5 * vary[2],
            eye=21.5 + 1.5 * vary[3] + (1.5 if female else 0),
            eye_gap=43 + 2 * vary[4],
            brow=(5.6 if female else 7.5) + 1.0 * vary[5],
            nose=(18 if female else 21) + 2.5 * vary[6],
            mouth=27 + 3 * vary[7],
            smile=4.0 + 2.0 * vary[8],
            beard=0 if female or age < 20 else int(rng.choice(4, p=[0.55, 0.2, 0.15, 0.1])),
        )

    @property
    def outline(self) -> list[Point]:
        """The head from crown to chin."""
        half = [
            (0.0, 142.0),
            (58.0, 152.0),
            (self.cheek - 6, 200.0),
            (self.cheek, 262.0),
            (self.cheek - 5, 316.0),
            (self.jaw, self.chin_y - 46),
            (self.jaw * 0.58, self.chin_y - 11),
            (0.0, self.chin_y),
        ]
        return mirrored(half, AXIS)


def head(canvas: Canvas, face: Face, hair: Colour, *, asleep: bool = False) -> None:
    """Neck, ears, face; the eyes are closed when `asleep`."""
    _ears(canvas, face)
    canvas.fill(face.outline, face.skin)
    inside = canvas.mask(face.outline)
    shadow = darker(face.skin, 0.45)
    canvas.shade(_moved(face.outline, -face.cheek * 1.75), shadow, 0.42, 16, inside)
    canvas.shade(_moved(face.outline, face.cheek * 1.85), shadow, 0.30, 14, inside)
    canvas.shade(oval(AXIS, face.chin_y + 4, face.jaw * 0.9, 14), shadow, 0.35, 9, inside)
    canvas.shade(oval(AXIS - 6, 206, 46, 26), lighter(face.skin, 0.5), 0.5, 18, inside)
    for side in (-1, 1):
        canvas.shade(oval(AXIS + side * 55, 322, 22, 15), _BLUSH, 0.26 if face.female else 0.16, 11, inside)
        (_closed_eye if asleep else _eye)(canvas, face, side, hair)
    if face.beard:
        _beard(canvas, face, hair)
    _nose(canvas, face)
    _mouth(canvas, face)
    if face.age > 50:
        _lines_of_age(canvas, face)


def neck(canvas: Canvas, face: Face) -> None:
    """The neck with the shadow of the chin."""
    half = 46.0 if face.female else 54.0
    outline = mirrored([(0, 330), (half, 350), (half, 430), (half + 2, 466), (24, 530), (0, 566)], AXIS)
    canvas.fill(outline, mix(face.skin, darker(face.skin, 1), 0.07))
    shape = canvas.mask(outline)
    canvas.shade(oval(AXIS, face.chin_y + 2, half + 22, 40), darker(face.skin, 0.55), 0.62, 11, shape)
    for side in (-1, 1):
        canvas.shade(oval(AXIS + side * (half + 6), 430, 11, 66), darker(face.skin, 0.5), 0.4, 9, shape)


def _moved(outline: list[Point], dx: float) -> list[Point]:
    return [(x + dx, y) for x, y in outline]


def _ears(canvas: Canvas, face: Face) -> None:
    for side in (-1, 1):
        x = AXIS + side * (face.cheek + 4)
        canvas.fill(oval(x, 282, 14, 32, side * 8), mix(face.skin, _BLUSH, 0.12))
        canvas.shade(oval(x + side, 282, 7, 20, side * 8), darker(face.skin, 0.5), 0.55, 4)


def _eye(canvas: Canvas, face: Face, side: int, hair: Colour) -> None:
    x, half = AXIS + side * face.eye_gap, face.eye
    dark = darker(hair, 0.5) if face.age < 58 else (52, 40, 36)
    canvas.shade(oval(x, EYES_Y - 4, half + 10, 17), darker(face.skin, 0.5), 0.30, 7)
    inner, outer = x - side * half, x + side * half
    lid = [(inner, EYES_Y + 2.5), (x - side * 9, EYES_Y - 7), (x + side * 6, EYES_Y - 8.5), (outer, EYES_Y - 2)]
    almond = [*lid, (x + side * 9, EYES_Y + 6), (x - side * 6, EYES_Y + 7)]
    with canvas.within(almond):
        canvas.fill(almond, _WHITE)
        canvas.fill(oval(x, EYES_Y - 1, 9.4, 9.4), (62, 38, 26))
        canvas.fill(oval(x, EYES_Y - 1, 4.4, 4.4), (18, 12, 10))
        canvas.fill(oval(x + 3, EYES_Y - 4.2, 2.2, 2.2), (255, 255, 255))
        canvas.shade(oval(x, EYES_Y - 9, half, 4), (60, 40, 34), 0.5, 2.5)
    canvas.stroke(lid, dark, 4.6 if face.female else 3.4, taper=True)
    canvas.stroke([(inner, EYES_Y + 3), (x, EYES_Y + 7.6), (outer, EYES_Y - 1)], darker(face.skin, 0.42), 1.3)
    crease = [(inner + side * 3, EYES_Y - 9), (x, EYES_Y - 16), (outer + side * 2, EYES_Y - 9)]
    canvas.stroke(crease, darker(face.skin, 0.34), 1.9, taper=True)
    _brow(canvas, face, side, hair)


def _closed_eye(canvas: Canvas, face: Face, side: int, hair: Colour) -> None:
    x, half = AXIS + side * face.eye_gap, face.eye
    canvas.shade(oval(x, EYES_Y - 2, half + 8, 14), darker(face.skin, 0.5), 0.25, 6)
    lid = [(x - side * half, EYES_Y + 4), (x, EYES_Y + 8), (x + side * half, EYES_Y + 3)]
    canvas.stroke(lid, darker(hair, 0.5), 4.0 if face.female else 3.2, taper=True)
    _brow(canvas, face, side, hair)


def _brow(canvas: Canvas, face: Face, side: int, hair: Colour) -> None:
    x = AXIS + side * face.eye_gap
    brow = hair if face.age < 58 else mix(hair, (70, 60, 56), 0.5)
    arch = [(x - side * 27, 241), (x - side * 8, 236), (x + side * 12, 233.5), (x + side * 31, 243)]
    canvas.stroke(arch, mix(brow, face.skin, 0.18), face.brow, taper=True)


def _nose(canvas: Canvas, face: Face) -> None:
    tip, half = 322.0, face.nose
    shade = darker(face.skin, 0.45)
    canvas.shade([(AXIS + 5, 270), (AXIS + 11, 300), (AXIS + 14, tip), (AXIS + 5, tip - 4)], shade, 0.36, 5)
    canvas.shade(oval(AXIS, tip + 9, half * 0.95, 6), shade, 0.55, 4)
    canvas.shade(oval(AXIS - 3, tip - 10, 7, 11), lighter(face.skin, 0.7), 0.45, 5)
    for side in (-1, 1):
        wing = [
            (AXIS + side * half * 0.8, tip - 9),
            (AXIS + side * half, tip + 1),
            (AXIS + side * half * 0.66, tip + 8),
        ]
        canvas.stroke(wing, darker(face.skin, 0.38), 2.2, taper=True)
        canvas.fill(oval(AXIS + side * half * 0.42, tip + 6.5, 4.2, 2.1, side * -14), darker(face.skin, 0.68))


def _mouth(canvas: Canvas, face: Face) -> None:
    y, half = (face.chin_y + 322) / 2 - 3, face.mouth
    tint: Colour = (176, 62, 66) if face.female else (156, 84, 74)
    lips = mix(face.skin, tint, 0.72 if face.female else 0.5)
    left, right = (AXIS - half, y - face.smile), (AXIS + half, y - face.smile)
    canvas.shade(oval(AXIS, y + 17, half * 0.62, 5), darker(face.skin, 0.5), 0.5, 5)
    upper = [left, (AXIS - 10, y - 8), (AXIS, y - 5.5), (AXIS + 10, y - 8), right, (AXIS, y + 3)]
    canvas.fill(upper, darker(lips, 0.14))
    canvas.fill([left, (AXIS, y + 1), right, (AXIS + 12, y + 9.5), (AXIS, y + 11.5), (AXIS - 12, y + 9.5)], lips)
    canvas.shade(oval(AXIS, y + 6.5, 10, 2), lighter(lips, 0.6), 0.5, 2)
    canvas.stroke([left, (AXIS, y + 1), right], darker(lips, 0.55), 2.0, taper=True)


def _beard(canvas: Canvas, face: Face, hair: Colour) -> None:
    y = (face.chin_y + 322) / 2 - 3
    if face.beard in (1, 3):
        half: list[Point] = [(0, y - 15), (16, y - 15), (29, y - 6), (14, y - 8), (0, y - 9)]
        canvas.shade(mirrored(half, AXIS), hair, 0.8, 1.6)
    if face.beard in (2, 3):
        canvas.shade(oval(AXIS, face.chin_y - 9, 22, 14), hair, 0.9, 3, canvas.mask(face.outline))


def _lines_of_age(canvas: Canvas, face: Face) -> None:
    tone = darker(face.skin, 0.30)
    width = 1.2 + 0.02 * (face.age - 50)
    for side in (-1, 1):
        canvas.stroke(
            [(AXIS + side * 25, 326), (AXIS + side * 37, 344), (AXIS + side * 39, 362)], tone, width + 0.6, taper=True
        )
        canvas.stroke(
            [(AXIS + side * 26, 284), (AXIS + side * 44, 290), (AXIS + side * 60, 284)], tone, width, taper=True
        )
        canvas.stroke([(AXIS + side * 69, 262), (AXIS + side * 78, 257)], tone, width, taper=True)
    for y in (196, 212):
        canvas.stroke([(AXIS - 42, y + 3), (AXIS, y - 2), (AXIS + 42, y + 3)], tone, width, taper=True)
