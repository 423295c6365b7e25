"""A line for a password, and the pair of lines for a new one. Knows no dialog."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from station.i18n import _
from station.ui.widgets.field_label import FieldLabel


def secret_line(name: str) -> QLineEdit:
    """What is typed is not shown."""
    line = QLineEdit()
    line.setObjectName(name)
    line.setMaxLength(200)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    return line


class NewPassword:
    """The two fields of a new password: `value` is what was typed twice, or '' after saying what is wrong."""

    def __init__(self, name: str) -> None:
        self.first, self.again = secret_line(f"{name}.new"), secret_line(f"{name}.again")
        self.fields = (
            FieldLabel(_("New password"), self.first, _("At least 8 characters")),
            FieldLabel(_("New password again"), self.again),
        )

    def value(self) -> str:
        """The password, or '' when the two differ or nothing was typed."""
        for field in self.fields:
            field.say("")
        if not self.first.text():
            self.say(_("Type the new password."))
            return ""
        if self.first.text() != self.again.text():
            self.fields[1].say(_("The two passwords differ. Type the same one twice."))
            self.again.setFocus()
            return ""
        return self.first.text()

    def say(self, text: str) -> None:
        """What is wrong with it."""
        self.fields[0].say(text)
        self.first.setFocus()
