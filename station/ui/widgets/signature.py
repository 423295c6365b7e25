"""The signature as it was kept, on paper with a line to sign on. Knows no pad."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.ui import theme

_PAPER = QColor("#FFFFFF")  # paper is white in every theme: the picture itself is black on white


class SignatureView(QWidget):
    """Empty paper, or the signature."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(260), theme.px(110))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(56))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        paper = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(theme.tokens().line), 1))
        painter.setBrush(_PAPER)
        painter.drawRoundedRect(paper, 9, 9)
        base = paper.bottom() - paper.height() * 0.2
        if self._image is not None and not self._image.isNull():
            room = paper.adjusted(12, 8, -12, -8)
            size = self._image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(room.center())
            painter.drawImage(place, self._image)
        painter.setPen(QPen(QColor("#CBD5E1"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(paper.left() + 20, base, paper.right() - 20, base))
        painter.end()
