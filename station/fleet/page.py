"""A white page with text and lines in the program's font and colours, saved as PNG. Knows no figures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QImage, QPainter, QPen

from station.config import resources_dir
from station.store.folder import write_file
from station.ui.theme import FAMILY, LIGHT

WIDTH, MARGIN = 960.0, 40.0
SCALE = 1.5
"""Pixels for one point of the page: sharp on every screen."""
INK, QUIET, LINE = LIGHT.ink, LIGHT.hint, LIGHT.line


def begin() -> QGuiApplication:
    """The fonts are there from now on; keep what is returned."""
    found = QGuiApplication.instance()
    qt = found if isinstance(found, QGuiApplication) else QGuiApplication(["fleet", "-platform", "offscreen"])
    if FAMILY not in QFontDatabase.families():
        for path in sorted((resources_dir() / "fonts").glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(path))
    return qt


class Page:
    """Every place is in points from the top left corner."""

    def __init__(self, height: float) -> None:
        self._image = QImage(round(WIDTH * SCALE), round(height * SCALE), QImage.Format.Format_RGB32)
        self._image.fill(QColor(LIGHT.card))
        self._painter = QPainter(self._image)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.scale(SCALE, SCALE)

    def text(self, x: float, y: float, words: str, size: float, *, colour: str = INK, strong: bool = False) -> float:
        """Write with the base line at `y`; where it ends."""
        chosen = _font(size, strong)
        self._painter.setFont(chosen)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(QPointF(x, y), words)
        return x + QFontMetricsF(chosen).horizontalAdvance(words)

    def text_left_of(self, x: float, y: float, words: str, size: float, *, colour: str = INK) -> None:
        """Write so that it ends at `x`."""
        self.text(x - QFontMetricsF(_font(size, False)).horizontalAdvance(words), y, words, size, colour=colour)

    def text_around(self, x: float, y: float, words: str, size: float, *, colour: str = INK) -> None:
        """Write with its middle at `x`."""
        self.text(x - QFontMetricsF(_font(size, False)).horizontalAdvance(words) / 2, y, words, size, colour=colour)

    def line(self, points: list[tuple[float, float]], colour: str, thick: float = 1.0, *, dashed: bool = False) -> None:
        pen = QPen(QColor(colour), thick)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        self._painter.setPen(pen)
        self._painter.drawPolyline([QPointF(x, y) for x, y in points])

    def save(self, path: Path) -> None:
        """StoreError as `write_file` when it cannot be written."""
        self._painter.end()
        buffer = QBuffer()
        self._image.save(buffer, "PNG", 0)  # type: ignore[call-overload]  # 0: as small as it gets
        write_file(path, bytes(buffer.data().data()))


def _font(size: float, strong: bool) -> QFont:
    made = QFont(FAMILY)
    made.setPixelSize(round(size))
    made.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return made
