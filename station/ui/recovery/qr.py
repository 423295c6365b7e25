"""A QR code as a picture, one pixel of the code on whole pixels of the screen. Knows no file: nothing is written."""

from __future__ import annotations

import base64

import segno
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage

QUIET = 4
"""Empty modules around the code, as the standard wants them."""


def qr_image(text: str, size: int) -> QImage:
    """`text` as a QR code of at most `size` pixels a side; never smaller than one pixel for each module.

    Error correction M: a fold or a stain costs nothing. Always black on white, in a dark window too.
    """
    code = segno.make(text, error="m", micro=False, boost_error=False)
    small = _modules(code)
    scale = max(1, size // small.width())
    return small.scaled(
        small.width() * scale,
        small.height() * scale,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.FastTransformation,
    )


def png_source(image: QImage) -> str:
    """The picture inside the address of a picture, for the html of a paper."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, Qt a str
    return "data:image/png;base64," + base64.b64encode(bytes(buffer.data().data())).decode()


def _modules(code: segno.QRCode) -> QImage:
    rows = [list(row) for row in code.matrix_iter(scale=1, border=QUIET)]
    image = QImage(len(rows[0]), len(rows), QImage.Format.Format_RGB32)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            image.setPixel(x, y, 0xFF000000 if dark else 0xFFFFFFFF)
    return image
