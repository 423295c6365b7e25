"""The ink of a signature at the size in which it is shown. Knows no pen and no widget."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter

from station.domain.signature import HEIGHT, WIDTH
from station.ui.widgets.ink import Point, paint_line, paint_points
from station.ui.widgets.writing import Writing


class InkSheet:
    """Only what is new is painted: a pen reports two hundred times a second."""

    def __init__(self) -> None:
        self._image = QImage()

    def image(self, writing: Writing, size: QSize) -> QImage:
        """All of it; made again from the strokes when the size has changed."""
        if self._image.size() != size:
            self._image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
            self._image.fill(Qt.GlobalColor.transparent)
            painter = self._painter()
            for stroke in writing.strokes:
                paint_points(painter, stroke.points)
            if writing.points:
                paint_points(painter, writing.points)
            painter.end()
        return self._image

    def add(self, writing: Writing, size: QSize, piece: tuple[Point, Point]) -> None:
        """One more piece of line."""
        if self._image.size() != size:
            self.image(writing, size)  # the piece is among the points already
            return
        painter = self._painter()
        paint_line(painter, *piece)
        painter.end()

    def _painter(self) -> QPainter:
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._image.width() / WIDTH, self._image.height() / HEIGHT)
        return painter
