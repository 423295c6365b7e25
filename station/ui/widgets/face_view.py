"""The live picture of a person with the oval to sit in, and one sentence in large letters. Knows no device."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from station.domain.ports import Preview
from station.ui import theme
from station.ui.widgets.mark import paint_mark
from station.ui.widgets.preview import PreviewView

# Of the upright picture: where a head is when the portrait around it fills four fifths of the picture.
_OVAL_MIDDLE, _OVAL_HEIGHT, _OVAL_WIDTH = 0.43, 0.52, 0.50
_WELL = QColor("#4ADE80")
_WAITING = QColor(255, 255, 255, 200)
_ASLEEP = QColor(255, 255, 255, 70)
_SHADE = QColor(0, 0, 0, 110)


class FaceView(PreviewView):
    """The oval is drawn while the picture is live, or before there is one; it is green and whole when all is well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ready = False

    @property
    def ready(self) -> bool:
        """The oval is green."""
        return self._ready

    def show_frame(self, frame: Preview, hint: str, tone: str = "off") -> None:
        self._ready = frame.ready
        super().show_frame(frame, hint, tone)

    def show_still(self, image: QImage | None) -> None:
        self._ready = False
        super().show_still(image)

    def invitation_place(self, frame: QRectF) -> QRectF:
        below = frame.adjusted(24, 0, -24, -12)
        below.setTop(frame.top() + frame.height() * (_OVAL_MIDDLE + _OVAL_HEIGHT / 2))
        return below

    def paint_over(self, painter: QPainter, picture: QRectF) -> None:
        if not self.live and self.has_picture:
            return
        width = min(picture.width(), picture.height() * 0.75) * _OVAL_WIDTH
        oval = QRectF(0, 0, width, picture.height() * _OVAL_HEIGHT)
        oval.moveCenter(picture.center())
        oval.moveTop(picture.top() + picture.height() * (_OVAL_MIDDLE - _OVAL_HEIGHT / 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        whole = self._ready
        line = Qt.PenStyle.SolidLine if whole else Qt.PenStyle.DashLine
        if self.live:  # on any wall the line has its own dark edge
            painter.setPen(QPen(_SHADE, 7 if whole else 5, line))
            painter.drawEllipse(oval)
        painter.setPen(QPen(_WELL if whole else _WAITING if self.live else _ASLEEP, 4 if whole else 2, line))
        painter.drawEllipse(oval)

    def paint_hint(self, painter: QPainter, frame: QRectF) -> None:
        """Below the face, two lines if need be, with its sign."""
        font = theme.font("xl", QFont.Weight.DemiBold)
        painter.setFont(font)
        sign, gap, margin = theme.px(22), theme.px(12), theme.px(16)
        wrap = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
        room = QRectF(0, 0, frame.width() - 2 * margin - sign - gap - 24, frame.height())
        words = painter.boundingRect(room, wrap, self.hint)
        panel = QRectF(0, 0, words.width() + sign + gap + 2 * margin, words.height() + margin)
        panel.moveCenter(frame.center())
        panel.moveBottom(frame.bottom() - 12)
        ink, ground = theme.tokens().tone(self.hint_tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(panel, 12, 12)
        place = QRectF(panel.left() + margin, panel.center().y() - sign / 2, sign, sign)
        paint_mark(painter, place, self.hint_tone)
        painter.setPen(QColor(ink))
        left = place.right() + gap
        painter.drawText(QRectF(left, panel.top(), panel.right() - left, panel.height()), wrap, self.hint)
