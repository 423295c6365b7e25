"""How grown ridges look when pressed on glass: turned, stretched, dry, wet, half beside the glass or noisy.

It must not know of devices or of how good a scanner calls the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates

from station.training.drawing.grain import Field, soft, source, white
from station.training.drawing.marking import mark

_PAPER = 245.0


class Condition(StrEnum):
    """The state of the finger on the glass."""

    NORMAL = "normal"
    DRY = "dry"
    WET = "wet"
    PARTIAL = "partial"
    NOISY = "noisy"


@dataclass(frozen=True)
class _Look:
    """What a condition does: ink moves the ridge width, gaps and blots are shares of the area, grain is noise."""

    ink: float = 0.0
    gaps: float = 0.0
    blots: float = 0.0
    grain: float = 0.2
    slide: float = 0.0


_LOOKS = {
    Condition.NORMAL: _Look(ink=-0.1, gaps=0.1, grain=0.2),
    Condition.DRY: _Look(ink=-0.95, gaps=0.8, grain=0.6),
    Condition.WET: _Look(ink=1.0, blots=0.9),
    Condition.PARTIAL: _Look(slide=0.55),
    Condition.NOISY: _Look(grain=1.6, gaps=0.2),
}


def impression(ridges: Field, seed: int, condition: Condition = Condition.NORMAL) -> NDArray[np.uint8]:
    """An 8-bit grey scan of `ridges` (dark on light), marked CONTOH in a corner outside the finger."""
    rng = source(seed, 77)
    look = _LOOKS[condition]
    pressed = _distort(rng, ridges)
    pressed = np.tanh(2.2 * (pressed + look.ink + 0.06 * rng.standard_normal()))
    pressed -= look.grain * soft(rng, ridges.shape, 1.2)
    if look.gaps:
        pressed = np.where(soft(rng, ridges.shape, 2.0) > _level(look.gaps), -0.9, pressed)
    if look.blots:
        pressed = np.where(soft(rng, ridges.shape, 9) > _level(look.blots), 0.95, pressed)
    touching = _contact(rng, ridges.shape, look.slide)
    grey = _PAPER * (1 - touching) + (133 - 98 * pressed) * touching
    grey = gaussian_filter(grey, 0.6) + 2 * white(rng, ridges.shape)
    image = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    mark(image, (6, 4), 13, 150)
    return np.asarray(image)


def _level(share: float) -> float:
    """The height that soft noise (standard deviation 1) passes on about half of `share` of the area."""
    return 2.0 - 2.4 * share


def _distort(rng: np.random.Generator, ridges: Field) -> Field:
    """Turn by some degrees, move by some pixels and stretch the skin a little."""
    height, width = ridges.shape
    angle = np.deg2rad(rng.normal(0, 3))
    move_x, move_y = rng.normal(0, 5, 2)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x - width / 2, y - height / 2
    along = np.cos(angle) * x - np.sin(angle) * y + width / 2 + move_x + 1.2 * soft(rng, ridges.shape, 60)
    down = np.sin(angle) * x + np.cos(angle) * y + height / 2 + move_y + 1.2 * soft(rng, ridges.shape, 60)
    turned: Field = map_coordinates(ridges, [down, along], order=1, mode="nearest")
    return turned


def _contact(rng: np.random.Generator, shape: tuple[int, int], slide: float) -> Field:
    """1 where skin touches the glass, 0 beside it: an uneven oval, moved sideways by `slide` of the width."""
    height, width = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    side = width * slide * (1 if rng.random() < 0.5 else -1)
    oval = ((x - width / 2 - side) / (width * 0.41)) ** 2 + ((y - height * 0.52) / (height * 0.455)) ** 2
    uneven = oval + 0.035 * soft(rng, shape, 10) + 0.03 * soft(rng, shape, 3)
    inside: Field = 1 / (1 + np.exp(np.clip((uneven - 1) * 22, -40, 40)))
    return inside.astype(np.float32)
