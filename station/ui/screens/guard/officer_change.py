"""What becomes of one officer: role, last day, a finger after the password, a new password, or the end now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import appointments, officers, second_factor
from station.desk.appointments import Appointment
from station.desk.office import Office
from station.domain.errors import StationError
from station.domain.form import parse_date
from station.domain.role import Role
from station.i18n import _
from station.ui import format as shown
from station.ui import labels, theme, words
from station.ui.context import Context
from station.ui.form.date_entry import DateEntry
from station.ui.screens.guard.password_gift import PasswordGift
from station.ui.screens.steps.lookups import Lookups
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height


class OfficerChange(QDialog):
    """`changed` once something is kept. Ending takes a second press; Esc changes nothing."""

    changed = Signal()

    def __init__(self, context: Context, who: Appointment, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("appointment")
        self.setWindowTitle(who.name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(480))
        self._context, self._who = context, who
        self._desk = Lookups(context, self)
        self._role = QComboBox()
        self._role.setObjectName("appointment.role")
        self._until = DateEntry()
        self._until.setObjectName("appointment.until")
        self._until.setPlaceholderText(_("dd-mm-yyyy"))
        self._until.setText(shown.day(who.last_day) if who.last_day else "")
        self._finger = QCheckBox(_("Shows a finger after the password"))
        self._finger.setObjectName("appointment.finger")
        self._finger.setChecked(who.finger)
        self._role_field = FieldLabel(_("Role"), self._role)
        self._day_field = FieldLabel(_("Last day"), self._until, _("Empty: without end"))
        self.said = Banner()
        self.said.setObjectName("appointment.said")
        self._end = button("appointment.end", _("End now…"), self._ask_end, "danger")
        self._sure = button("appointment.end.sure", _("Yes, end it now"), self._end_now, "danger")
        self._sure.hide()
        self._password = button("appointment.password", _("New password…"), self._give_password)
        self._close = button("appointment.close", _("Close"), self.reject)
        self._keep = button("appointment.keep", _("Save"), self._save, "primary")
        for each in (self._end, self._sure, self._password, self._close, self._keep):
            each.setAutoDefault(True)
            each.setDefault(False)
        self._until.returnPressed.connect(self._keep.setFocus)
        self._lay_out()
        self._desk.ask(officers.roles_to_give, self._show_roles)
        self._role.setFocus()

    def _show_roles(self, roles: Sequence[Role]) -> None:
        for role in roles:
            self._role.addItem(labels.role(role), role)
        self._role.setCurrentIndex(self._role.findData(Role(self._who.role)))

    def _save(self) -> None:
        """Only what differs, the role first."""
        self._day_field.say("")
        self.said.clear()
        day = parse_date(self._until.value())
        if self._until.text().strip() and day is None:
            self._day_field.say(str(words.sentence("officer.day_form")))
            self._until.setFocus()
            fit_height(self)
            return
        role, finger, who = str(self._role.currentData() or self._who.role), self._finger.isChecked(), self._who

        def save(office: Office) -> None:
            _keep(office, who, role, day, finger=finger)

        self._do(save)

    def _ask_end(self) -> None:
        self.said.say(
            _("{name} signs in no more, from now on.").format(name=self._who.name),
            _("Their key is deleted. To work here again they have to be let in anew."),
            "warn",
        )
        self._end.hide()
        self._sure.show()
        self._sure.setFocus(Qt.FocusReason.OtherFocusReason)
        fit_height(self)

    def _end_now(self) -> None:
        who = self._who.operator_id
        self._do(lambda office: appointments.end_now(office, who))

    def _give_password(self) -> None:
        dialog = PasswordGift(self._context, self._who, self)
        dialog.accepted.connect(lambda: self.said.say(_("The new password is valid now."), "", "ok"))
        dialog.accepted.connect(lambda: fit_height(self))
        dialog.open()

    def _do(self, work: Callable[[Office], None]) -> None:
        for each in (self._keep, self._sure):
            each.setEnabled(False)
        self._desk.ask(work, lambda _none: self._done(), self._failed)

    def _done(self) -> None:
        self.accept()
        self.changed.emit()

    def _failed(self, error: StationError) -> None:
        for each in (self._keep, self._sure):
            each.setEnabled(True)
        said = words.of_error(error)
        if getattr(error, "field", None) == "last_day":
            self._day_field.say(str(said))
            self._until.setFocus()
        else:
            self.said.say(said.title, said.todo, "bad")
        fit_height(self)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(self._who.name, "h2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(12)
        for field in (self._role_field, self._day_field):
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(self._finger)
        column.addWidget(self.said)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for way in (self._end, self._sure, self._password):
            foot.addWidget(way)
        foot.addStretch(1)
        for way in (self._close, self._keep):
            foot.addWidget(way)
        column.addLayout(foot)


def _keep(office: Office, who: Appointment, role: str, day: date | None, *, finger: bool) -> None:
    """On the desk's thread. Each is a deed of its own; what was refused stays as it was."""
    if role != who.role:
        appointments.change_role(office, who.operator_id, role)
    if day != who.last_day:
        appointments.set_last_day(office, who.operator_id, day)
    if finger != who.finger:
        second_factor.ask_one(office, who.operator_id, finger)
