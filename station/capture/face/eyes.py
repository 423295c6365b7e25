"""Whether eyes are open: how high the dark of the iris is, in widths of the eye.

It must not know what is open enough. The mesh alone does not say: it puts open lids on closed eyes. A closed eye has
only the line of its lashes; glare on glasses hides the iris and reads as closed too.
"""

from __future__ import annotations

import cv2
import numpy as np

from station.capture.face.models import Mesh, Points, Rgb

_RIGHT, _LEFT = (33, 133), (362, 263)  # corners of each eye in the mesh
_PATCH = 40  # pixels for the width of an eye
_DARK = 0.55  # of the skin below the eye


def openness(rgb: Rgb, mesh: Mesh) -> float:
    """That of the eye that is less open: 0.3 to 0.5 when open, about 0.1 when closed."""
    return min(_dark_height(rgb, mesh.flat[list(corners)]) for corners in (_RIGHT, _LEFT))


def _dark_height(rgb: Rgb, corners: Points) -> float:
    left, right = sorted(corners, key=lambda corner: float(corner[0]))
    along = right - left
    half_down = np.array([-along[1], along[0]]) / 2
    source = np.array([left - half_down, right - half_down, left + half_down], np.float32)
    wanted = np.array([[0, 0], [_PATCH, 0], [0, _PATCH]], np.float32)
    there = cv2.getAffineTransform(source, wanted)
    eye = cv2.warpAffine(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), there, (_PATCH, _PATCH), flags=cv2.INTER_AREA)
    skin = float(np.percentile(eye[-_PATCH // 4 :], 60))
    # Above is the brow, and in the corners is shadow.
    dark = eye[_PATCH // 7 : -_PATCH // 7, _PATCH // 4 : -_PATCH // 4] < skin * _DARK
    run = np.zeros(dark.shape[1], np.int64)
    longest = run.copy()
    for row in dark:
        run = (run + 1) * row
        longest = np.maximum(longest, run)
    return float(np.percentile(longest, 70)) / _PATCH
