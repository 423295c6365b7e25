"""Drawn fingers of one synthetic person, alone and as slaps on a scanner's glass, each drawn once in a test run."""

from __future__ import annotations

from functools import cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from station.training.drawing.impressions import Condition, impression
from station.training.drawing.prints import HEIGHT, WIDTH, master

Pixels = NDArray[np.uint8]
GLASS = (1500, 1600)
PAPER = 245
SEED = 5
_SKIN_WIDTH = 328  # of the drawing's 400 pixels
_DOWN = {1: 420, 2: 310, 3: 250, 4: 270, 5: 360}


@cache
def ridges(finger: int) -> NDArray[np.float32]:
    return master(SEED, finger)


@cache
def drawn(finger: int, take: int = 1, condition: Condition = Condition.NORMAL) -> Pixels:
    """ISO finger `finger`, 400 by 500 pixels at 500 ppi."""
    return impression(ridges(finger), 100 * take + finger, condition)


def slap(
    fingers: tuple[int, ...],
    *,
    gap: int = 40,
    tilt: float = 0,
    conditions: dict[int, Condition] | None = None,
    glass: tuple[int, int] = GLASS,
    take: int = 1,
) -> Pixels:
    """`fingers` from left to right, `gap` pixels of glass between them, turned by `tilt` degrees."""
    height, width = glass
    room = ceil(0.25 * max(glass))
    canvas = np.full((height + 2 * room, width + 2 * room), PAPER, np.uint8)
    left = room + (width - len(fingers) * _SKIN_WIDTH - (len(fingers) - 1) * gap) // 2 - (WIDTH - _SKIN_WIDTH) // 2
    for finger in fingers:
        top = room + _DOWN[(finger - 1) % 5 + 1]
        spot = canvas[top : top + HEIGHT, left : left + WIDTH]
        np.minimum(spot, drawn(finger, take, (conditions or {}).get(finger, Condition.NORMAL)), out=spot)
        left += _SKIN_WIDTH + gap
    turned = Image.fromarray(canvas)
    if tilt:
        turned = turned.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)
    return np.asarray(turned)[room : room + height, room : room + width]
