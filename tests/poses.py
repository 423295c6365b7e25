"""Drawn people in front of a camera as people really sit: turned, far away, in the dark, two at once."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from station.domain.eligibility import Background
from station.training.drawing.portraits import Sitter, pixels, portrait

Rgb = NDArray[np.uint8]

MAN = Sitter(female=False, age=30, background=Background.RED)
WOMAN = Sitter(female=True, age=40, background=Background.BLUE, headscarf=True)
GUEST = Sitter(female=False, age=50, background=Background.ORANGE)
ASLEEP = Sitter(female=False, age=30, background=Background.RED, asleep=True)
_HEAD = 240.0, 275.0  # the middle of a drawn head
_SIZE = 115.0, 150.0, 105.0  # half of its width, height and depth, in pixels
_NOSE = 22.0


@lru_cache(maxsize=16)
def drawn(sitter: Sitter = MAN, seed: int = 1) -> Rgb:
    """The portrait, 480 by 640. Not to be written on."""
    picture = np.ascontiguousarray(pixels(portrait(seed, sitter)))
    picture.flags.writeable = False
    return picture


def turned(picture: Rgb, *, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Rgb:
    """The head as a ball with a nose, turned by known degrees: left, up, and leaning to the right of the picture."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    about_y, about_x = np.deg2rad((yaw, pitch))
    x, y = columns.copy(), rows.copy()
    for _ in range(40):  # where on the straight head does this pixel come from?
        away, down, depth = x - _HEAD[0], y - _HEAD[1], _depth(x, y)
        sideways = away * np.cos(about_y) + depth * np.sin(about_y)
        deep = depth * np.cos(about_y) - away * np.sin(about_y)
        upright = down * np.cos(about_x) - deep * np.sin(about_x)
        x += 0.5 * (columns - _HEAD[0] - sideways)
        y += 0.5 * (rows - _HEAD[1] - upright)
    head = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    lean = cv2.getRotationMatrix2D(_HEAD, -roll, 1)
    return _rgb(cv2.warpAffine(head, lean, (width, height), borderMode=cv2.BORDER_REPLICATE))


def blurred(picture: Rgb, pixels_: float = 3.0) -> Rgb:
    return _rgb(cv2.GaussianBlur(picture, (0, 0), pixels_))


def lit(picture: Rgb, share: float) -> Rgb:
    """With that share of the light."""
    return _rgb(np.clip(picture * share, 0, 255))


def lit_from_the_right(picture: Rgb) -> Rgb:
    return _rgb(np.clip(picture * np.linspace(0.3, 1.1, picture.shape[1])[None, :, None], 0, 255))


def with_a_fold(picture: Rgb) -> Rgb:
    """The cloth on one side is in shadow."""
    folded = picture.copy()
    folded[:, :85] = folded[:, :85] * 0.45
    return folded


def placed(picture: Rgb, size: float, x: float = 0.5, y: float = 0.5) -> Rgb:
    """The same picture smaller or larger, with its middle at these shares of the frame; around it its own wall."""
    height, width = picture.shape[:2]
    there = np.array([[size, 0, width * (x - size / 2)], [0, size, height * (y - size / 2)]], np.float64)
    return _rgb(cv2.warpAffine(picture, there, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_AREA))


def beside(one: Rgb, other: Rgb) -> Rgb:
    """Two people in one upright picture: the other one smaller, behind the shoulder."""
    picture = one.copy()
    small = cv2.resize(other[120:460, 120:360], (144, 204), interpolation=cv2.INTER_AREA)
    picture[40:244, 336:480] = small
    return picture


def in_a_room(picture: Rgb, width: int = 1280, height: int = 720) -> Rgb:
    """As a camera would see it: the person in the middle of a wide picture, in front of a grey room."""
    room = np.full((height, width, 3), 120, np.uint8)
    across = height * picture.shape[1] // picture.shape[0]
    left = (width - across) // 2
    room[:, left : left + across] = cv2.resize(picture, (across, height), interpolation=cv2.INTER_CUBIC)
    return room


def image(picture: Rgb) -> QImage:
    """As the camera's software hands it over."""
    height, width = picture.shape[:2]
    return QImage(picture.tobytes(), width, height, width * 3, QImage.Format.Format_RGB888).copy()


def _depth(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    ball = 1 - ((x - _HEAD[0]) / _SIZE[0]) ** 2 - ((y - _HEAD[1]) / _SIZE[1]) ** 2
    nose = _NOSE * np.exp(-(((x - _HEAD[0]) / 16) ** 2 + ((y - _HEAD[1] - 40) / 30) ** 2))
    return (_SIZE[2] * np.sqrt(np.maximum(ball, 0)) + nose).astype(np.float32)


def _rgb(values: NDArray[np.generic]) -> Rgb:
    return np.ascontiguousarray(values.astype(np.uint8))
