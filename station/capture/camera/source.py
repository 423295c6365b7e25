"""Where live pictures come from: the port between the camera device and a camera, a folder or a test.

It must not know what is looked for in the pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from station.domain.errors import DeviceError

SHOWN_HEIGHT = 480
_RGB = QImage.Format.Format_RGB888


@dataclass(frozen=True)
class Frame:
    """One picture and when it came, in monotonic seconds. Unpacking it takes milliseconds: not on the GUI thread."""

    at: float
    image: Callable[[], QImage]


@dataclass(frozen=True)
class Look:
    """The upright part of a frame, whole and as small as it is shown and measured."""

    full: QImage
    small: QImage
    at: float

    @staticmethod
    def at_person(frame: Frame) -> Look:
        full = upright(frame.image())
        return Look(full, no_higher(full, SHOWN_HEIGHT), frame.at)


class CameraSource(Protocol):
    """Gives frames between `start` and `stop`; both return at once and may come from any thread.

    `on_frame` and `on_trouble` are called from any thread. After `on_trouble` no more frames come until it is started
    again: `device.missing` when it is not there, `device.unplugged` when it went, `camera.denied`, `device.broken`.
    """

    def start(self, on_frame: Callable[[Frame], None], on_trouble: Callable[[DeviceError], None]) -> None: ...

    def stop(self) -> None: ...


def upright(image: QImage) -> QImage:
    """The part in the middle that has the shape of a portrait, 3 by 4: what lies beside it is not looked at."""
    width = min(image.width(), image.height() * 3 // 4) // 4 * 4
    height = min(image.height(), width * 4 // 3)
    return image.copy(QRect((image.width() - width) // 2, (image.height() - height) // 2, width, height))


def no_higher(image: QImage, height: int) -> QImage:
    """Made smaller when it is higher than `height`; rows stay a multiple of four pixels."""
    if image.height() <= height:
        return image
    width = max(4, image.width() * height // image.height() // 4 * 4)
    return image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def pixels(image: QImage) -> bytes:
    """Rows of red, green, blue without gaps between them."""
    plain = image if image.format() == _RGB else image.convertToFormat(_RGB)
    row, gap = plain.width() * 3, plain.bytesPerLine()
    data = bytes(plain.constBits())
    if row == gap:
        return data[: row * plain.height()]
    return b"".join(data[start : start + row] for start in range(0, gap * plain.height(), gap))
