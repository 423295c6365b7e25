"""The wall behind a person: its colour, and whether it is one colour everywhere.

It must not know whose face it is. It looks left and right of the head, above the shoulders, inside the portrait only:
the rest of the room is nobody's business.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from station.capture.face.framing import Box
from station.capture.face.models import Rgb
from station.domain.eligibility import Background

_SMALL = 96, 128  # width and height to which the portrait is brought
_BESIDE = 0.13  # of the width, on either side
_ABOVE_SHOULDERS = 0.52  # of the height
_COLOURED = 0.35
_HUES: dict[Background, tuple[float, float]] = {
    Background.RED: (340.0, 15.0),
    Background.ORANGE: (16.0, 45.0),
    Background.BLUE: (190.0, 250.0),
}


@dataclass(frozen=True)
class Ground:
    """Hue 0 to 360, saturation 0 to 1, spread of brightness 0 to 1."""

    hue: float
    colour: float
    uneven: float

    def is_of(self, wanted: Background) -> bool:
        """True when people would call it by the name of the colour."""
        low, high = _HUES[wanted]
        right = low <= self.hue <= high if low < high else self.hue >= low or self.hue <= high
        return right and self.colour >= _COLOURED


def ground_of(rgb: Rgb, portrait: Box) -> Ground:
    """The wall within `portrait`, as far as it is in the picture."""
    width, height = _SMALL
    there = np.array(
        [
            [width / portrait.width, 0, -portrait.left * width / portrait.width],
            [0, height / portrait.height, -portrait.top * height / portrait.height],
        ]
    )
    # What lies outside the picture becomes black, and black is left out below.
    seen = cv2.warpAffine(np.full(rgb.shape[:2], 255, np.uint8), there, _SMALL)
    small = cv2.warpAffine(cv2.blur(rgb, (3, 3)), there, _SMALL)
    beside = int(width * _BESIDE)
    wall = np.zeros((height, width), np.bool_)
    wall[2 : int(height * _ABOVE_SHOULDERS), :beside] = True
    wall[2 : int(height * _ABOVE_SHOULDERS), width - beside :] = True
    wall &= seen == 255
    if not wall.any():
        return Ground(0, 0, 0)
    colours = cv2.cvtColor(small, cv2.COLOR_RGB2HSV)[wall].astype(np.float64)
    turn = np.exp(1j * np.radians(colours[:, 0] * 2))
    mean = complex((turn * colours[:, 1]).sum())  # grey has no hue to speak of
    low, high = np.percentile(colours[:, 2], (5, 95))
    return Ground(
        hue=float(np.degrees(np.angle(mean)) % 360),
        colour=float(np.median(colours[:, 1])) / 255,
        uneven=float(high - low) / 255,
    )
