"""Another password of one's own. Esc changes nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import keys
from station.domain.errors import AccessError, StationError
from station.i18n import _
from station.ui import theme, words
from station.ui.context import Context
from station.ui.screens.keys.secret_line import NewPassword, secret_line
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height


class OwnPassword(QDialog):
    """Accepted once it is kept."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("own_password")
        self.setWindowTitle(_("Change my password"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(420))
        self._context = context
        self._old = secret_line("own_password.old")
        self._old_field = FieldLabel(_("Password you have now"), self._old)
        self._new = NewPassword("own_password")
        self._go = button("own_password.confirm", _("Change the password"), self._confirm, "primary")
        no = button("own_password.close", _("Close"), self.reject)
        for each in (self._go, no):
            each.setDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Change my password"), "h2"))
        for field in (self._old_field, *self._new.fields):
            column.addWidget(field)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(no)
        row.addWidget(self._go)
        column.addLayout(row)
        self._old.returnPressed.connect(self._new.first.setFocus)
        self._new.first.returnPressed.connect(self._new.again.setFocus)
        self._new.again.returnPressed.connect(self._go.setFocus)
        self._old.setFocus()

    def _confirm(self) -> None:
        self._old_field.say("")
        password = self._new.value()
        fit_height(self)
        if not password:
            return
        office, old = self._context.desk, self._old.text()
        self._go.setEnabled(False)
        self._context.tasks.run(
            lambda: keys.change_password(office, old, password), lambda _none: self.accept(), self._refused
        )

    def _refused(self, error: StationError) -> None:
        self._go.setEnabled(True)
        said = str(words.of_error(error))
        if isinstance(error, AccessError):
            self._old_field.say(said)
            self._old.clear()
            self._old.setFocus()
        else:
            self._new.say(said)
        fit_height(self)
