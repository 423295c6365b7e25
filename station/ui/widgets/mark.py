"""The small sign beside a word: done, careful, wrong, open. Painted, so that it never depends on a font."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from station.ui import theme


def paint_mark(painter: QPainter, box: QRectF, tone: str) -> None:
    """A tick for ok, a triangle for warn, a cross in a disc for bad, a dot for anything else."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(theme.tokens().tone(tone)[0])
    pen = QPen(colour, max(box.width() / 7, 1.5))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if tone == "ok":
        painter.drawPolyline(_points(box, (0.1, 0.55), (0.38, 0.82), (0.9, 0.2)))
    elif tone == "warn":
        painter.drawPolygon(_points(box, (0.5, 0.08), (0.96, 0.9), (0.04, 0.9)))
        painter.drawLine(_point(box, 0.5, 0.4), _point(box, 0.5, 0.56))
        painter.drawPoint(_point(box, 0.5, 0.74))
    elif tone == "bad":
        painter.setBrush(colour)
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        painter.setPen(QPen(QColor(theme.tokens().card), max(box.width() / 8, 1.4)))
        painter.drawLine(_point(box, 0.34, 0.34), _point(box, 0.66, 0.66))
        painter.drawLine(_point(box, 0.66, 0.34), _point(box, 0.34, 0.66))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(box.center(), box.width() / 6, box.width() / 6)
    painter.restore()


class Mark(QWidget):
    """The sign as a widget of `size` design pixels. The word beside it carries the meaning for a screen reader."""

    def __init__(self, tone: str, size: float = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setFixedSize(theme.px(size), theme.px(size))

    def show_tone(self, tone: str) -> None:
        if tone != self._tone:
            self._tone = tone
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_mark(painter, QRectF(self.rect()), self._tone)
        painter.end()


def _points(box: QRectF, *shares: tuple[float, float]) -> QPolygonF:
    return QPolygonF([_point(box, x, y) for x, y in shares])


def _point(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.left() + box.width() * x, box.top() + box.height() * y)
