"""Beside the live photo: the cloth that is needed, how to sit, and what is kept while another one is taken."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.domain.draft import Draft
from station.domain.form import parse_date
from station.i18n import _
from station.ui import theme
from station.ui.widgets.backdrop import Backdrop
from station.ui.widgets.card import label
from station.ui.widgets.checks_card import Check, CheckList
from station.ui.widgets.person_card import Portrait, background_of

WIDTH, WIDEST = 240, 300


class PhotoSide(QWidget):
    """Shows what it is told; `button` belongs to the page."""

    def __init__(self, button: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.backdrop = Backdrop("step.photo.background")
        self._kept = Portrait(96)
        self._kept.setObjectName("step.photo.kept")
        self._word = label(_("Kept until there is a new one"), "small", wrap=True)
        self.setFixedWidth(min(theme.px(WIDTH), WIDEST))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.backdrop)
        column.addWidget(_tips())
        column.addStretch(1)
        kept = QHBoxLayout()
        kept.setSpacing(10)
        kept.addWidget(self._kept)
        kept.addWidget(self._word, 1, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(kept)
        column.addWidget(button)

    def show_draft(self, draft: Draft) -> None:
        """The cloth for this person."""
        birth = parse_date(draft.answers.get("birth_date", ""))
        self.backdrop.show_ground(background_of(draft.answers), birth.year if birth else 0)

    def show_kept(self, image: QImage | None, draft: Draft) -> None:
        """The photo that stays until a new one is taken; None to show none."""
        self._kept.show_person(image, background_of(draft.answers))
        for widget in (self._kept, self._word):
            widget.setVisible(image is not None)


def _tips() -> CheckList:
    tips = CheckList()
    tips.show_checks(
        [
            Check(text, "off")
            for text in (
                _("Head straight, both ears and shoulders free"),
                _("Eyes open, mouth closed"),
                _("No glasses, no hat; a headscarf may stay"),
                _("Even light, no shadow behind the head"),
            )
        ]
    )
    return tips
