"""Strokes painted as ink: on the pad while somebody writes, and as the picture that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from station.domain.biometrics import Stroke
from station.domain.signature import HEIGHT, WIDTH
from station.ui import theme

INK = QColor("#181818")
_THINNEST, _THICKEST = 1.6, 5.0

Point = tuple[float, float, int, float]


def paint_line(painter: QPainter, before: Point, after: Point) -> None:
    """One piece of a stroke, wider where the pen is pressed."""
    width = _THINNEST + (_THICKEST - _THINNEST) * (before[3] + after[3]) / 2
    painter.setPen(QPen(INK, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawLine(QLineF(QPointF(before[0], before[1]), QPointF(after[0], after[1])))


def paint_points(painter: QPainter, points: Sequence[Point]) -> None:
    """A whole stroke; a single touch is a dot."""
    if len(points) == 1:
        paint_line(painter, points[0], points[0])
    for before, after in pairwise(points):
        paint_line(painter, before, after)


def picture_of(strokes: Iterable[Stroke], mark: str = "") -> QImage:
    """The signature as dark ink on white, WIDTH by HEIGHT, 8-bit grey; `mark` in a corner says that it is not real."""
    sheet = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for stroke in strokes:
        paint_points(painter, stroke.points)
    if mark:
        painter.setPen(QColor("#8A8A8A"))
        font = QFont(theme.FAMILY)
        font.setPixelSize(13)
        painter.setFont(font)
        painter.drawText(QRectF(8, HEIGHT - 24, WIDTH - 16, 18), Qt.AlignmentFlag.AlignLeft, mark)
    painter.end()
    return sheet.convertToFormat(QImage.Format.Format_Grayscale8)


def png_of(picture: QImage) -> bytes:
    """The picture as a PNG file."""
    data = QByteArray()  # the buffer writes into it, and does not keep it alive
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # The stubs ask for bytes, which Qt refuses.
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())
