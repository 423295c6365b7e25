"""The recovery words, once: to be written down by hand, or printed for the envelope."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from station.desk.office import station_card
from station.i18n import _
from station.ui.context import Context
from station.ui.recovery.words_paper import print_words
from station.ui.recovery.words_sheet import WordsSheet
from station.ui.screens.first_start.answers import Answers
from station.ui.screens.first_start.page import Page
from station.ui.widgets.button import button


class WordsPage(Page):
    """There is no way back: the station exists already."""

    key = "words"
    may_go_back = False

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        self.intro.setText(
            _(
                "This station is registered. These words open its data when every password is forgotten. They are "
                "shown only now: write them down with their numbers, and give them to the Dinas in a closed envelope."
            )
        )
        self.sheet = WordsSheet("first")
        self.print_button = button("first.words.print", _("Print the page for the envelope…"), self._print)
        self.body.addWidget(self.sheet)
        self.body.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def title(self) -> str:
        return _("Recovery words")

    @property
    def next_text(self) -> str:
        return _("I have written them down")

    def stops(self) -> Sequence[QWidget]:
        return []

    def opened(self) -> None:
        self.sheet.show_words(self.answers.words)

    def say_again(self) -> None:
        """Three mistakes: they are compared once more."""
        said = _("Compare every word with your paper, and correct it.")
        self.banner.say(_("Two of the words were not right."), said, "warn")

    def go_on(self) -> None:
        self.banner.clear()
        self.sheet.show_words(())  # behind the question they would be read off
        self.finished.emit()

    def _print(self) -> None:
        context = self.context
        print_words(self, self.answers.words, station_card(context.depot), context.clock.now(), context.printer)
