"""A ring for one finger or eye: its quality as a number, an arc, a sign and a colour. A click chooses it to repeat.

One that cannot be captured of this person has a broken line, a dash and a word instead.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from station.i18n import _
from station.ui import theme
from station.ui.widgets.mark import paint_mark

_SIZE, _LARGEST = 58, 74
_PEN = 7
_LABEL_HEIGHT = 20
_TOP = 6
_INSIDE = 0.88  # a word inside a ring is a little smaller than one below it
_OF_THE_BOARD = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class Ring(QAbstractButton):
    """`show_quality` with None means: nothing captured yet. Checked means: the next capture is of this one."""

    def __init__(self, label: str, full_label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._full_label = full_label
        self._quality: int | None = None
        self._tone = "off"
        self._excepted = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_quality(None, "off")

    @property
    def quality(self) -> int | None:
        return self._quality

    @property
    def tone(self) -> str:
        return self._tone

    @property
    def excepted(self) -> bool:
        return self._excepted

    def show_exception(self, why: str) -> None:
        """It cannot be captured of this person; `why` says the reason's kind in plain words."""
        self._quality, self._tone, self._excepted = None, "off", True
        said = _("exception")
        self._say(f"{self._full_label}: {said}, {why}")

    def show_quality(self, quality: int | None, tone: str, remark: str = "") -> None:
        """`remark` is what was weakest about the picture, in words."""
        self._quality, self._tone, self._excepted = quality, tone, False
        if quality is None:
            said = _("not captured yet")
        elif tone == "ok":
            said = _("quality {quality}, good").format(quality=quality)
        else:
            said = _("quality {quality}, not good enough").format(quality=quality)
        self._say(f"{self._full_label}: {said}" + (f". {remark}" if remark else ""))

    def _say(self, told: str) -> None:
        """All that is painted is also said in words: the same words, the same picture."""
        if told != self.accessibleName():
            self.setAccessibleName(told)
            self.setToolTip(told)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OF_THE_BOARD:
            event.ignore()  # the board knows which ring lies where
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(_side() + theme.px(34), _side() + theme.px(2 * _TOP + _LABEL_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(_side() + 2 * _TOP, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, pen = _side(), theme.px(_PEN)
        box = QRectF((self.width() - side) / 2, theme.px(_TOP), side, side)
        if self.isChecked() or self.hasFocus():
            self._paint_choice(painter, box.adjusted(-5, -5, 5, 5))
        inside = box.adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2)
        if self._excepted:
            self._paint_exception(painter, inside)
        else:
            self._paint_arc(painter, inside, pen)
            self._paint_quality(painter, box)
        self._paint_label(painter, box)
        painter.end()

    def _paint_choice(self, painter: QPainter, box: QRectF) -> None:
        look = theme.tokens()
        painter.setPen(QPen(QColor(look.brand), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(look.brand_soft))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 14, 14)

    def _paint_arc(self, painter: QPainter, box: QRectF, width: int) -> None:
        look = theme.tokens()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.track), width))
        painter.drawEllipse(box)
        colour = QColor(look.tone(self._tone)[0]) if self._quality is not None else QColor(look.ink_3)
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        span = round((self._quality or 0) * 3.6 * 16)
        painter.drawArc(box, 90 * 16, -max(span, 16))

    def _paint_exception(self, painter: QPainter, box: QRectF) -> None:
        look = theme.tokens()
        painter.setBrush(QColor(look.off_soft))
        pen = QPen(QColor(look.off), 2)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawEllipse(box)
        middle = box.center().y() - theme.px(7)
        dash = QPen(QColor(look.off), max(theme.px(3), 3))
        dash.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(dash)
        half = theme.px(7)
        painter.drawLine(QPointF(box.center().x() - half, middle), QPointF(box.center().x() + half, middle))
        painter.setPen(QColor(look.off))
        font = theme.font("xs", QFont.Weight.DemiBold)
        font.setPixelSize(round(font.pixelSize() * _INSIDE))
        painter.setFont(font)
        below = QRectF(box.left(), middle + theme.px(3), box.width(), theme.px(18))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, _("except"))

    def _paint_quality(self, painter: QPainter, box: QRectF) -> None:
        look = theme.tokens()
        painter.setPen(QColor(look.ink))
        painter.setFont(theme.font("l", QFont.Weight.Bold))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "–" if self._quality is None else str(self._quality))
        if self._quality is not None:
            size = theme.px(12)
            badge = QRectF(box.right() - size, box.bottom() - size, size, size)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.card))
            painter.drawEllipse(badge.adjusted(-3, -3, 3, 3))
            paint_mark(painter, badge, self._tone)

    def _paint_label(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QColor(theme.tokens().ink))
        painter.setFont(theme.font("xs", QFont.Weight.DemiBold))
        below = QRectF(0, box.bottom() + theme.px(_TOP) - 1, self.width(), theme.px(_LABEL_HEIGHT))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._label)


def _side() -> int:
    """Grows with the text, but ten of them must fit beside each other on a small screen."""
    return min(theme.px(_SIZE), _LARGEST)
