"""A sheet to paint on with smooth outlines, soft shadows and cut-outs, three times finer than the picture.

It must not know what is painted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Outline = Sequence[Point]
Colour = tuple[int, int, int]

_FINE = 3
_STEPS = 10


def mirrored(right_half: Outline, axis_x: float) -> list[Point]:
    """The closed outline whose right half is given from top to bottom as (distance from the axis, y)."""
    right = [(axis_x + dx, y) for dx, y in right_half]
    left = [(axis_x - dx, y) for dx, y in reversed(right_half) if dx > 0]
    return right + left


def oval(x: float, y: float, half_width: float, half_height: float, turn_deg: float = 0) -> list[Point]:
    """An ellipse as an outline."""
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    turn = np.deg2rad(turn_deg)
    xs, ys = half_width * np.cos(angles), half_height * np.sin(angles)
    return list(zip(x + xs * np.cos(turn) - ys * np.sin(turn), y + xs * np.sin(turn) + ys * np.cos(turn), strict=True))


def smooth(points: Outline, *, closed: bool) -> NDArray[np.float64]:
    """A Catmull-Rom curve through `points`."""
    nodes = np.asarray(points, dtype=np.float64)
    ahead = np.roll(nodes, -1, 0) if closed else np.vstack([nodes[1:], nodes[-1:]])
    before = np.roll(nodes, 1, 0) if closed else np.vstack([nodes[:1], nodes[:-1]])
    after = np.roll(nodes, -2, 0) if closed else np.vstack([nodes[2:], nodes[-1:], nodes[-1:]])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[None, :, None]
    n, a, b, f = nodes[:, None], ahead[:, None], before[:, None], after[:, None]
    curve = 0.5 * (2 * n + (a - b) * t + (2 * b - 5 * n + 4 * a - f) * t**2 + (3 * n - b - 3 * a + f) * t**3)
    return curve.reshape(-1, 2)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with `share` of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float) -> Colour:
    """`colour` towards a warm black."""
    return mix(colour, (28, 16, 14), share)


def lighter(colour: Colour, share: float) -> Colour:
    """`colour` towards white."""
    return mix(colour, (255, 255, 255), share)


class Canvas:
    """An RGB picture in its own units; `picture` gives it at its final size."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        self.width, self.height = width, height
        self._sheet = Image.new("RGB", (width * _FINE, height * _FINE), ground)
        self._pen = ImageDraw.Draw(self._sheet)

    def fill(self, outline: Outline, colour: Colour) -> None:
        """A smooth closed shape."""
        self._pen.polygon(_flat(smooth(outline, closed=True) * _FINE), fill=colour)

    def cornered(self, outline: Outline, colour: Colour) -> None:
        """A closed shape with its corners kept."""
        self._pen.polygon(_flat(np.asarray(outline, dtype=np.float64) * _FINE), fill=colour)

    def stroke(self, points: Outline, colour: Colour, width: float, *, taper: bool = False) -> None:
        """A smooth open line with round ends, thinner towards both ends when `taper`."""
        curve = _evenly(smooth(points, closed=False) * _FINE)
        for (x, y), share in zip(curve, np.linspace(0, 1, len(curve)), strict=True):
            swell = 0.25 + 0.75 * np.sin(np.pi * share) ** 0.7 if taper else 1.0
            radius = width * _FINE / 2 * swell
            self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), colour)

    def shade(
        self, outline: Outline, colour: Colour, opacity: float, blur: float, within: Image.Image | None = None
    ) -> None:
        """A soft shape, cut off outside `within` (a mask from `mask`)."""
        # Shadows have no detail: they are made at the final size and enlarged, nine times less work.
        soft = Image.new("L", (self.width, self.height), 0)
        ImageDraw.Draw(soft).polygon(_flat(smooth(outline, closed=True)), fill=round(255 * opacity))
        area = self._around(outline, blur)
        soft = soft.crop(area).filter(ImageFilter.GaussianBlur(blur))
        if within is not None:
            soft = Image.composite(soft, Image.new("L", soft.size, 0), within.crop(area))
        large = soft.resize((soft.width * _FINE, soft.height * _FINE), Image.Resampling.BILINEAR)
        self._sheet.paste(colour, (area[0] * _FINE, area[1] * _FINE), large)

    def mask(self, outline: Outline) -> Image.Image:
        """The inside of a smooth shape, for `shade`."""
        return self._fine_mask(outline).reduce(_FINE)

    @contextmanager
    def within(self, outline: Outline) -> Iterator[None]:
        """What is painted meanwhile shows only inside a smooth shape."""
        before = self._sheet.copy()
        yield
        self._sheet.paste(before, (0, 0), ImageChops.invert(self._fine_mask(outline)))

    @contextmanager
    def outside(self, outline: Outline) -> Iterator[None]:
        """What is painted meanwhile shows only outside a smooth shape: a window."""
        before = self._sheet.copy()
        yield
        self._sheet.paste(before, (0, 0), self._fine_mask(outline))

    def picture(self) -> Image.Image:
        """The finished picture."""
        return self._sheet.reduce(_FINE)

    def _fine_mask(self, outline: Outline) -> Image.Image:
        fine = Image.new("L", self._sheet.size, 0)
        ImageDraw.Draw(fine).polygon(_flat(smooth(outline, closed=True) * _FINE), fill=255)
        return fine

    def _around(self, outline: Outline, blur: float) -> tuple[int, int, int, int]:
        xs, ys = [point[0] for point in outline], [point[1] for point in outline]
        reach = 3 * blur + 12
        left, top = max(0, int(min(xs) - reach)), max(0, int(min(ys) - reach))
        return left, top, min(self.width, int(max(xs) + reach)), min(self.height, int(max(ys) + reach))


def _flat(curve: NDArray[np.float64]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in curve]


def _evenly(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same curve with a point every pixel or so."""
    walked = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    places = np.linspace(0, walked[-1], max(2, int(walked[-1])))
    return np.stack([np.interp(places, walked, curve[:, 0]), np.interp(places, walked, curve[:, 1])], axis=1)
