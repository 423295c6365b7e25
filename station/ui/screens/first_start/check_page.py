"""Two of the words, typed again. After three mistakes the words are shown once more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station.desk import first_words
from station.domain.errors import StationError
from station.i18n import _
from station.ui.context import Context
from station.ui.recovery.words_check import WordsCheck
from station.ui.screens.first_start.answers import Answers
from station.ui.screens.first_start.page import Page


class CheckPage(Page):
    """`words_wanted` when they are to be shown again."""

    words_wanted = Signal()

    key = "check"

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        self.intro.setText(_("Take your paper, and type the two words that stand at these numbers."))
        self.check = WordsCheck("first")
        self.check.passed.connect(self._passed)
        self.check.failed.connect(self.words_wanted)
        self.body.addWidget(self.check)

    @property
    def title(self) -> str:
        return _("Are they on your paper?")

    @property
    def next_text(self) -> str:
        return _("Compare")

    def stops(self) -> Sequence[QWidget]:
        return list(self.check.entries)

    def opened(self) -> None:
        self.check.ask(self.answers.words)
        super().opened()

    def go_on(self) -> None:
        self.banner.clear()
        self.check.check()

    def _passed(self) -> None:
        depot = self.context.depot
        self.work(_("Checking…"))
        self.context.tasks.run(lambda: first_words.confirm_words(depot), lambda _none: self._confirmed(), self._failed)

    def _confirmed(self) -> None:
        self.answers.words = ()
        self.check.forget()
        self.work("")
        self.finished.emit()

    def _failed(self, error: StationError) -> None:
        self.work("")
        self.refuse(error)
