"""One page of paper to be read on the screen: whole, or as large as it takes. Knows no document and no desk."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTransform
from PySide6.QtGui import QWheelEvent as QWheel
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.ui import theme

STEP = 1.4
LARGEST = 3.0
"""Dots of the screen for one of the page: beyond it only the dots grow."""
_MARGIN = 10
_PAN = 80
_ARROWS = {
    Qt.Key.Key_Left: QPoint(_PAN, 0),
    Qt.Key.Key_Right: QPoint(-_PAN, 0),
    Qt.Key.Key_Up: QPoint(0, _PAN),
    Qt.Key.Key_Down: QPoint(0, -_PAN),
}


class PageView(QWidget):
    """It takes the keyboard: the arrows move a page that is larger than its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = QImage()
        self._sized = QImage()  # as it is painted when it is made smaller: smoothed once, not at every painting
        self._zoom = 0.0  # 0: as large as fits
        self._at = QPoint()
        self._dragged: QPointF | None = None
        self._invitation = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_page(self, image: QImage | None, turn: int = 0) -> None:
        """Another page, whole; None shows what `invite` says."""
        turned = (image or QImage()).transformed(QTransform().rotate(turn)) if turn and image else image
        self._page = turned or QImage()
        self._zoom, self._at = 0.0, QPoint()
        self._resize()

    def invite(self, text: str) -> None:
        """What to do; shown while there is no page."""
        self._invitation = text
        self.setAccessibleName(text)
        self.update()

    @property
    def page(self) -> QImage:
        """The page as it stands, upright; null without one."""
        return self._page

    @property
    def scale(self) -> float:
        """Dots of the screen for one of the page."""
        return self._zoom or self._fitting()

    def zoom(self, by: int) -> None:
        """Larger (1), smaller (-1), or whole again (0)."""
        if self._page.isNull():
            return
        wanted = self.scale * STEP**by if by else 0.0
        self._zoom = 0.0 if wanted <= self._fitting() else min(wanted, LARGEST)
        self._resize()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(300))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _ARROWS.get(Qt.Key(event.key()))
        if move is not None and self._zoom:
            self._move(move)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheel) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            self._move(event.angleDelta() / 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = event.position()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._move((event.position() - self._dragged).toPoint())
            self._dragged = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.zoom(0 if self._zoom else 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resize()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(look.brand if self.hasFocus() else look.line))
        painter.setBrush(QColor(look.off_soft))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 9, 9)
        if self._page.isNull():
            painter.setPen(QColor(look.ink_2))
            painter.setFont(theme.font("m"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(32, 12, -32, -12), int(flags), self._invitation)
        else:
            painter.setClipRect(self.rect().adjusted(2, 2, -2, -2))
            if self._sized.isNull():  # larger than it is: only what is in sight is reckoned
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(self._place(), self._page)
            else:
                painter.drawImage(self._place().topLeft(), self._sized)
        painter.end()

    # ------------------------------------------------------------------------------------------------------ inside

    def _fitting(self) -> float:
        if self._page.isNull():
            return 1.0
        room_w, room_h = max(1, self.width() - 2 * _MARGIN), max(1, self.height() - 2 * _MARGIN)
        return min(room_w / self._page.width(), room_h / self._page.height(), 1.0)

    def _resize(self) -> None:
        self._sized = QImage()
        if not self._page.isNull() and self.scale <= 1:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._sized = self._page.scaled(self._size(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        self._move(QPoint())

    def _size(self) -> QSize:
        return (QSize(self._page.size()) * self.scale).expandedTo(QSize(1, 1))

    def _move(self, by: QPoint) -> None:
        """Never farther than to the edge of the page."""
        slack = (self._size() - self.size() + QSize(2 * _MARGIN, 2 * _MARGIN)).expandedTo(QSize(0, 0)) / 2
        moved = self._at + by
        self._at = QPoint(
            min(max(moved.x(), -slack.width()), slack.width()), min(max(moved.y(), -slack.height()), slack.height())
        )
        self.update()

    def _place(self) -> QRect:
        place = QRect(QPoint(), self._size())
        place.moveCenter(self.rect().center() + self._at)
        return place
