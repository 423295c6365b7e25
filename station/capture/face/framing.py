"""Where the portrait is cut from a picture, so that head and eye line stand as ISO/IEC 19794-5 asks.

It must not know colours or devices. A cut never leaves the picture: what the camera did not see is not made up.
"""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT = 480, 640
_EYES_APART = 0.225  # of the portrait's width: the head is then about half of it wide
_EYE_LINE = 0.44  # of the portrait's height, from its top


@dataclass(frozen=True)
class Box:
    """A part of a picture, in pixels."""

    left: float
    top: float
    width: float
    height: float


def wanted(eyes: tuple[float, float], apart: float) -> Box:
    """The portrait around these eyes; it may reach beyond the picture."""
    width = apart / _EYES_APART
    height = width * HEIGHT / WIDTH
    return Box(eyes[0] - width / 2, eyes[1] - _EYE_LINE * height, width, height)


def inside(box: Box, width: int, height: int) -> Box:
    """`box` moved, and made smaller where that is not enough, so that it lies in a picture of `width` by `height`."""
    shrink = min(1.0, width / box.width, height / box.height)
    wide, high = box.width * shrink, box.height * shrink
    left = box.left + (box.width - wide) / 2
    top = box.top + (box.height - high) * _EYE_LINE
    return Box(max(min(left, width - wide), 0.0), max(min(top, height - high), 0.0), wide, high)


def middle(width: int, height: int) -> Box:
    """The largest portrait in the middle of a picture: for one in which no face was found."""
    return inside(Box(width / 2 - height * WIDTH / HEIGHT / 2, 0, height * WIDTH / HEIGHT, height), width, height)
