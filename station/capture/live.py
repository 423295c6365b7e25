"""Live frames: a JPEG opened at the size it will be shown in, and what the coach says of it.

It runs in children of the lab only. A frame shows one finger or a whole slap, one eye or both, at whatever scale the
device likes: its hints are rougher than those of a capture.
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image
from scipy.ndimage import uniform_filter

from station.capture import coach
from station.capture.codecs import Grey, Rgb
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError

_MAX_PIXELS = 20_000_000
_SMALLEST_SIDE = 32
_HINT_WIDTH = 480  # the hint is measured on a smaller copy: thirty frames a second leave it ten milliseconds
_SKIN_DEVIATION = 9.0
_LEAST_SKIN = 0.03
_TWO_EYES = 1.8  # times as wide as high
_EYE_WIDTH = 640  # what the measures of an eye are made for


def opened(jpeg: bytes, modality: Modality, most: tuple[int, int]) -> Grey | Rgb:
    """The pixels, at most `most` (width, height): colour for a face, grey for all others."""
    mode = "RGB" if modality is Modality.FACE else "L"
    try:
        with Image.open(BytesIO(jpeg), formats=("JPEG",)) as image:
            if image.width * image.height > _MAX_PIXELS or min(image.size) < _SMALLEST_SIDE:
                raise DeviceError("device.bad_image", format="frame", reason="dimensions")
            image.draft(mode, most)  # decodes a half, a quarter or an eighth at once
            picture = image.convert(mode)
    except (OSError, SyntaxError, ValueError, IndexError, OverflowError, Image.DecompressionBombError) as broken:
        raise DeviceError("device.bad_image", format="frame", reason=type(broken).__name__) from broken
    picture.thumbnail(most, Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.uint8)


def seen(pixels: Grey | Rgb, modality: Modality, floor: int) -> str:
    """The coach's hint or ''; an eye whose quality reaches `floor` needs none."""
    match modality:
        case Modality.FINGER:
            return _finger(pixels)
        case Modality.IRIS:
            return _iris(pixels, floor)
        case _:
            return ""


def _finger(grey: Grey) -> str:
    """None, dry or wet; whether fingers lie in the middle is seen better by the eye than said."""
    small = Image.fromarray(grey)
    small.thumbnail((_HINT_WIDTH, _HINT_WIDTH * 2), Image.Resampling.BOX)
    picture = np.asarray(small, dtype=np.float32)
    mean = uniform_filter(picture, 7)
    deviation = np.sqrt(np.maximum(uniform_filter(picture * picture, 7) - mean * mean, 0))
    skin = (deviation > _SKIN_DEVIATION) | (mean < coach.WET_BELOW)
    if float(skin.mean()) < _LEAST_SKIN:
        return "finger.none"
    return coach.moisture(float(picture[skin].mean()))


def _iris(grey: Grey, floor: int) -> str:
    """What is wrong with the worse eye."""
    height, width = grey.shape
    eyes = (grey,) if width < _TWO_EYES * height else (grey[:, : width // 2], grey[:, width // 2 :])
    hints = [coach.iris_hint(_as_captured(eye), floor) for eye in eyes]
    return next(filter(None, hints), "")


def _as_captured(eye: Grey) -> Grey:
    height, width = eye.shape
    if width == _EYE_WIDTH:
        return eye
    size = (_EYE_WIDTH, round(height * _EYE_WIDTH / width))
    return np.asarray(Image.fromarray(eye).resize(size, Image.Resampling.BILINEAR), dtype=np.uint8)
