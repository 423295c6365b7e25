"""The word CONTOH, burnt into every drawing so that none can pass for a person.

It must not know what it marks.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import station

WORD = "CONTOH"
_FONT = Path("fonts") / "PlusJakartaSans-Bold.ttf"


@lru_cache(maxsize=16)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """The bundled typeface at `size_px`.

    Laid out by Pillow itself: with a library that some computers have, letters would stand a pixel elsewhere there, and
    every drawing would be another one.
    """
    return ImageFont.truetype(str(_resources() / _FONT), size_px, layout_engine=ImageFont.Layout.BASIC)


def mark(image: Image.Image, place: tuple[int, int], size_px: int, colour: int | tuple[int, int, int]) -> None:
    """Write the word small into `image`, its upper left corner at `place`."""
    ImageDraw.Draw(image).text(place, WORD, font=font(size_px), fill=colour)


def watermark(image: Image.Image, opacity: float = 0.20) -> Image.Image:
    """`image` (RGB) with the word large and pale along the rising diagonal."""
    mask = Image.new("L", image.size, 0)
    line = Image.new("L", (int(image.height * 0.9), image.height // 6), 0)
    ImageDraw.Draw(line).text(
        (line.width // 2, line.height // 2), WORD, font=font(image.height // 6), fill=round(255 * opacity), anchor="mm"
    )
    turned = line.rotate(52, expand=True, resample=Image.Resampling.BICUBIC)
    mask.paste(turned, ((image.width - turned.width) // 2, (image.height - turned.height) // 2))
    return Image.composite(Image.new("RGB", image.size, (255, 255, 255)), image, mask)


def _resources() -> Path:
    # A wheel carries the resources inside the package, a checkout beside it.
    package = Path(station.__file__).parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
