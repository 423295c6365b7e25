"""A new password for a colleague who has forgotten theirs: they type it themselves, and who helps types their own."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.desk import keys
from station.desk.appointments import Appointment
from station.domain.errors import StationError
from station.i18n import _
from station.ui import theme, words
from station.ui.context import Context
from station.ui.screens.steps.lookups import Lookups
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height


class PasswordGift(QDialog):
    """Accepted once the new password is kept."""

    def __init__(self, context: Context, who: Appointment, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("gift")
        self.setWindowTitle(_("New password"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(420))
        self._desk, self._who = Lookups(context, self), who
        self._new, self._again, self._own = _line("gift.new"), _line("gift.again"), _line("gift.own")
        self._fields = {
            "password": FieldLabel(_("New password"), self._new, _("At least 8 characters; {name} types it").format(
                name=who.name)),
            "again": FieldLabel(_("Password again"), self._again),
            "own": FieldLabel(_("Your own password"), self._own),
        }  # fmt: skip
        self._yes = button("gift.confirm", _("Give the password"), self._confirm, "primary")
        self._lay_out()

    def _confirm(self) -> None:
        for field in self._fields.values():
            field.say("")
        if self._new.text() != self._again.text():
            self._say("again", _("The two passwords differ. Type the same one twice."))
            return
        own, new, who = self._own.text(), self._new.text(), self._who.operator_id
        self._yes.setEnabled(False)
        self._desk.ask(
            lambda office: keys.give_password(office, own, who, new), lambda _none: self.accept(), self._wrong
        )

    def _wrong(self, error: StationError) -> None:
        self._yes.setEnabled(True)
        self._say("password" if error.code.startswith("password.") else "own", str(words.of_error(error)))

    def _say(self, key: str, text: str) -> None:
        self._fields[key].say(text)
        self._fields[key].control.setFocus()
        fit_height(self)

    def _lay_out(self) -> None:
        no = button("gift.close", _("Close"), self.reject)
        no.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("New password for {name}").format(name=self._who.name), "h2", wrap=True))
        for field in self._fields.values():
            column.addWidget(field)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(no)
        row.addWidget(self._yes)
        column.addLayout(row)
        for here, after in pairwise((self._new, self._again, self._own, self._yes)):
            if isinstance(here, QLineEdit):
                here.returnPressed.connect(after.setFocus)
        self._yes.setDefault(False)
        self._new.setFocus(Qt.FocusReason.OtherFocusReason)


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setMaxLength(200)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    return line
