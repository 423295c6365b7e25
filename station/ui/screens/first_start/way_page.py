"""How this computer becomes a station: over the network, by a file from a stick, or out of a backup."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from station.i18n import _
from station.ui.context import Context
from station.ui.screens.first_start.answers import Answers, Way
from station.ui.screens.first_start.choice import Choice
from station.ui.screens.first_start.page import Page


class WayPage(Page):
    """Nothing is checked here."""

    key = "way"

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        self.intro.setText(_("The Dinas gives you a one-time code, and a file if there is no network here."))
        options = [
            (Way.ONLINE, _("With a code, over the network"), _("You have the address of central and a one-time code.")),
            (
                Way.FILE,
                _("With a file from a stick, without a network"),
                _("You have a file of the Dinas and its code. Recording can begin at once."),
            ),
            (
                Way.RESTORE,
                _("From a backup of another computer"),
                _("The computer before this one is broken or gone. You have its second medium."),
            ),
        ]
        self.choice = Choice("first.way", options, answers.way)
        self.choice.chosen.connect(self._choose)
        self.body.addWidget(self.choice)

    @property
    def title(self) -> str:
        return _("How is this station set up?")

    def stops(self) -> Sequence[QWidget]:
        return [self.choice.button]

    def _choose(self, way: str) -> None:
        self.answers.way = Way(way)
        self.changed.emit()
