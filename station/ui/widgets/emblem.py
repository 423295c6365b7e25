"""The red and white emblem of the program, painted at any size."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from station.ui import theme

_RED, _WHITE, _EDGE = "#C81E1E", "#FFFFFF", "#D5DCE6"


class Emblem(QWidget):
    """A rounded square: red above, white below."""

    def __init__(self, size: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(theme.px(size), theme.px(size))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(square, square.width() * 0.2, square.width() * 0.2)
        painter.fillPath(shape, QColor(_WHITE))
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(0, 0, self.width(), self.height() / 2), QColor(_RED))
        painter.restore()
        painter.setPen(QPen(QColor(_EDGE), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
