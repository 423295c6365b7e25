"""A new database key: the own password, a bar with a number while everything is encrypted anew, and a way to stop."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from station.desk import keys
from station.domain.errors import AccessError, StationError
from station.i18n import _
from station.ui import theme, words
from station.ui.context import Context
from station.ui.screens.keys.secret_line import secret_line
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height


class NewKey(QDialog):
    """Accepted once the data have their new key. Closing it while it works stops it: then nothing was changed."""

    _told = Signal(int)  # percent, from the desk's thread

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("new_key")
        self.setWindowTitle(_("New database key"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(480))
        self._context = context
        self._stop = Event()
        self._working = False
        self._own = secret_line("new_key.own")
        self._own_field = FieldLabel(_("Your password"), self._own)
        self._bar = QProgressBar()
        self._bar.setObjectName("new_key.bar")
        self._bar.setAccessibleName(_("Encrypting the data anew"))
        self._bar.hide()
        self.said = Banner()
        self.said.setObjectName("new_key.said")
        self._no = button("new_key.close", _("Close"), self.reject)
        self._go = button("new_key.go", _("Encrypt anew"), self._start, "primary")
        self._lay_out()
        self._told.connect(self._bar.setValue)
        self._own.returnPressed.connect(self._go.setFocus)
        self._own.setFocus()

    def _lay_out(self) -> None:
        first = _("When an old backup, a disk or somebody's password has come into wrong hands.")
        second = _("Everybody keeps their password. The old key is gone once each of them has signed in again.")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("New database key"), "h2"))
        column.addWidget(label(first, "muted", wrap=True))
        column.addWidget(label(second, "muted", wrap=True))
        column.addWidget(self._own_field)
        column.addWidget(self._bar)
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._no)
        row.addWidget(self._go)
        column.addLayout(row)
        for each in (self._no, self._go):
            each.setDefault(False)

    def reject(self) -> None:
        """While it works: stop, and close when that was heard."""
        if self._working:
            self._stop.set()
            self._no.setEnabled(False)
        else:
            super().reject()

    def _start(self) -> None:
        office, own, stop = self._context.desk, self._own.text(), self._stop
        self._own_field.say("")
        self.said.clear()
        stop.clear()
        self._show_work(True)
        self._context.tasks.run(
            lambda: keys.rotate_database_key(office, own, self._told.emit, stop.is_set), self._ended, self._refused
        )

    def _show_work(self, working: bool) -> None:
        self._working = working
        self._bar.setValue(0)
        self._bar.setVisible(working)
        self._own.setEnabled(not working)
        self._go.setEnabled(not working)
        self._no.setEnabled(True)
        self._no.setText(_("Stop") if working else _("Close"))
        self._no.setAccessibleName(self._no.text())
        fit_height(self)

    def _ended(self, changed: bool) -> None:
        self._show_work(False)
        if changed:
            self.accept()
        else:
            self.said.say(_("Stopped. The data have the key they had."), "", "off")
            fit_height(self)

    def _refused(self, error: StationError) -> None:
        self._show_work(False)
        said = words.of_error(error)
        if isinstance(error, AccessError):
            self._own_field.say(str(said))
            self._own.clear()
            self._own.setFocus()
        else:
            self.said.say(said.title, said.todo, "bad")
        fit_height(self)
