"""A white page with text and bars in the program's font and colours, saved as PNG. Knows no figures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QImage, QPainter, QPen

from station.config import resources_dir
from station.ui.theme import FAMILY, LIGHT

WIDTH, MARGIN = 960.0, 32.0
SCALE = 1.5
"""Pixels for one point of the page: sharp on every screen."""
INK, QUIET, LINE, GROUND = LIGHT.ink, LIGHT.hint, LIGHT.line, LIGHT.card
OURS, OTHER, BESIDE, GOAL = LIGHT.brand, LIGHT.off, LIGHT.ink_3, LIGHT.warn


def begin() -> QGuiApplication:
    """The fonts are there from now on; keep what is returned."""
    found = QGuiApplication.instance()
    qt = found if isinstance(found, QGuiApplication) else QGuiApplication(["charts"])
    for path in sorted((resources_dir() / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))
    return qt


def font(size: float, *, strong: bool = False) -> QFont:
    made = QFont(FAMILY)
    made.setPixelSize(round(size))
    made.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return made


class Canvas:
    """Draw from the top; every place is in points from the top left corner."""

    def __init__(self, height: float) -> None:
        self._image = QImage(round(WIDTH * SCALE), round(height * SCALE), QImage.Format.Format_RGB32)
        self._image.fill(QColor(GROUND))
        self._painter = QPainter(self._image)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.scale(SCALE, SCALE)

    def text(self, x: float, y: float, words: str, size: float, *, colour: str = INK, strong: bool = False) -> float:
        """Write with the base line at `y`; where it ends."""
        chosen = font(size, strong=strong)
        self._painter.setFont(chosen)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(QPointF(x, y), words)
        return x + QFontMetricsF(chosen).horizontalAdvance(words)

    def text_left_of(
        self, x: float, y: float, words: str, size: float, *, colour: str = INK, strong: bool = False
    ) -> None:
        """Write so that it ends at `x`."""
        self.text(x - width(words, size, strong=strong), y, words, size, colour=colour, strong=strong)

    def bar(self, x: float, y: float, long: float, high: float, colour: str) -> None:
        """At least a point long: something was measured."""
        self._painter.fillRect(QRectF(x, y, max(long, 1.0), high), QColor(colour))

    def line(self, points: list[tuple[float, float]], colour: str, thick: float = 1.0, *, dashed: bool = False) -> None:
        pen = QPen(QColor(colour), thick)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        self._painter.setPen(pen)
        self._painter.drawPolyline([QPointF(x, y) for x, y in points])

    def dot(self, x: float, y: float, colour: str) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(colour))
        self._painter.drawEllipse(QPointF(x, y), 4.0, 4.0)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def save(self, path: Path) -> None:
        """OSError when it cannot be written."""
        self._painter.end()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self._image.save(str(path), "PNG", 0):  # type: ignore[call-overload]  # 0: as small as it gets
            raise OSError(f"{path.name} cannot be written")


def width(words: str, size: float, *, strong: bool = False) -> float:
    return QFontMetricsF(font(size, strong=strong)).horizontalAdvance(words)
