"""A stylised portrait from a seed: head and shoulders, 480 by 640, plainly a drawing and marked CONTOH.

It must not know of people or devices: who sits for it is told in a Sitter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from station.domain.eligibility import Background
from station.training.drawing import clothes, faces, heads, headscarves
from station.training.drawing.canvas import Canvas, Colour, oval
from station.training.drawing.grain import source
from station.training.drawing.marking import mark, watermark

HEIGHT = 640
WIDTH = 480
_OLD = 58

_GROUND: dict[Background, Colour] = {
    Background.RED: (196, 34, 44),
    Background.BLUE: (34, 108, 190),
    Background.ORANGE: (232, 134, 44),
}
_SKINS: tuple[Colour, ...] = (
    (240, 204, 172),
    (229, 187, 150),
    (214, 168, 128),
    (196, 148, 108),
    (170, 121, 84),
    (133, 92, 64),
)


@dataclass(frozen=True)
class Sitter:
    """Who sits for the portrait."""

    female: bool
    age: int
    background: Background
    headscarf: bool = False
    cap: bool = False
    asleep: bool = False


def portrait(seed: int, sitter: Sitter) -> Image.Image:
    """The portrait of the person `seed`, RGB."""
    rng = source(seed, 480)
    skin = _SKINS[int(rng.integers(len(_SKINS)))]
    face = faces.Face.of(rng, female=sitter.female, age=sitter.age, skin=skin)
    hair = heads.hair_colour(rng, old=sitter.age >= _OLD)
    canvas = _backdrop(sitter.background)
    style = int(rng.integers(1000))
    cloth = headscarves.scarf_colour(rng)
    if sitter.headscarf:
        headscarves.under_scarf(canvas, face, cloth)
    else:
        heads.behind(canvas, face, hair, style)
    clothes.body(canvas, face, style, headscarf=sitter.headscarf)
    faces.head(canvas, face, hair, asleep=sitter.asleep)
    if sitter.headscarf:
        headscarves.headscarf(canvas, face, cloth)
    else:
        heads.front(canvas, face, hair, style)
        if sitter.cap:
            heads.cap(canvas)
    picture = watermark(canvas.picture(), 0.17)
    mark(picture, (14, 12), 17, (255, 255, 255))
    return picture


def _backdrop(background: Background) -> Canvas:
    """A plain wall, a little lighter behind the head."""
    ground = _GROUND[background]
    canvas = Canvas(WIDTH, HEIGHT, ground)
    canvas.shade(oval(WIDTH / 2, 270, 190, 220), (255, 255, 255), 0.22, 70)
    return canvas


def pixels(picture: Image.Image) -> NDArray[np.uint8]:
    """The picture as rows, columns, red-green-blue."""
    return np.asarray(picture.convert("RGB"), dtype=np.uint8)


def blurred(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same picture as if the head had moved."""
    return pixels(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(5)))
