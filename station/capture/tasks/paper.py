"""Finds the paper in a picture, cuts it out, lays its lines level and evens its light. Runs in a child of the lab.

When no paper is found the whole picture is the page: a corner too much is better than a line cut off.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.capture.tasks.paper_source import Grey

Corners = NDArray[np.float32]
"""Four points (x, y): top left, top right, bottom right, bottom left."""

Points = NDArray[np.int32]

LOOK_SIDE = 700
"""Paper and lines are looked for in a small copy."""
LEAST_AREA, MOST_AREA = 0.12, 0.97
"""Of the picture: a card held too far away is below, a scan that is all paper above."""
LEAST_STEP = 25
"""Grey levels by which paper is brighter than what it lies on; the frame of a table on paper is not brighter."""
EDGE = 0.006
MOST_SKEW = 15.0
LEAST_SKEW = 0.15
_NARROW, _WIDE = 55.0, 125.0  # angles of a sheet seen from an angle


@dataclass(frozen=True)
class Sheet:
    """The paper, upright. `found` tells whether it was cut out; `skew` by how many degrees it was turned."""

    grey: Grey
    found: bool
    skew: float


def straighten(picture: Grey) -> Sheet:
    """The paper in `picture`, its lines level."""
    corners = find_paper(picture)
    cut = picture if corners is None else _cut(picture, corners)
    skew = skew_of(cut)
    return Sheet(_turned(cut, skew), corners is not None, round(skew, 2))


# --------------------------------------------------------------------------------------------------------- the paper


def find_paper(picture: Grey) -> Corners | None:
    """The corners of the largest bright four-sided sheet; None when there is none, or nothing around it."""
    scale = min(1.0, LOOK_SIDE / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    calm = np.asarray(cv2.GaussianBlur(small, (5, 5), 0), np.uint8)
    found: list[tuple[float, Corners]] = []
    for mask in _masks(calm):
        shapes, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for shape in sorted(shapes, key=cv2.contourArea, reverse=True)[:3]:
            corners = _four_corners(np.asarray(shape, np.int32))
            if corners is not None and _is_sheet(corners, calm):
                found.append((float(cv2.contourArea(corners)), corners))
    if not found:
        return None
    return np.asarray(max(found, key=lambda pair: pair[0])[1] / scale, dtype=np.float32)


def _masks(calm: Grey) -> list[Grey]:
    """Where paper may be: what is bright, and what is enclosed by edges."""
    _level, bright = cv2.threshold(calm, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    wide = cv2.getStructuringElement(cv2.MORPH_RECT, (9, 9))
    whole = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, wide)  # writing leaves no holes
    edges = cv2.dilate(cv2.Canny(calm, 40, 120), np.ones((3, 3), np.uint8), iterations=1)
    return [np.asarray(cv2.morphologyEx(whole, cv2.MORPH_OPEN, wide), np.uint8), np.asarray(edges, np.uint8)]


def _four_corners(shape: Points) -> Corners | None:
    hull = cv2.convexHull(shape)
    around = cv2.arcLength(hull, closed=True)
    for share in (0.02, 0.03, 0.05):
        points = cv2.approxPolyDP(hull, share * around, closed=True)
        if len(points) == 4:
            return _in_order(points.reshape(4, 2).astype(np.float32))
    return None


def _in_order(points: Corners) -> Corners:
    """Clockwise from the top left."""
    middle = points.mean(axis=0)
    angles = np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0])
    round_ = points[np.argsort(angles)]
    first = int(np.argmin(round_.sum(axis=1)))
    return np.asarray(np.roll(round_, -first, axis=0), dtype=np.float32)


def _is_sheet(corners: Corners, calm: Grey) -> bool:
    share = float(cv2.contourArea(corners)) / calm.size
    if not LEAST_AREA <= share <= MOST_AREA or not all(_NARROW <= angle <= _WIDE for angle in _angles(corners)):
        return False
    return _step(corners, calm) >= LEAST_STEP


def _angles(corners: Corners) -> list[float]:
    """The angle at each corner, in degrees."""
    found = []
    for place in range(4):
        here, before, after = corners[place], corners[place - 1], corners[(place + 1) % 4]
        one, other = before - here, after - here
        cosine = float(one @ other) / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-6)
        found.append(float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))))
    return found


def _step(corners: Corners, calm: Grey) -> float:
    """By how much it is brighter just inside its edge than just outside."""
    mask = np.zeros(calm.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 255)
    near = np.ones((15, 15), np.uint8)
    edge = np.ones((5, 5), np.uint8)
    inside = cv2.subtract(cv2.erode(mask, edge), cv2.erode(mask, near))
    outside = cv2.subtract(cv2.dilate(mask, near), cv2.dilate(mask, edge))
    if not outside.any() or not inside.any():
        return 0.0
    return float(np.median(calm[inside > 0]) - np.median(calm[outside > 0]))


def _cut(picture: Grey, corners: Corners) -> Grey:
    """The sheet as if seen from straight above, without the outermost hair of it: the table would show there."""
    corners = np.asarray(corners + (corners.mean(axis=0) - corners) * EDGE, dtype=np.float32)
    sides = [float(np.linalg.norm(corners[place] - corners[(place + 1) % 4])) for place in range(4)]
    width, height = round(max(sides[0], sides[2])), round(max(sides[1], sides[3]))
    onto = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    view = cv2.getPerspectiveTransform(corners, onto)
    return np.asarray(cv2.warpPerspective(picture, view, (width, height), flags=cv2.INTER_AREA), dtype=np.uint8)


# --------------------------------------------------------------------------------------------------------- the lines


def skew_of(grey: Grey) -> float:
    """By how many degrees it must be turned clockwise to lay its lines level; 0 when there are none to see."""
    ink = _ink(grey, LOOK_SIDE)
    if np.count_nonzero(ink) < ink.size * 0.002:
        return 0.0
    rough = _ink(grey, LOOK_SIDE // 2)
    coarse = max(np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 1.0), key=lambda angle: _levelness(rough, angle))
    fine = max(np.arange(coarse - 1, coarse + 1.01, 0.2), key=lambda angle: _levelness(ink, angle))
    found = max((fine - 0.1, fine, fine + 0.1), key=lambda angle: _levelness(ink, angle))
    return float(found) if LEAST_SKEW < abs(found) < MOST_SKEW else 0.0


def _ink(grey: Grey, side: int) -> Grey:
    """What is darker than what is around it, white on black, in a copy of this size; the edge of the paper is none."""
    scale = min(1.0, side / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    ink = np.asarray(found, np.uint8)
    border = max(2, min(small.shape) // 40)
    ink[:border], ink[-border:], ink[:, :border], ink[:, -border:] = 0, 0, 0, 0
    return ink


def _levelness(ink: Grey, angle: float) -> float:
    """How sharply lines of writing and the white between them follow each other when it is turned by `angle`."""
    rows = _rotated(ink, angle, 0).sum(axis=1, dtype=np.float64) / 255
    return float(np.square(np.diff(rows)).sum())


def _turned(grey: Grey, angle: float) -> Grey:
    if not angle:
        return grey
    ground = int(np.percentile(grey[::8, ::8], 80))
    return _rotated(grey, angle, ground)


def _rotated(grey: Grey, angle: float, ground: int) -> Grey:
    """Turned clockwise by `angle` about its middle, in a frame of the same size."""
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    turned = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=ground)
    return np.asarray(turned, dtype=np.uint8)


# --------------------------------------------------------------------------------------------------------- the light


def even_light(grey: Grey) -> Grey:
    """Paper becomes white wherever the light fell, ink stays ink; large dark parts, such as a photo, stay dark."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(8, width // 8), max(8, height // 8)), interpolation=cv2.INTER_AREA)
    reach = max(3, max(small.shape) // 16) | 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), reach / 2)
    floor = 0.55 * float(np.percentile(paper, 90))
    light = np.maximum(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32), floor)
    return np.asarray(np.clip(grey.astype(np.float32) / np.maximum(light, 1.0) * 262.0, 0, 255), dtype=np.uint8)
