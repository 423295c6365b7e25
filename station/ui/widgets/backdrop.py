"""The colour of the cloth that belongs behind the person, as a swatch with its name. Knows no draft."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station.domain.eligibility import Background
from station.i18n import _
from station.ui import theme
from station.ui.widgets.card import label
from station.ui.widgets.person_card import BACKGROUND_COLOURS, background_word


class _Swatch(QWidget):
    """A patch of cloth; striped while nobody knows the colour."""

    def __init__(self) -> None:
        super().__init__()
        self.ground: Background | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(40), theme.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(look.ink_2), 1))
        painter.setBrush(QColor(BACKGROUND_COLOURS[self.ground] if self.ground else look.off_soft))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        painter.end()


class Backdrop(QWidget):
    """`show_ground` says which; without a date of birth it says what is missing."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._swatch = _Swatch()
        self._title = label("", "strong", wrap=True, name=name)
        self._why = label("", "small", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._why)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._swatch)
        row.addLayout(words, 1)

    @property
    def text(self) -> str:
        return f"{self._title.text()} {self._why.text()}".strip()

    def show_ground(self, ground: Background | None, birth_year: int) -> None:
        """The colour, and the birth year it follows from."""
        self._swatch.ground = ground
        self._swatch.update()
        if ground is None:
            self._title.setText(_("Background not known yet"))
            self._why.setText(_("Fill in the date of birth first"))
            return
        self._title.setText(_("Background {colour}").format(colour=background_word(ground)))
        foreign = ground is Background.ORANGE
        self._why.setText(_("Foreign resident") if foreign else _("Born {year}").format(year=birth_year))
