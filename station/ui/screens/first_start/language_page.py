"""The first question: in which language. Asked in both, so that nobody has to guess."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station import i18n
from station.i18n import _
from station.ui.context import Context
from station.ui.screens.first_start.answers import Answers
from station.ui.screens.first_start.choice import Choice
from station.ui.screens.first_start.page import Page


class LanguagePage(Page):
    """`language_chosen` as soon as another one is marked: the page answers in it."""

    language_chosen = Signal(str)

    key = "language"

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        self.intro.setText(_("This takes about ten minutes, and happens once. It can be changed at every sign-in."))
        options = [(code, name, "") for code, name in i18n.LANGUAGES.items()]
        self.choice = Choice("first.language", options, i18n.language())
        self.choice.chosen.connect(self.language_chosen)
        self.body.addWidget(self.choice)

    @property
    def title(self) -> str:
        return "Bahasa · Language"

    def stops(self) -> Sequence[QWidget]:
        return [self.choice.button]
