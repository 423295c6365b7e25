"""Find the fingers in a picture of several, left to right, and cut each out.

It runs in children of the lab only, and must not know of devices, of which finger is which or of quality. It finds
skin by its ridges and its darkness, so it also finds a dry or a wet finger; dirt and the ghost of the last print are
fainter and smaller than any finger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import (
    binary_closing,
    binary_dilation,
    binary_fill_holes,
    binary_opening,
    distance_transform_edt,
    gaussian_filter1d,
    label,
    uniform_filter,
)

from station.capture.codecs import Grey

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]

CELL = 8
"""Pixels at 500 ppi; everything below is decided on cells of 0.41 mm."""

_SMALLEST_CELLS = 170  # 28 square millimetres: a fingertip that hardly touches
_SMALLEST_SHARE = 0.12  # of the largest patch
_WIDEST_FINGER = 68  # cells, 28 mm
_TOO_WIDE = 1.5  # times the usual width: two fingers that touch
_SEED_CELLS = 40
_VALLEY = 0.72  # between two fingers that touch there is at most this much of the skin beside it
_UNDER, _BESIDE = 0.55, 0.35  # two patches under each other and not beside each other are phalanges of one finger
_LONGEST = 80  # cells from the tip, 33 mm: below begins the next phalanx
_MARGIN = 2
_SHADE, _TOUCHED = 0.88, 0.04  # of the grey level of empty glass; share of a picture that must be darker than that
_LEAST_SIDE_PX = 208
_TILTS = np.deg2rad(np.arange(-42, 43, 3))


@dataclass(frozen=True)
class Finger:
    """One finger, everything else in its rectangle made blank. `cut_off`: the edge of the glass goes through it."""

    pixels: Grey
    cut_off: bool


def find_fingers(grey: Grey) -> tuple[Finger, ...]:
    """All fingers in an 8-bit picture at 500 ppi, from left to right; empty when there is none."""
    skin, paper = _skin(grey)
    patches = _patches(skin)
    if not patches:
        return ()
    tilt = _tilt(np.logical_or.reduce(patches))
    fingers = [part for patch in _joined(patches, tilt) for part in _parted(patch, patches, tilt)]
    fingers.sort(key=lambda finger: float(np.nonzero(finger)[1].mean()))
    everybody = np.logical_or.reduce(fingers)
    return tuple(_cut(grey, finger, everybody & ~finger, paper) for finger in fingers)


def is_empty(grey: Grey) -> bool:
    """True for glass that nothing touches. A blurred finger has no ridges and is still something dark."""
    small = np.asarray(Image.fromarray(grey).reduce(CELL), dtype=np.float32)
    return float((small < _SHADE * np.percentile(small, 92)).mean()) < _TOUCHED


def _skin(grey: Grey) -> tuple[Mask, int]:
    """Cells where skin touches the glass, and the grey level of the empty glass."""
    half = np.asarray(Image.fromarray(grey).reduce(2), dtype=np.float32)
    mean = uniform_filter(half, 9)
    deviation = np.sqrt(np.maximum(uniform_filter(half * half, 9) - mean * mean, 0))
    step = CELL // 2
    rows, columns = half.shape[0] // step, half.shape[1] // step
    cells = (slice(step // 2, rows * step, step), slice(step // 2, columns * step, step))
    deviation, mean = deviation[cells], mean[cells]
    paper = float(np.percentile(mean, 92))
    ridged = deviation > max(9.0, 0.30 * float(np.percentile(deviation, 95)))
    return ridged | (mean < paper * 0.45), round(paper)


def _patches(skin: Mask) -> list[Mask]:
    """Connected skin, largest first, without specks, letters and thin bridges."""
    solid = binary_opening(binary_fill_holes(binary_closing(np.pad(skin, 4), iterations=2)), iterations=3)[4:-4, 4:-4]
    numbers, count = label(solid)
    sizes = np.bincount(numbers.ravel(), minlength=count + 1)[1:]
    if count == 0:
        return []
    least = max(_SMALLEST_CELLS, _SMALLEST_SHARE * sizes.max())
    return [numbers == 1 + index for index in np.argsort(-sizes) if sizes[index] >= least]


def _along(patch: Mask, tilt: float) -> tuple[Numbers, Numbers]:
    """How far to the right and how far down each cell lies, for an eye turned by `tilt`."""
    rows, columns = np.nonzero(patch)
    across: Numbers = columns * np.cos(tilt) + rows * np.sin(tilt)
    down: Numbers = rows * np.cos(tilt) - columns * np.sin(tilt)
    return across, down


def _profile(across: Numbers) -> Numbers:
    """How much skin lies at each step across the fingers."""
    counts = np.bincount((across - across.min()).round().astype(int)).astype(np.float64)
    profile: Numbers = gaussian_filter1d(counts, 1.5, mode="constant")
    return profile


def _tilt(skin: Mask) -> float:
    """The angle at which the fingers hide each other least: there the profile rises and falls most."""
    turns = [float(np.abs(np.diff(_profile(_along(skin, tilt)[0]))).sum()) * (1 - 0.1 * abs(tilt)) for tilt in _TILTS]
    return float(_TILTS[int(np.argmax(turns))])


def _joined(patches: list[Mask], tilt: float) -> list[Mask]:
    """Phalanges that lie under each other become one finger."""
    fingers: list[Mask] = []
    for patch in patches:
        place = next((index for index, finger in enumerate(fingers) if _one_finger(finger, patch, tilt)), None)
        if place is None:
            fingers.append(patch)
        else:
            fingers[place] = fingers[place] | patch
    return fingers


def _one_finger(patch: Mask, other: Mask, tilt: float) -> bool:
    """One under the other, not beside it."""
    (across, down), (other_across, other_down) = _along(patch, tilt), _along(other, tilt)
    return _overlap(across, other_across) > _UNDER and _overlap(down, other_down) < _BESIDE


def _overlap(these: Numbers, those: Numbers) -> float:
    """Share of the shorter of two stretches that lies in the other."""
    common = min(these.max(), those.max()) - max(these.min(), those.min())
    return float(common / max(1.0, min(np.ptp(these), np.ptp(those))))


def _parted(finger: Mask, patches: list[Mask], tilt: float) -> list[Mask]:
    """`finger` itself, or the fingers that touch each other in it."""
    usual = float(np.median([np.ptp(_along(patch, tilt)[0]) for patch in patches]))
    if np.ptp(_along(finger, tilt)[0]) < min(_TOO_WIDE * usual, _WIDEST_FINGER):
        return [finger]
    parts = _at_valley(finger, tilt) or _at_neck(finger)
    return [piece for part in parts for piece in _parted(part, patches, tilt)] if parts else [finger]


def _at_valley(finger: Mask, tilt: float) -> list[Mask]:
    """The two sides of the deepest valley of the profile; nothing when no valley is deep."""
    across = _along(finger, tilt)[0]
    profile = _profile(across)
    left, right = np.maximum.accumulate(profile), np.maximum.accumulate(profile[::-1])[::-1]
    depth = profile / np.maximum(1.0, np.minimum(left, right))
    inner = slice(len(depth) // 8, -(len(depth) // 8) or None)
    lowest = inner.start + int(depth[inner].argmin())
    if depth[lowest] > _VALLEY:
        return []
    rows, columns = np.nonzero(finger)
    parts = []
    for side in (across - across.min() < lowest, across - across.min() >= lowest):
        part = np.zeros_like(finger)
        part[rows[side], columns[side]] = True
        parts.append(part)
    return parts if min(int(part.sum()) for part in parts) >= _SMALLEST_CELLS else []


def _at_neck(finger: Mask) -> list[Mask]:
    """The parts that remain when the patch is shaved until it falls apart, each grown again to its share."""
    depths = distance_transform_edt(finger)
    for shaved in range(2, int(depths.max())):
        numbers, count = label(depths > shaved)
        sizes = np.bincount(numbers.ravel(), minlength=count + 1)
        seeds = [number for number in range(1, count + 1) if sizes[number] >= _SEED_CELLS]
        if len(seeds) > 1:
            away = [distance_transform_edt(numbers != seed) for seed in seeds]
            nearest = np.argmin(away, axis=0)
            return [finger & (nearest == index) for index in range(len(seeds))]
    return []


def _cut(grey: Grey, finger: Mask, others: Mask, paper: int) -> Finger:
    rows, columns = np.nonzero(finger)
    top, left, right = int(rows.min()), int(columns.min()), int(columns.max())
    bottom = min(int(rows.max()), top + _LONGEST)
    box = _grown(top, bottom, finger.shape[0]), _grown(left, right, finger.shape[1])
    foreign = binary_dilation(others, iterations=2) & ~binary_dilation(finger, iterations=1)
    place = tuple(slice(side.start * CELL, side.stop * CELL) for side in box)
    pixels = grey[place].copy()
    blank = np.kron(foreign[box], np.ones((CELL, CELL), np.bool_))
    pixels[blank[: pixels.shape[0], : pixels.shape[1]]] = paper
    cut_off = top == 0 or left == 0 or right == finger.shape[1] - 1
    return Finger(_at_least(pixels, paper), cut_off)


def _grown(first: int, last: int, size: int) -> slice:
    return slice(max(0, first - _MARGIN), min(size, last + 1 + _MARGIN))


def _at_least(pixels: Grey, paper: int) -> Grey:
    """Blank glass around a small patch: the measures want a picture of some size."""
    lacking = [max(0, _LEAST_SIDE_PX - side) for side in pixels.shape]
    edges = [(lack // 2, lack - lack // 2) for lack in lacking]
    padded: Grey = np.pad(pixels, edges, constant_values=paper)
    return padded
