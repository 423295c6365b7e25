"""Over the network: where central is, the one-time code, and which station of which office this is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from station.desk.enrolment import check_central, check_place
from station.domain.errors import RuleError, SetupError
from station.i18n import _
from station.ui import words
from station.ui.context import Context
from station.ui.screens.first_start.answers import Answers
from station.ui.screens.first_start.page import Page


class OnlinePage(Page):
    """The code is spent two pages later, with everything else."""

    key = "online"

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        self.intro.setText(_("The Dinas gives you the address of central and a one-time code."))
        grid = QGridLayout()
        grid.setSpacing(12)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(
            self.add_entry("central_url", _("Address of central"), _("Such as https://rekam.dukcapil.example")),
            0, 0, 1, 2, top,
        )  # fmt: skip
        grid.addWidget(self.add_entry("code", _("One-time code")), 1, 0, 1, 2, top)
        name = self.add_entry("station_name", _("Name of this station"), _("Such as Kec. Contoh Utara"))
        grid.addWidget(name, 2, 0, top)
        grid.addWidget(self.add_entry("office", _("Office code"), _("Such as 33.25.07")), 2, 1, top)
        self.body.addLayout(grid)

    @property
    def title(self) -> str:
        return _("Station and office")

    def go_on(self) -> None:
        if not self.complete():
            return
        try:
            check_central(self.value("central_url"))
            check_place(self.value("station_name"), self.value("office"))
        except RuleError as problem:
            self.refuse(problem)
            return
        except SetupError as problem:
            self.say("central_url", str(words.of_error(problem)))
            return
        for key in self.fields:
            setattr(self.answers, key, self.value(key))
        self.finished.emit()
