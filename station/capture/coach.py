"""What to tell the person, measured on the picture: a hint code, or '' when nothing is wrong.

It must not know of devices or of the sentences shown: the window turns codes into words.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter

from station.capture.codecs import Grey
from station.capture.iris_measure import NO_EYE, IrisMeasure, measure_iris

_SKIN_DEVIATION = 22.0  # ridges and valleys differ, glass does not
_SMALLEST_SHARE = 0.30
_LEAST_CENTRED = 0.16
_DRY_ABOVE, WET_BELOW = 185.0, 92.0

HINTS: tuple[str, ...] = (
    "finger.none",
    "finger.dry",
    "finger.wet",
    "finger.partial",
    "iris.none",
    "iris.visible",
    "iris.sharpness",
    "iris.contrast",
    "iris.size",
    "iris.lens",
)
"""Every code that `finger_hint` and `iris_hint` can give."""


def finger_hint(grey: Grey) -> str:
    """Too little skin on the glass, beside the middle, too pale or too dark."""
    picture = grey.astype(np.float32)
    mean = uniform_filter(picture, 17)
    deviation = np.sqrt(np.maximum(uniform_filter(picture * picture, 17) - mean * mean, 0))
    skin = (deviation > _SKIN_DEVIATION) | (mean < WET_BELOW)
    share = float(skin.mean())
    if share < 0.05:
        return "finger.none"
    centre = float(np.nonzero(skin)[1].mean()) / grey.shape[1]
    if share < _SMALLEST_SHARE or abs(centre - 0.5) > _LEAST_CENTRED:
        return "finger.partial"
    return moisture(float(picture[skin].mean()))


def moisture(level: float) -> str:
    """What the mean grey level of the skin says: ridges that hardly touch are pale, ridges in water are dark."""
    if level > _DRY_ABOVE:
        return "finger.dry"
    return "finger.wet" if level < WET_BELOW else ""


def iris_hint(grey: Grey, floor: int) -> str:
    """The weakest measure of the eye when it is below the floor."""
    return told_of_iris(measure_iris(grey), floor)


def told_of_iris(measure: IrisMeasure, floor: int) -> str:
    """The hint that belongs to a measure. A lens is asked about only when nothing else is wrong."""
    if measure == NO_EYE:
        return "iris.none"
    if measure.quality < floor:
        return f"iris.{measure.weakest}"
    return "iris.lens" if measure.lens_suspected else ""
