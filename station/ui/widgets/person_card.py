"""Who this is: photo, name, NIK, age and what follows from it, the background the photo needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain import codes
from station.domain.eligibility import Background, Eligible, eligibility_of, photo_background
from station.domain.form import parse_date
from station.i18n import _
from station.ui import theme
from station.ui.form.number_entry import grouped
from station.ui.widgets.card import Card, label

BACKGROUND_COLOURS = {Background.RED: "#C81E1E", Background.BLUE: "#2563AB", Background.ORANGE: "#D9730D"}


def background_word(background: Background) -> str:
    """The colour as people say it."""
    match background:
        case Background.RED:
            return _("red")
        case Background.BLUE:
            return _("blue")
        case Background.ORANGE:
            return _("orange")


def background_of(answers: Mapping[str, str]) -> Background | None:
    """The background the photo needs, once the birth date is known."""
    birth = parse_date(answers.get("birth_date", ""))
    return photo_background(birth, foreigner=answers.get("citizenship") == codes.FOREIGNER) if birth else None


def standing(answers: Mapping[str, str], today: date, *, elsewhere: bool = False) -> str:
    """`38 years · must hold a card`, or from when the card may be printed; and whether home is `elsewhere`."""
    result = eligibility_of(answers, today=today)
    if result is None:
        return ""
    match result.kind:
        case Eligible.MUST_HOLD:
            said = _("must hold a card")
        case Eligible.EARLY:
            said = _("early recording, print from {day}").format(day=f"{result.print_from:%d-%m-%Y}")
        case Eligible.NOT_YET:
            said = _("too young to be recorded")
        case Eligible.NO_PERMIT:
            said = _("needs a valid stay permit (ITAP)")
    parts = [_("{age} years").format(age=result.age), said]
    if elsewhere:
        parts.append(_("out of domicile"))
    return " · ".join(parts)


class Portrait(QWidget):
    """The kept photo, or the background colour it will need."""

    def __init__(self, width: int = 72, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self._image: QImage | None = None
        self._fitted: QImage | None = None  # to the size it is painted in: fitting takes longer than all else here
        self._ground: Background | None = None
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(_("Photo"))

    def show_person(self, image: QImage | None, ground: Background | None) -> None:
        if image is self._image and ground is self._ground:
            return
        if image is not self._image:
            self._image, self._fitted = image, None
        self._ground = ground
        self.update()

    def sizeHint(self) -> QSize:
        # Large text needs the room more than the picture does.
        width = min(theme.px(self._width), self._width + 10)
        return QSize(width, width * 9 // 7)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(box, 9, 9)
        painter.setClipPath(shape)
        painter.fillPath(shape, QColor(BACKGROUND_COLOURS[self._ground] if self._ground else look.off_soft))
        if self._image is not None and not self._image.isNull():
            fitted = self._fit(self._image)
            over = fitted.deviceIndependentSize().toSize() - self.size()
            painter.drawImage(QPoint(-over.width() // 2, -over.height() // 2), fitted)
        else:
            painter.setPen(QColor("#FFFFFF" if self._ground else look.hint))
            painter.setFont(theme.font("s", QFont.Weight.Medium))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _("Photo"))
        painter.end()

    def _fit(self, image: QImage) -> QImage:
        """As large as the box and no smaller, in the pixels of this screen."""
        ratio = self.devicePixelRatioF()
        found = self._fitted
        if found is None or found.devicePixelRatio() != ratio:
            expanding, smooth = (
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
            found = image.scaled(self.size() * ratio, expanding, smooth)
            found.setDevicePixelRatio(ratio)
            self._fitted = found
        return found


class PersonCard(Card):
    """Empty answers show an empty person, not another one's data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._portrait = Portrait()
        self._name = label(role="strong", wrap=True, name="capture.person.name")
        self._nik = label(role="muted", name="capture.person.nik")
        self._standing = label(role="small", wrap=True, name="capture.person.standing")
        self._ground = label(role="small", wrap=True, name="capture.person.background")
        self._ground.setTextFormat(Qt.TextFormat.RichText)
        words = QVBoxLayout()
        words.setSpacing(2)
        for widget in (self._name, self._nik, self._standing, self._ground):
            words.addWidget(widget)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._portrait, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.body.addLayout(row)

    def show_person(
        self, answers: Mapping[str, str], today: date, photo: QImage | None, *, elsewhere: bool = False
    ) -> None:
        ground = background_of(answers)
        self._portrait.show_person(photo, ground)
        self._name.setText(answers.get("name") or _("No name yet"))
        self._nik.setText(grouped(answers.get("nik", "")))
        self._standing.setText(standing(answers, today, elsewhere=elsewhere))
        birth = parse_date(answers.get("birth_date", ""))
        self._ground.setVisible(ground is not None)
        if ground is not None and birth is not None:
            colour = BACKGROUND_COLOURS[ground] if theme.tokens().name != "dark" else theme.tokens().ink
            word = f'<b style="color:{colour}">{background_word(ground)}</b>'
            self._ground.setText(_("Photo background: {colour} (born {year})").format(colour=word, year=birth.year))
