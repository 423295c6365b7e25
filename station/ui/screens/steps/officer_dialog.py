"""Let another person work at this station: name, role, last day, a password of their own, a supervisor's as proof."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.desk import officers
from station.desk.office import Office, Operator
from station.domain.errors import AccessError, StationError
from station.domain.form import parse_date
from station.domain.role import Role
from station.i18n import _
from station.ui import labels, theme, words
from station.ui.form.date_entry import DateEntry
from station.ui.screens.steps.lookups import Lookups
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height


class OfficerDialog(QDialog):
    """`added` carries the new officer. Esc closes it and adds nobody."""

    added = Signal(object)  # Operator

    def __init__(self, session: Lookups, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("officer")
        self.setWindowTitle(_("Add an officer"))
        self.setMinimumWidth(theme.px(460))
        self._session = session
        self._name = _line("officer.name")
        self._role = QComboBox()
        self._role.setObjectName("officer.role")
        self._until = DateEntry()
        self._until.setObjectName("officer.until")
        self._until.setPlaceholderText(_("dd-mm-yyyy"))
        self._password = _line("officer.password", secret=True)
        self._again = _line("officer.again", secret=True)
        self._chief = QComboBox()
        self._chief.setObjectName("officer.chief")
        self._own = _line("officer.own", secret=True)
        self._fields = {
            "name": FieldLabel(_("Full name"), self._name),
            "role": FieldLabel(_("Role"), self._role),
            "last_day": FieldLabel(_("Last day"), self._until, _("Empty: without end")),
            "password": FieldLabel(_("Password"), self._password, _("At least 8 characters; they type it")),
            "again": FieldLabel(_("Password again"), self._again),
            "chief": FieldLabel(_("Supervisor who adds them"), self._chief),
            "own": FieldLabel(_("The supervisor's password"), self._own, _("Typed by the supervisor themselves")),
        }
        self._yes = button("officer.confirm", _("Add the officer"), self._confirm, "primary")
        self._lay_out()
        self._chief.currentIndexChanged.connect(lambda _index: self._ask_roles())
        session.ask(officers.supervisors, self._show_chiefs)

    def _lay_out(self) -> None:
        no = button("officer.close", _("Close"), self.reject)
        no.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Add an officer"), "h2"))
        column.addWidget(self._fields["name"])
        for pair in (("role", "last_day"), ("password", "again"), ("chief", "own")):
            beside = QHBoxLayout()
            beside.setSpacing(12)
            for key in pair:
                beside.addWidget(self._fields[key], 1, Qt.AlignmentFlag.AlignTop)
            column.addLayout(beside)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(no)
        row.addWidget(self._yes)
        column.addLayout(row)
        lines = (self._name, self._password, self._again, self._own, self._yes)
        for here, after in pairwise(lines):
            if isinstance(here, QLineEdit):
                here.returnPressed.connect(after.setFocus)
        self._yes.setDefault(False)
        self._name.setFocus()
        fit_height(self)

    def _show_chiefs(self, found: Sequence[Operator]) -> None:
        """Whoever is signed in first, if they are one."""
        self._chief.clear()
        for chief in found:
            self._chief.addItem(chief.name, chief.operator_id)

    def _ask_roles(self) -> None:
        chief = str(self._chief.currentData() or "")
        if chief:
            self._session.ask(lambda office: officers.roles_to_give(office, chief), self._show_roles)

    def _show_roles(self, roles: Sequence[Role]) -> None:
        """What this supervisor may give; somebody who records, unless another role was chosen."""
        before = self._role.currentData() or Role.OPERATOR
        self._role.clear()
        for role in roles:
            self._role.addItem(labels.role(role), role)
        self._role.setCurrentIndex(max(self._role.findData(before), 0))

    def _confirm(self) -> None:
        for field in self._fields.values():
            field.say("")
        last_day = parse_date(self._until.value())
        if self._until.text().strip() and last_day is None:
            self._say("last_day", str(words.sentence("officer.day_form")))
            return
        if self._password.text() != self._again.text():
            self._say("again", _("The two passwords differ. Type the same one twice."))
            return
        name, password, own = self._name.text(), self._password.text(), self._own.text()
        role, chief = str(self._role.currentData()), str(self._chief.currentData() or "")
        self._yes.setEnabled(False)

        def add(office: Office) -> Operator:
            return officers.add(office, own, name, role, password, by=chief, last_day=last_day)

        self._session.ask(add, self._done, self._wrong)

    def _done(self, officer: Operator) -> None:
        self.accept()
        self.added.emit(officer)

    def _wrong(self, error: StationError) -> None:
        self._yes.setEnabled(True)
        key = getattr(error, "field", None)
        if isinstance(error, AccessError):
            self._own.clear()
            key = "own"
        elif error.code.startswith("password."):
            key = "password"
        self._say(key if key in self._fields else "name", str(words.of_error(error)))

    def _say(self, key: str, text: str) -> None:
        self._fields[key].say(text)
        self._fields[key].control.setFocus()
        fit_height(self)


def _line(name: str, *, secret: bool = False) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setMaxLength(200)
    if secret:
        line.setEchoMode(QLineEdit.EchoMode.Password)
    return line
