"""What a device sees now, or the picture it took. Paints frames; knows no device and no thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.domain.ports import Preview
from station.ui import theme

_GROUND = QColor("#0F172A")
_QUIET = QColor("#A9B8CE")


def image_of(frame: Preview) -> QImage:
    """The frame as an image with its own copy of the pixels."""
    kind = QImage.Format.Format_Grayscale8 if frame.channels == 1 else QImage.Format.Format_RGB888
    return QImage(frame.pixels, frame.width, frame.height, frame.width * frame.channels, kind).copy()


class PreviewView(QWidget):
    """Dark while nothing is seen. It takes the keyboard, so that Space on it captures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._live = False
        self._invitation = ""
        self._hint = ""
        self._hint_tone = "off"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def live(self) -> bool:
        return self._live

    @property
    def hint(self) -> str:
        return self._hint

    @property
    def hint_tone(self) -> str:
        return self._hint_tone

    @property
    def has_picture(self) -> bool:
        """Live or kept."""
        return self._image is not None and not self._image.isNull()

    def invite(self, text: str) -> None:
        """What the applicant should do; shown until there is a picture."""
        self._invitation = text
        self.setAccessibleName(text)
        self.update()

    def show_frame(self, frame: Preview, hint: str, tone: str = "off") -> None:
        """One live frame with a word for the applicant."""
        self._image, self._live = image_of(frame), True
        self.show_hint(hint, tone)

    def show_still(self, image: QImage | None) -> None:
        """The picture that was kept, or nothing."""
        self._image, self._live = image, False
        self.show_hint("")

    def show_hint(self, hint: str, tone: str = "off") -> None:
        self._hint, self._hint_tone = hint, tone
        self.setAccessibleDescription(hint)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(560), theme.px(196))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(frame, 9, 9)
        painter.fillPath(shape, _GROUND)
        painter.setClipPath(shape)
        self._paint_content(painter, frame)
        painter.setClipping(False)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.tokens().brand), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(shape)
        painter.end()

    def _paint_content(self, painter: QPainter, frame: QRectF) -> None:
        picture = QRectF(frame.center().x(), frame.top(), 0, frame.height())
        if self._image is not None and self.has_picture:
            picture = _fitted(self._image, frame)
            painter.drawImage(picture, self._image)
        else:
            painter.setPen(_QUIET)
            painter.setFont(theme.font("m"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.invitation_place(frame), int(flags), self._invitation)
        self.paint_over(painter, picture if self.has_picture else frame)
        if self._hint:
            self.paint_hint(painter, frame)

    def invitation_place(self, frame: QRectF) -> QRectF:
        """Where the invitation is written, in the middle of it."""
        return frame.adjusted(24, 12, -24, -12)

    def paint_over(self, painter: QPainter, picture: QRectF) -> None:
        """Something on the picture; where it would be while there is none."""

    def paint_hint(self, painter: QPainter, frame: QRectF) -> None:
        """The word for the applicant, over everything."""
        look = theme.tokens()
        font = theme.font("m", QFont.Weight.DemiBold)
        painter.setFont(font)
        room = frame.width() - 48
        text = painter.fontMetrics().elidedText(self._hint, Qt.TextElideMode.ElideRight, int(room) - 32)
        width = painter.fontMetrics().horizontalAdvance(text) + 32
        pill = QRectF(frame.center().x() - width / 2, frame.bottom() - theme.px(44), width, theme.px(32))
        ink, ground = look.tone(self._hint_tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(QColor(ink))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _fitted(image: QImage, frame: QRectF) -> QRectF:
    """The largest place for `image` inside `frame`, centred, never stretched out of shape."""
    size = image.size().scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(frame.center())
    return place
