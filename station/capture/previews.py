"""Live frames of a simulated capture: the parts beside each other, small, and sharper from frame to frame.

It must not know of devices' state or of encodings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from station.capture.coach import face_hint, finger_hint, iris_hint
from station.capture.scene import Sample
from station.domain.biometrics import Modality
from station.domain.ports import Preview

_HEIGHT = 320
_GAP = 8


def frames(modality: Modality, samples: Sequence[Sample], count: int) -> Iterator[Preview]:
    """`count` frames; the hint is measured on the worst sample and vanishes when nothing is wrong."""
    sheet = _side_by_side([sample.pixels for sample in samples])
    hint = next(filter(None, (_hint(modality, sample) for sample in samples)), "")
    for number in range(count):
        share = (number + 1) / count
        shown = _appearing(modality, sheet, share)
        pixels = np.asarray(shown, dtype=np.uint8)
        channels = 3 if pixels.ndim == 3 else 1
        yield Preview(pixels.tobytes(), shown.width, shown.height, channels, hint)


def _side_by_side(pictures: Sequence[NDArray[np.uint8]]) -> Image.Image:
    small = [_small(Image.fromarray(picture)) for picture in pictures]
    width = sum(picture.width for picture in small) + _GAP * (len(small) - 1)
    sheet = Image.new(small[0].mode, (width, small[0].height), "white")
    left = 0
    for picture in small:
        sheet.paste(picture, (left, 0))
        left += picture.width + _GAP
    return sheet


def _small(picture: Image.Image) -> Image.Image:
    if picture.height <= _HEIGHT:
        return picture
    return picture.resize((picture.width * _HEIGHT // picture.height, _HEIGHT), Image.Resampling.BOX)


def _appearing(modality: Modality, sheet: Image.Image, share: float) -> Image.Image:
    """Skin settles on the glass, lenses find their focus, ink follows the pen."""
    if modality is Modality.SIGNATURE:
        blank = Image.new(sheet.mode, sheet.size, "white")
        blank.paste(sheet.crop((0, 0, round(sheet.width * share), sheet.height)), (0, 0))
        return blank
    if modality is Modality.FINGER:
        return Image.blend(Image.new(sheet.mode, sheet.size, "white"), sheet, min(1.0, 0.25 + share))
    return sheet.filter(ImageFilter.GaussianBlur(5 * (1 - share))) if share < 1 else sheet


def _hint(modality: Modality, sample: Sample) -> str:
    match modality:
        case Modality.FINGER:
            return finger_hint(sample.pixels)
        case Modality.IRIS:
            return iris_hint(sample.pixels)
        case Modality.FACE:
            return face_hint(sample.pixels)
        case Modality.SIGNATURE:
            return ""
