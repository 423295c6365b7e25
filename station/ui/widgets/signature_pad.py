"""Where the applicant signs: with a pen on a tablet, a finger on a touch screen, or the mouse. Knows no record."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEventPoint,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointerEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.domain.biometrics import DeviceInfo, Modality, Stroke
from station.domain.signature import HEIGHT, WIDTH
from station.ui import theme
from station.ui.widgets.ink_sheet import InkSheet
from station.ui.widgets.writing import Writing

_PAPER = QColor("#FFFFFF")  # paper is white in every theme: the picture itself is black on white
_HAND_PRESSURE = 0.5  # what a mouse cannot tell
_DOWN: frozenset[object] = frozenset({QEvent.Type.TabletPress, QEvent.Type.MouseButtonPress, QEventPoint.State.Pressed})
_UP: frozenset[object] = frozenset(
    {QEvent.Type.TabletRelease, QEvent.Type.MouseButtonRelease, QEventPoint.State.Released}
)


class SignaturePad(QWidget):
    """Paper with a line to sign on. The strokes are in the pad's own units, whatever its size on the screen."""

    changed = Signal()  # a stroke ended, or all were cleared

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._writing = Writing()
        self._ink = InkSheet()
        self._device = DeviceInfo(Modality.SIGNATURE, "", "", "", "mouse")
        self._kept: QImage | None = None
        self._invitation = ""
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        return self._writing.strokes

    @property
    def device(self) -> DeviceInfo:
        """What the last stroke was written with; the driver is `pen`, `touch` or `mouse`."""
        return self._device

    @property
    def writing(self) -> bool:
        return bool(self._writing.points)

    def invite(self, text: str) -> None:
        self._invitation = text
        self.setAccessibleName(text)
        self.update()

    def place_of(self, x: float, y: float) -> QPoint:
        """Where on the widget a point of the pad lies."""
        paper = self._paper()
        return QPointF(paper.left() + x * paper.width() / WIDTH, paper.top() + y * paper.height() / HEIGHT).toPoint()

    def show_kept(self, image: QImage | None) -> None:
        """The signature that is stored, until somebody writes again."""
        self._kept = image
        self.update()

    def clear(self) -> None:
        """Empty paper."""
        self._writing, self._ink, self._kept = Writing(), InkSheet(), None
        self.update()
        self.changed.emit()

    def take_over(self, other: SignaturePad) -> None:
        """The ink of another pad, which is empty then."""
        self._writing, self._device = other._writing, other.device
        self._ink, self._kept = InkSheet(), None
        other.clear()
        self.update()
        self.changed.emit()

    # ------------------------------------------------------------------------------------------------- pens coming in

    def tabletEvent(self, event: QTabletEvent) -> None:
        self._follow(event, event.position(), event.pressure(), "pen")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._follow(event, event.position(), _HAND_PRESSURE, "mouse")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event, event.position(), _HAND_PRESSURE, "mouse")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent) and event.points():
            point = event.points()[0]  # one finger writes
            self._follow(event, point.position(), point.pressure() or _HAND_PRESSURE, "touch", point.state())
            return True
        return super().event(event)

    def _follow(self, event: QPointerEvent, place: QPointF, pressure: float, driver: str, state: object = None) -> None:
        """`state` is of the finger; a pen or a mouse says by the event what it does."""
        if {event.type(), state} & _DOWN:
            if self._writing.is_empty:
                self._kept = None
            self._device = DeviceInfo(Modality.SIGNATURE, "", "", event.device().name()[:64], driver)
            self._writing.touch(event.timestamp())
            self._draw(event, place, pressure)
        elif self._writing.points:
            self._draw(event, place, pressure)
        if {event.type(), state} & _UP and self._writing.lift():
            self.changed.emit()
        event.accept()

    # --------------------------------------------------------------------------------------------------------- painting

    def _paper(self) -> QRectF:
        """The sheet: as large as fits in its own proportion, at the left like the text above it."""
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        width = min(room.width(), room.height() * WIDTH / HEIGHT)
        sheet = QRectF(0, 0, max(3.0, width), max(1.0, width * HEIGHT / WIDTH))
        sheet.moveTo(room.left(), room.center().y() - sheet.height() / 2)
        return sheet

    def _draw(self, event: QPointerEvent, place: QPointF, pressure: float) -> None:
        """The line to `place`; only where it runs is painted."""
        paper = self._paper()
        scale = paper.width() / WIDTH
        x, y = (place.x() - paper.left()) / scale, (place.y() - paper.top()) * HEIGHT / paper.height()
        drawn = self._writing.go_to(x, y, event.timestamp(), pressure)
        if drawn is None:
            return
        self._ink.add(self._writing, (paper.size() * self.devicePixelRatioF()).toSize(), drawn)
        before, after = drawn
        piece = QRectF(QPointF(before[0], before[1]), QPointF(after[0], after[1])).normalized()
        piece.adjust(-4, -4, 4, 4)
        self.update(QRectF(paper.topLeft() + piece.topLeft() * scale, piece.size() * scale).toAlignedRect())

    def sizeHint(self) -> QSize:
        return QSize(theme.px(600), theme.px(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 80)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, paper = theme.tokens(), self._paper()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        edge = QColor(look.brand if self.hasFocus() else look.line)
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(_PAPER)
        painter.drawRoundedRect(paper, 9, 9)
        base = paper.bottom() - paper.height() * 0.22
        painter.setPen(QPen(QColor("#CBD5E1"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(paper.left() + 24, base, paper.right() - 24, base))
        if not self._writing.is_empty:
            pixels = (paper.size() * self.devicePixelRatioF()).toSize()
            painter.drawImage(paper, self._ink.image(self._writing, pixels))
        elif self._kept is not None:
            painter.drawImage(paper.adjusted(2, 2, -2, -2), self._kept)
        else:
            painter.setPen(QColor("#64748B"))
            painter.setFont(theme.font("m"))
            painter.drawText(paper, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._invitation)
        painter.end()
