"""The end of the first start: everything is there. Whoever has never worked with the program practises first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from station.i18n import _
from station.ui.context import Context
from station.ui.screens.first_start.answers import Answers, Way
from station.ui.screens.first_start.page import Page
from station.ui.widgets.button import button


class ReadyPage(Page):
    """Enter goes to sign-in; practising opens a window of its own."""

    key = "ready"
    may_go_back = False

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        self.practise = button("first.practise", _("Practise first"), self._practise)
        self.practise.setProperty("bulk", "tall")
        self.body.addWidget(self.practise, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def title(self) -> str:
        return _("This station is ready")

    @property
    def next_text(self) -> str:
        return _("Go to sign-in")

    def stops(self) -> Sequence[QWidget]:
        return []

    def opened(self) -> None:
        if self.answers.way is Way.RESTORE:
            said = _("Everything of the station is here again. Its officers sign in with their own passwords.")
        else:
            said = _("The officer signs in and records; the admin signs in to let others in.")
        practising = _("Practising is done with invented people and simulated devices, in a window of its own.")
        self.intro.setText(f"{said} {practising}")

    def _practise(self) -> None:
        if self.context.practise():
            self.banner.say(_("Training opens in a window of its own."), _("Come back here when you are ready."), "ok")
        else:
            self.banner.say(_("Training could not be opened."), _("Start it from the menu of this computer."), "warn")
