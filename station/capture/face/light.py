"""How the light falls on a face, and how sharp its edges are.

It must not know of backgrounds. Everything is measured on the skin between forehead and chin, so that a white
headscarf or dark hair says nothing about the light.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.capture.face.models import Mesh, Rgb
from station.capture.face.pose import Pose

_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The outline of the mesh."""
_CHEEKS = (50, 280)
_APART_PX = 86.0  # faces are brought to one size before their edges are compared
_SHARP = 0.12  # the strongest edges of a sharp face, over its own brightness


@dataclass(frozen=True)
class Light:
    """See FaceReport. `burnt` is the share of skin that is nothing but white."""

    level: float
    shadow: float
    burnt: float
    sharp: float


def light_of(rgb: Rgb, mesh: Mesh, pose: Pose) -> Light:
    """The light on the face of `mesh`."""
    scale = _APART_PX / max(pose.apart, 1.0)
    corners = mesh.flat.min(axis=0), mesh.flat.max(axis=0)
    top, left = max(int(corners[0][1]), 0), max(int(corners[0][0]), 0)
    bottom, right = int(np.ceil(corners[1][1])), int(np.ceil(corners[1][0]))
    cut = rgb[top:bottom, left:right]
    if cut.size == 0:
        return Light(0, 0, 0, 0)
    shrink = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    grey = cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY)
    face = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=shrink), np.uint8)
    flat = (mesh.flat - (left, top)) * scale
    skin = np.zeros(face.shape[:2], np.uint8)
    cv2.fillPoly(skin, [flat[list(_OVAL)].astype(np.int32)], (255,))
    inside = skin > 0
    level = float(np.median(face[inside])) if inside.any() else 0.0
    return Light(
        level=level,
        shadow=_difference(face, flat),
        burnt=float((face[inside] > 250).mean()) if inside.any() else 0.0,
        sharp=_edges(face, cv2.erode(skin, np.ones((9, 9), np.uint8)) > 0, level),
    )


def _difference(face: NDArray[np.uint8], flat: NDArray[np.float64]) -> float:
    """Of the two cheeks: their difference over their sum."""
    levels = []
    for x, y in flat[list(_CHEEKS)].astype(int):
        patch = face[max(y - 8, 0) : y + 9, max(x - 8, 0) : x + 9]
        levels.append(float(np.median(patch)) if patch.size else 0.0)
    return abs(levels[0] - levels[1]) / max(sum(levels), 1.0)


def _edges(face: NDArray[np.uint8], inside: NDArray[np.bool_], level: float) -> float:
    """100 when the strongest 2 % of edges are as strong as those of a sharp face."""
    if not inside.any():
        return 0.0
    smooth = cv2.GaussianBlur(face.astype(np.float32), (0, 0), 1.0)
    strength = float(np.percentile(np.abs(cv2.Laplacian(smooth, cv2.CV_32F))[inside], 98))
    return min(100.0, 100 * strength / max(level, 20.0) / _SHARP)
