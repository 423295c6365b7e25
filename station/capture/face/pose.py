"""Where a face looks, and whether its mouth is open: simple proportions of the mesh.

Calibrated on drawn faces turned by known angles (docs/decisions/0013). It must not know what is good enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from station.capture.face.models import Mesh, Points

# Points of the mesh, named from the person's side.
_FOREHEAD, _CHIN = 10, 152
_RIGHT_CHEEK, _LEFT_CHEEK = 234, 454
_RIGHT_EYE_OUT, _RIGHT_EYE_IN, _LEFT_EYE_IN, _LEFT_EYE_OUT = 33, 133, 362, 263
_LIPS, _MOUTH_CORNERS = (13, 14), (61, 291)

# The mesh makes heads flatter than they are, and takes a straight face for one that looks a little down.
_YAW_PER_DEGREE = 0.56
_PITCH_PER_DEGREE = 0.60
_STRAIGHT_PITCH = 9.5


@dataclass(frozen=True)
class Pose:
    """Angles in degrees, the mouth's height by its width. See FaceReport."""

    roll: float
    yaw: float
    pitch: float
    mouth_open: float
    eyes: tuple[float, float]
    apart: float


def pose_of(mesh: Mesh) -> Pose:
    """The pose; `eyes` is the middle between the eyes and `apart` their distance, in pixels."""
    flat, deep = mesh.flat, mesh.deep
    right = (flat[_RIGHT_EYE_OUT] + flat[_RIGHT_EYE_IN]) / 2
    left = (flat[_LEFT_EYE_OUT] + flat[_LEFT_EYE_IN]) / 2
    across = left - right
    cheeks = deep[_LEFT_CHEEK] - deep[_RIGHT_CHEEK]
    down = deep[_CHIN] - deep[_FOREHEAD]
    middle = (right + left) / 2
    return Pose(
        roll=_degrees(across[1], across[0]),
        yaw=_degrees(cheeks[2], cheeks[0]) / _YAW_PER_DEGREE,
        pitch=(_STRAIGHT_PITCH - _degrees(down[2], down[1])) / _PITCH_PER_DEGREE,
        mouth_open=_opening(flat, _LIPS, _MOUTH_CORNERS),
        eyes=(float(middle[0]), float(middle[1])),
        apart=float(np.hypot(*across)),
    )


def _degrees(rise: float, run: float) -> float:
    return float(np.degrees(np.arctan2(rise, run)))


def _opening(points: Points, between: tuple[int, int], along: tuple[int, int]) -> float:
    wide = float(np.hypot(*(points[along[1]] - points[along[0]])))
    return float(np.hypot(*(points[between[1]] - points[between[0]]))) / max(wide, 1e-6)
