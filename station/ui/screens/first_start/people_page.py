"""The first two people: who looks after the station, and who records. Two, because no admin records.

Must not know how the station becomes known: it hands everything to the desk in one piece.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from station.desk import enrolment, file_enrolment
from station.desk.colleague import SHORTEST_PASSWORD, Colleague
from station.desk.first_words import spell
from station.domain.errors import RuleError, StationError
from station.domain.role import Role
from station.i18n import _
from station.ui import labels
from station.ui.context import Context
from station.ui.screens.first_start.answers import Answers, Way
from station.ui.screens.first_start.page import Page
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel

_RECORDS = (Role.SUPERVISOR, Role.OPERATOR)


class PeoplePage(Page):
    """Two columns: the admin at the left, the officer at the right."""

    key = "people"

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        self.intro.setText(
            _(
                "The admin lets officers in and keeps the keys, and never records. "
                "The officer records. These are two people with two passwords."
            )
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        hint = _("At least 8 characters")
        left: list[QWidget] = [
            label(_("Admin"), "h2"),
            self.add_entry("admin_name", _("Name of the admin")),
            self.add_entry("admin_password", _("Password"), hint, secret=True),
            self.add_entry("admin_again", _("Password again"), secret=True),
        ]
        right: list[QWidget] = [
            label(_("Officer who records"), "h2"),
            self.add_entry("operator_name", _("Name of the officer")),
            self.add_entry("password", _("Password"), hint, secret=True),
            self.add_entry("again", _("Password again"), secret=True),
        ]
        for column, widgets in enumerate((left, right)):
            for row, widget in enumerate(widgets):
                grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
        self.role = QComboBox()
        self.role.setObjectName("first.role")
        for role in _RECORDS:
            self.role.addItem(labels.role(role), role)
        box = FieldLabel(_("Role"), self.role, _("A supervisor also answers for exceptions"))
        self.fields["role"] = box
        grid.addWidget(box, 4, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(grid)

    @property
    def title(self) -> str:
        return _("The first two people")

    @property
    def next_text(self) -> str:
        return _("Set up this station")

    def opened(self) -> None:
        self.say_nothing()
        super().opened()

    def go_on(self) -> None:
        if not self.complete():
            return
        for password, again in (("admin_password", "admin_again"), ("password", "again")):
            if self.value(password) != self.value(again):
                self.say(again, _("The two passwords differ. Type the same one twice."))
                return
        if self.value("admin_password") == self.value("password"):
            self.say("password", _("This is the admin's password. Each person has their own."))
            return
        admin = Colleague(self.value("admin_name"), Role.ADMIN, self.value("admin_password"))
        officer = Colleague(self.value("operator_name"), str(self.role.currentData()), self.value("password"))
        for who, prefix in ((admin, "admin_"), (officer, "")):
            if len(who.password) < SHORTEST_PASSWORD:
                short = RuleError("password.too_short", field=f"{prefix}password", limit=SHORTEST_PASSWORD)
                self.refuse(short)
                return
        self.work(_("Setting up…"))
        self.context.tasks.run(self._founding(admin, officer), self._founded, self._refused)

    def _founding(self, admin: Colleague, officer: Colleague) -> Callable[[], str]:
        """What the desk is to do."""
        depot, clock, given, central = self.context.depot, self.context.clock, self.answers, self.context.central

        def online() -> str:
            file_enrolment.check_people((admin, officer))
            return enrolment.enrol(
                depot, given.central_url, given.code, given.station_name, given.office, officer.name, officer.password,
                settings=central, clock=clock, role=officer.role, colleagues=(admin,), unconfirmed=True,
            )  # fmt: skip

        def by_file() -> str:
            return file_enrolment.enrol_by_file(
                depot, given.file, given.code, (admin, officer), clock=clock, unconfirmed=True
            )

        return by_file if given.way is Way.FILE else online

    def _founded(self, recovery_key: str) -> None:
        self.answers.words = spell(recovery_key)
        for key in ("admin_password", "admin_again", "password", "again"):
            self.fill({key: ""})
        self.work("")
        self.finished.emit()

    def _refused(self, error: StationError) -> None:
        self.work("")
        if error.code == "officer.name_taken":
            self.say("operator_name", _("The admin has this name already. These are two people."))
        elif getattr(error, "field", None) == "name":
            self.complete()
        else:
            if getattr(error, "field", None) not in self.fields:
                self.fields["role"].control.setFocus()  # the last stop: Enter tries again
            self.refuse(error)
