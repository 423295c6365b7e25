"""The two networks: BlazeFace finds faces, the mesh puts 468 points on one. Read by OpenCV, from resources/models.

It must not know what is right or wrong with a face.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from station.config import resources_dir

Rgb = NDArray[np.uint8]
Points = NDArray[np.float64]

_DETECTOR_PX = 128
_MESH_PX = 192
_STRIDES = (8, 16, 16, 16)
_LEAST_SCORE = 0.5
_SAME_FACE = 0.3  # intersection over union above which two boxes are one face
_ROOM = 1.5  # the mesh wants the face with some room around it
_RIGHT_EYE, _LEFT_EYE = 0, 1  # of BlazeFace's six points; right and left of the person


@dataclass(frozen=True)
class Face:
    """A face found: its box in pixels, how sure, and six points (eyes, nose, mouth, ears)."""

    score: float
    left: float
    top: float
    width: float
    height: float
    points: Points

    @property
    def centre(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True)
class Mesh:
    """The points in the picture (468 x 2, pixels), the same upright with depth (468 x 3), and how sure it is a face."""

    flat: Points
    deep: Points
    sure: float


def load() -> None:
    """Read both networks now, and let each answer once: the first picture does not wait for it."""
    nothing = np.zeros((_MESH_PX, _MESH_PX, 3), np.uint8)
    find_faces(nothing)
    mesh_of(nothing, Face(0, 0, 0, _MESH_PX, _MESH_PX, np.array([[0.0, 0.0], [1.0, 0.0]])))


def find_faces(rgb: Rgb) -> list[Face]:
    """Every face, the largest first."""
    height, width = rgb.shape[:2]
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    # Squeezing the picture into a square would make faces thin.
    square = cv2.copyMakeBorder(
        rgb, top, side - height - top, left, side - width - left, cv2.BORDER_CONSTANT, value=(0, 0, 0)
    )
    net = _detector()
    net.setInput(cv2.dnn.blobFromImage(square, 1 / 127.5, (_DETECTOR_PX, _DETECTOR_PX), (127.5, 127.5, 127.5)))
    answers = [np.asarray(answer) for answer in net.forward(net.getUnconnectedOutLayersNames())]
    scores = 1 / (1 + np.exp(-next(answer for answer in answers if answer.shape[-1] == 1).ravel().clip(-50, 50)))
    boxes = next(answer for answer in answers if answer.shape[-1] == 16).reshape(-1, 16)
    found = [
        _face(float(scores[place]), boxes[place], _anchors()[place], side, left, top)
        for place in np.argsort(-scores)
        if scores[place] >= _LEAST_SCORE
    ]
    return sorted(_one_each(found), key=lambda face: -face.width)


def mesh_of(rgb: Rgb, face: Face) -> Mesh:
    """The 468 points of `face`. The picture is turned first, so that the eyes lie level."""
    across = face.points[_LEFT_EYE] - face.points[_RIGHT_EYE]
    lean = float(np.arctan2(across[1], across[0]))
    side = _ROOM * max(face.width, face.height)
    turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5]]) * side @ turn.T + face.centre
    wanted = np.array([[0, 0], [_MESH_PX, 0], [0, _MESH_PX]], np.float32)
    there = cv2.getAffineTransform(corners.astype(np.float32), wanted)
    cut = cv2.warpAffine(rgb, there, (_MESH_PX, _MESH_PX))
    net = _mesh()
    net.setInput(cv2.dnn.blobFromImage(cut, 1 / 255, (_MESH_PX, _MESH_PX)))
    answers = [np.asarray(answer) for answer in net.forward(net.getUnconnectedOutLayersNames())]
    deep = next(answer for answer in answers if answer.size == 468 * 3).reshape(468, 3).astype(np.float64)
    presence = float(next(answer for answer in answers if answer.size == 1).ravel()[0])
    back = cv2.invertAffineTransform(there)
    flat = deep[:, :2] @ back[:, :2].T + back[:, 2]
    return Mesh(flat, deep, float(1 / (1 + np.exp(-presence))))


def _face(score: float, box: NDArray[np.float32], anchor: Points, side: int, left: int, top: int) -> Face:
    shift = np.array([left, top])
    centre = (box[:2] / _DETECTOR_PX + anchor) * side - shift
    width, height = (float(value) * side / _DETECTOR_PX for value in box[2:4])
    points = (box[4:].reshape(6, 2) / _DETECTOR_PX + anchor) * side - shift
    return Face(score, float(centre[0]) - width / 2, float(centre[1]) - height / 2, width, height, points)


def _one_each(found: list[Face]) -> list[Face]:
    """Of boxes that cover each other the surest: `found` comes with the surest first."""
    kept: list[Face] = []
    for face in found:
        if all(_overlap(face, other) < _SAME_FACE for other in kept):
            kept.append(face)
    return kept


def _overlap(one: Face, other: Face) -> float:
    wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    both = max(0.0, wide) * max(0.0, high)
    return both / (one.width * one.height + other.width * other.height - both)


@lru_cache(maxsize=1)
def _anchors() -> Points:
    """The places the detector's 896 answers are about, as shares of the square."""
    places: list[tuple[float, float]] = []
    for stride in sorted(set(_STRIDES)):
        count = _DETECTOR_PX // stride
        each = 2 * _STRIDES.count(stride)
        for row in range(count):
            for column in range(count):
                places += [((column + 0.5) / count, (row + 0.5) / count)] * each
    return np.array(places)


@lru_cache(maxsize=1)
def _detector() -> cv2.dnn.Net:
    return _net("face_detection_short_range.tflite")


@lru_cache(maxsize=1)
def _mesh() -> cv2.dnn.Net:
    return _net("face_landmark.tflite")


def _net(name: str) -> cv2.dnn.Net:
    cv2.setNumThreads(1)  # the other core paints the window
    return cv2.dnn.readNetFromTFLite(str(resources_dir() / "models" / name))
