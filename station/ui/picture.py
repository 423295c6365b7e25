"""A kept JPEG or PNG as an image. Knows not whose it is, nor where it is shown."""

from __future__ import annotations

from PySide6.QtGui import QImage


def picture(data: bytes | None) -> QImage | None:
    """None for nothing. Callable from any thread.

    Never through a QImageReader with a buffer of Python's: while Qt looks for the right decoder it holds a lock that
    painting needs too, and asks the buffer, which waits for Python. A window that paints while Python waits for it
    stands still for ever.
    """
    return QImage.fromData(data) if data else None
