"""A small line of a few numbers over time, without axes: does it rise or not? Knows no meaning."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from station.ui import theme


def paint_sparkline(painter: QPainter, box: QRectF, values: Sequence[int | None], tone: str) -> None:
    """Oldest left. A gap where nothing is known; the newest value is a dot. Nothing below two known values."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return
    ink, most = QColor(theme.tokens().tone(tone)[0]), max(known)
    step = box.width() / (len(values) - 1)
    points = [
        (QPointF(box.left() + place * step, box.bottom() - box.height() * value / most) if value is not None else None)
        for place, value in enumerate(values)
    ]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.tokens().track), 1))
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(QPolygonF([point for point in points if point is not None]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    newest = next(point for point in reversed(points) if point is not None)
    painter.drawEllipse(newest, 2.6, 2.6)
    painter.restore()
