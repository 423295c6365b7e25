"""How connected, slow and cut look: a tone, and a height that says the same to whoever cannot tell the colours."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from station.domain.link_day import Way
from station.ui import theme

TONES = {Way.CONNECTED: "ok", Way.SLOW: "warn", Way.CUT: "bad"}
HEIGHTS = {Way.CONNECTED: 1.0, Way.SLOW: 0.6, Way.CUT: 0.25}
_WIDTH, _TALL = 12, 12


class WaySwatch(QWidget):
    """The sign of one way in a legend; the word beside it carries the meaning."""

    def __init__(self, way: Way, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._way = way
        self.setFixedSize(theme.px(_WIDTH), theme.px(_TALL))

    def paintEvent(self, event: QPaintEvent) -> None:
        height = self.height() * HEIGHTS[self._way]
        painter = QPainter(self)
        painter.fillRect(
            QRectF(0, self.height() - height, self.width(), height), QColor(theme.tokens().tone(TONES[self._way])[0])
        )
        painter.end()
