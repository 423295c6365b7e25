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
from station.domain.signature import HEIGHT, MAX_POINTS, WIDTH
from station.ui import theme
from station.ui.widgets.ink import Point, paint_line, paint_points

_PAPER = QColor("#FFFFFF")  # paper is white in every theme: the picture itself is black on white
_HAND_PRESSURE = 0.5  # what a mouse cannot tell


class SignaturePad(QWidget):
    """Paper with a line to sign on. The strokes are in the pad's own units, whatever its size on the screen."""

    changed = Signal()  # a stroke ended, or all were cleared

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[Stroke] = []
        self._points: list[Point] = []
        self._count = 0
        self._first_ms: int | None = None
        self._device = DeviceInfo(Modality.SIGNATURE, "", "", "", "mouse")
        self._ink: QImage | None = None
        self._kept: QImage | None = None
        self._invitation = ""
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        return tuple(self._strokes)

    @property
    def device(self) -> DeviceInfo:
        """What the last stroke was written with; the driver is `pen`, `touch` or `mouse`."""
        return self._device

    @property
    def writing(self) -> bool:
        return bool(self._points)

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
        self._strokes, self._points, self._count, self._first_ms = [], [], 0, None
        self._ink = self._kept = None
        self.update()
        self.changed.emit()

    # ------------------------------------------------------------------------------------------------- pens coming in

    def tabletEvent(self, event: QTabletEvent) -> None:
        self._follow(event, event.position(), event.pressure(), "pen")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._mouse(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._mouse(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._mouse(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent) and event.points():
            point = event.points()[0]  # one finger writes
            pressure = point.pressure() or _HAND_PRESSURE
            match point.state():
                case QEventPoint.State.Pressed:
                    self._touch(event, point.position(), pressure)
                case QEventPoint.State.Released:
                    self._move(event, point.position(), pressure)
                    self._lift()
                case _:
                    self._move(event, point.position(), pressure)
            event.accept()
            return True
        return super().event(event)

    def _mouse(self, event: QMouseEvent) -> None:
        self._follow(event, event.position(), _HAND_PRESSURE, "mouse")

    def _follow(self, event: QPointerEvent, place: QPointF, pressure: float, driver: str) -> None:
        match event.type():
            case QEvent.Type.TabletPress | QEvent.Type.MouseButtonPress:
                self._touch(event, place, pressure, driver)
            case QEvent.Type.TabletRelease | QEvent.Type.MouseButtonRelease:
                self._move(event, place, pressure)
                self._lift()
            case _:
                self._move(event, place, pressure)
        event.accept()

    # ---------------------------------------------------------------------------------------------------------- strokes

    def _touch(self, event: QPointerEvent, place: QPointF, pressure: float, driver: str = "touch") -> None:
        if self._first_ms is None:
            self._first_ms = event.timestamp()
            self._kept = None
        self._device = DeviceInfo(Modality.SIGNATURE, "", "", event.device().name()[:64], driver)
        self._points = []
        self._add(event, place, pressure)

    def _move(self, event: QPointerEvent, place: QPointF, pressure: float) -> None:
        if self._points:
            self._add(event, place, pressure)

    def _lift(self) -> None:
        if self._points:
            self._strokes.append(Stroke(tuple(self._points)))
            self._points = []
            self.changed.emit()

    def _add(self, event: QPointerEvent, place: QPointF, pressure: float) -> None:
        if self._count >= MAX_POINTS or self._first_ms is None:
            return
        paper = self._paper()
        x = (place.x() - paper.left()) * WIDTH / paper.width()
        y = (place.y() - paper.top()) * HEIGHT / paper.height()
        since = max(0, event.timestamp() - self._first_ms)
        point = (
            round(min(max(x, 0.0), WIDTH), 2),
            round(min(max(y, 0.0), HEIGHT), 2),
            since,
            round(min(max(pressure, 0.0), 1.0), 3),
        )
        before = self._points[-1] if self._points else point
        self._points.append(point)
        self._count += 1
        self._wet(before, point)

    # --------------------------------------------------------------------------------------------------------- painting

    def _paper(self) -> QRectF:
        """The sheet: as large as fits in its own proportion, at the left like the text above it."""
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        width = min(room.width(), room.height() * WIDTH / HEIGHT)
        sheet = QRectF(0, 0, max(3.0, width), max(1.0, width * HEIGHT / WIDTH))
        sheet.moveTo(room.left(), room.center().y() - sheet.height() / 2)
        return sheet

    def _wet(self, before: Point, after: Point) -> None:
        """Only the new piece is painted: a pen reports two hundred times a second."""
        ink = self._sheet()
        painter = self._on(ink)
        paint_line(painter, before, after)
        painter.end()
        paper, scale = self._paper(), self._paper().width() / WIDTH
        piece = QRectF(QPointF(before[0], before[1]), QPointF(after[0], after[1])).normalized()
        piece.adjust(-4, -4, 4, 4)
        place = QRectF(paper.topLeft() + piece.topLeft() * scale, piece.size() * scale)
        self.update(place.toAlignedRect())

    def _sheet(self) -> QImage:
        """Ink at the size it is shown; made again from the strokes when the size changes."""
        size = (self._paper().size() * self.devicePixelRatioF()).toSize()
        if self._ink is None or self._ink.size() != size:
            self._ink = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
            self._ink.fill(Qt.GlobalColor.transparent)
            painter = self._on(self._ink)
            for stroke in self._strokes:
                paint_points(painter, stroke.points)
            paint_points(painter, self._points)
            painter.end()
        return self._ink

    def _on(self, ink: QImage) -> QPainter:
        painter = QPainter(ink)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(ink.width() / WIDTH, ink.height() / HEIGHT)
        return painter

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
        if self._strokes or self._points:
            painter.drawImage(paper, self._sheet())
        elif self._kept is not None:
            painter.drawImage(paper.adjusted(2, 2, -2, -2), self._kept)
        else:
            painter.setPen(QColor("#64748B"))
            painter.setFont(theme.font("m"))
            painter.drawText(paper, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._invitation)
        painter.end()
