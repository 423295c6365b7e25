"""A fingertip's ridges, grown from a seed: an orientation field of cores and deltas, then oriented filtering.

It must not know of people, pressure or image files: `impressions` presses these ridges on glass.

The orientation field is Sherlock and Monro's zero-pole model. Ridges grow as in SFinGe: scattered spots are filtered
again and again by a Gabor filter turned along the field, until bifurcations and endings appear by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import atan2

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, next_fast_len, rfft2
from scipy.ndimage import gaussian_filter, zoom

from station.training.drawing.grain import Field, source, white

HEIGHT = 500
WIDTH = 400
"""Pixels of one finger at 500 ppi: 25.4 by 20.3 mm."""

_HALF = (HEIGHT // 2, WIDTH // 2)  # ridges grow at 250 ppi, where they are still 4.5 px wide: four times less work
_MARGIN = 16
_ORIENTATIONS = 16
_ROUNDS = 7
_LEGS = 0.6
_THUMBS = (1, 6)
_RIGHT = range(1, 6)


@dataclass(frozen=True)
class Pattern:
    """Where ridges turn: cores and deltas in half-size pixels (x, y); an arch has neither, but a bow."""

    cores: tuple[tuple[float, float], ...] = ()
    deltas: tuple[tuple[float, float], ...] = ()
    bow: float = 0.0


def master(seed: int, finger: int) -> Field:
    """The ridges of ISO finger `finger` (1-10) of the person `seed`: HEIGHT by WIDTH, ridges near +1, valleys -1."""
    rng = source(seed, finger)
    angles = _angles(_pattern(rng, finger))
    period_px = float(rng.normal(4.55 if finger in _THUMBS else 4.35, 0.1))
    grown = _grow(rng, angles, round(period_px, 1))
    full: Field = np.clip(zoom(grown, 2, order=3, output=np.float32), -1, 1)
    return full


def _pattern(rng: np.random.Generator, finger: int) -> Pattern:
    """A loop in two of three fingers, a whorl in three of ten, else an arch: about as in people."""
    height, width = _HALF
    kind = rng.choice(["ulnar", "radial", "whorl", "arch"], p=[0.58, 0.06, 0.30, 0.06])
    shift = [float(value) for value in rng.normal(0, 1, 8)]  # NumPy's own numbers would widen every array to 64 bits
    if kind == "arch":
        return Pattern(bow=0.9 + 0.1 * shift[0])
    middle = width * 0.5 + 4 * shift[0]
    if kind == "whorl":
        top, gap = height * 0.40 + 5 * shift[1], 14 + 3 * abs(shift[2])
        return Pattern(
            cores=((middle, top), (middle + 3 * shift[3], top + gap)),
            deltas=(
                (width * 0.10 + 5 * shift[4], height * 0.82 + 5 * shift[5]),
                (width * 0.90 + 5 * shift[6], height * 0.82 + 5 * shift[7]),
            ),
        )
    # An ulnar loop opens towards the little finger: its delta lies on the thumb's side.
    left_delta = (kind == "ulnar") == (finger in _RIGHT)
    side = 0.17 if left_delta else 0.83
    return Pattern(
        cores=((middle, height * 0.45 + 7 * shift[1]),),
        deltas=((width * side + 6 * shift[2], height * 0.80 + 6 * shift[3]),),
    )


def _angles(pattern: Pattern) -> Field:
    """Ridge direction in radians, 0 to pi, at every half-size pixel."""
    height, width = _HALF
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if not pattern.cores:
        lift = np.clip(1.6 - np.abs(y - height * 0.55) / (height * 0.4), 0, 1)
        fade = np.exp(-(((x - width / 2) / (width * 0.33)) ** 2))
        bent: Field = np.arctan(-pattern.bow * lift * fade * np.cos(x * np.pi / width))
        return (bent % np.float32(np.pi)).astype(np.float32)
    turn = np.zeros(_HALF, np.float32)
    for delta_x, delta_y in pattern.deltas:
        turn -= np.arctan2(y - delta_y, x - delta_x)
    for core_x, core_y in pattern.cores:
        around = np.arctan2(y - core_y, x - core_x)
        turn += _straightened(around, pattern) if len(pattern.cores) == 1 else around
    return ((turn / 2) % np.float32(np.pi)).astype(np.float32)


def _straightened(around: Field, pattern: Pattern) -> Field:
    """The angle around a loop's core, bent so that its two legs run side by side.

    The plain angle draws confocal parabolas, whose legs spread like a fan: no finger does that.
    """
    (core_x, core_y), (delta_x, delta_y) = pattern.cores[0], pattern.deltas[0]
    opening = -atan2(core_y - delta_y, core_x - delta_x)
    bent: Field = around - _LEGS * np.sin(around - opening)
    return bent


def _grow(rng: np.random.Generator, angles: Field, period_px: float) -> Field:
    """Turn scattered spots into ridges along `angles`."""
    filters = _filters(period_px)
    shares = _shares(angles)
    field = gaussian_filter(white(rng, _HALF) * (rng.random(_HALF) < 0.06), 0.7)
    for _ in range(_ROUNDS):
        spectrum = rfft2(field, s=_padded(), workers=1)
        answers = irfft2(spectrum * filters, s=_padded(), workers=1, overwrite_x=True)
        field = np.einsum("nij,nij->ij", answers[:, : _HALF[0], : _HALF[1]], shares)
        # Dividing by the local strength lets weak places grow as fast as strong ones.
        strength = np.sqrt(gaussian_filter(field * field, 6, truncate=2.5)) + 1e-9
        field = np.tanh(1.8 * field / strength)
    grown: Field = field.astype(np.float32)
    return grown


def _shares(angles: Field) -> Field:
    """How much each orientation counts at each pixel: the two nearest ones share, so no seams show."""
    place = angles / np.pi * _ORIENTATIONS
    numbers = np.arange(_ORIENTATIONS, dtype=np.float32)[:, None, None]
    distance = np.abs(place[None] - numbers)
    distance = np.minimum(distance, _ORIENTATIONS - distance)
    shares: Field = np.clip(1 - distance, 0, 1).astype(np.float32)
    return shares


@lru_cache(maxsize=32)
def _filters(period_px: float) -> NDArray[np.complex64]:
    """The spectra of the Gabor filters of one ridge period, one per orientation."""
    sigma = 2.0
    reach = 8
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    bank = np.zeros((_ORIENTATIONS, *_padded()), np.float32)
    for number in range(_ORIENTATIONS):
        angle = np.pi * number / _ORIENTATIONS
        across = -x * np.sin(angle) + y * np.cos(angle)
        gabor = np.exp(-(x * x + y * y) / (2 * sigma * sigma)) * np.cos(2 * np.pi * across / period_px)
        gabor -= gabor.mean()
        bank[number, : 2 * reach + 1, : 2 * reach + 1] = gabor / np.abs(gabor).sum()
    # The filter's middle must sit at the origin, or every round would move the ridges.
    bank = np.roll(bank, (-reach, -reach), axis=(1, 2))
    spectra: NDArray[np.complex64] = rfft2(bank)
    return spectra


@lru_cache(maxsize=1)
def _padded() -> tuple[int, int]:
    return next_fast_len(_HALF[0] + _MARGIN, real=True), next_fast_len(_HALF[1] + _MARGIN, real=True)
