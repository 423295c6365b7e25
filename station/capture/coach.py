"""What to tell the person, measured on the picture: a hint code, or '' when nothing is wrong.

It must not know of devices or of the sentences shown: the window turns codes into words.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter

from station.capture.codecs import Grey, Rgb
from station.capture.iris_measure import NO_EYE, measure_iris
from station.capture.quality import face_quality
from station.domain.biometrics import QUALITY_FLOOR, Modality

_SKIN_DEVIATION = 22.0  # ridges and valleys differ, glass does not
_SMALLEST_SHARE = 0.30
_LEAST_CENTRED = 0.16
_DRY_ABOVE, _WET_BELOW = 185.0, 92.0
_FACE_FLOOR = 50

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
    "face.dark",
    "face.bright",
    "face.blurred",
)
"""Every code that `finger_hint`, `iris_hint` and `face_hint` can give."""


def finger_hint(grey: Grey) -> str:
    """Too little skin on the glass, beside the middle, too pale or too dark."""
    picture = grey.astype(np.float32)
    mean = uniform_filter(picture, 17)
    deviation = np.sqrt(np.maximum(uniform_filter(picture * picture, 17) - mean * mean, 0))
    skin = (deviation > _SKIN_DEVIATION) | (mean < _WET_BELOW)
    share = float(skin.mean())
    if share < 0.05:
        return "finger.none"
    centre = float(np.nonzero(skin)[1].mean()) / grey.shape[1]
    if share < _SMALLEST_SHARE or abs(centre - 0.5) > _LEAST_CENTRED:
        return "finger.partial"
    level = float(picture[skin].mean())
    if level > _DRY_ABOVE:
        return "finger.dry"
    return "finger.wet" if level < _WET_BELOW else ""


def iris_hint(grey: Grey) -> str:
    """The weakest measure of the eye when it is below the floor."""
    measure = measure_iris(grey)
    if measure == NO_EYE:
        return "iris.none"
    return f"iris.{measure.weakest}" if measure.quality < QUALITY_FLOOR[Modality.IRIS] else ""


def face_hint(rgb: Rgb) -> str:
    """Too dark, too bright or not sharp."""
    middle = rgb[rgb.shape[0] // 5 : rgb.shape[0] * 4 // 5, rgb.shape[1] // 4 : rgb.shape[1] * 3 // 4]
    level = float(np.median(middle))
    if face_quality(rgb) >= _FACE_FLOOR:
        return ""
    if level < 70:
        return "face.dark"
    return "face.bright" if level > 210 else "face.blurred"
