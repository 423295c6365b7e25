"""A kept JPEG or PNG as an image. Knows not whose it is, nor where it is shown."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QImageReader


def picture(data: bytes | None) -> QImage | None:
    """None for nothing. Callable from any thread.

    `QImage.fromData` would hold up every other thread for as long as it opens the picture; a reader does not.
    """
    if not data:
        return None
    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return QImageReader(buffer).read()
