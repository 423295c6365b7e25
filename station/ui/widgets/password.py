"""A password with its button, its error and its wait: what signing in and unlocking have in common."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from station.domain.errors import StationError
from station.i18n import _, ngettext
from station.ui import theme
from station.ui.widgets.field_label import FieldLabel


class PasswordEntry(QWidget):
    """`entered` carries the password. Call `busy()` while it is checked, then `refuse(error)` or `clear()`."""

    entered = Signal(str)

    def __init__(self, name: str, button_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button_text = button_text
        self._wait_s = 0
        self.entry = QLineEdit()
        self.entry.setObjectName(f"{name}.password")
        self.entry.setEchoMode(QLineEdit.EchoMode.Password)
        self.entry.setMaxLength(200)
        self.entry.returnPressed.connect(self._enter)
        self.field = FieldLabel(_("Password"), self.entry)
        self.field.below.setObjectName(f"{name}.error")
        self.button = QPushButton(button_text)
        self.button.setObjectName(f"{name}.enter")
        self.button.setProperty("look", "primary")
        self.button.setAutoDefault(True)
        self.button.setProperty("bulk", "tall")
        self.button.clicked.connect(self._enter)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._count_down)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.field)
        layout.addWidget(self.button)

    def busy(self, why: str = "") -> None:
        """While the password is checked: it takes a moment on purpose, so that guessing is slow. Or `why` else."""
        self.button.setText(why or _("Checking…"))
        self._open(False)

    def clear(self) -> None:
        """Empty and ready."""
        self._tick.stop()
        self._wait_s = 0
        self.entry.clear()
        self.field.say("")
        self.button.setText(self._button_text)
        self._open(True)

    def refuse(self, error: StationError) -> None:
        """Say why not, beside the field, and count a wait down."""
        from station.ui import words  # all sentences of the program: the page is shown before anything can be refused

        said = words.of_error(error)
        self.clear()
        seconds = error.data.get("seconds")
        tries = error.data.get("tries_left")
        if error.code == "signin.wait" and isinstance(seconds, int):
            self._wait_s = seconds
            self._open(False)
            self._tick.start()
            self._show_wait()
            return
        left = ""
        if isinstance(tries, int):
            left = ngettext("{n} try left.", "{n} tries left.", tries).format(n=tries)
        self.field.say(f"{said} {left}".strip())
        self.entry.setFocus()

    def _enter(self) -> None:
        if self.button.isEnabled():
            if self.entry.text():
                self.entered.emit(self.entry.text())
            else:
                self.field.say(_("Type your password."))
                self.entry.setFocus()

    def _count_down(self) -> None:
        self._wait_s -= 1
        if self._wait_s > 0:
            self._show_wait()
        else:
            self.clear()
            self.entry.setFocus()

    def _show_wait(self) -> None:
        from station.ui import format as shown

        left = shown.countdown(timedelta(seconds=self._wait_s))
        self.field.say(_("Too many wrong passwords. Try again in {time}.").format(time=left))
        self.button.setText(_("Wait {time}").format(time=left))

    def _open(self, usable: bool) -> None:
        # Read-only instead of disabled: a disabled entry would hand the keyboard to whatever comes next.
        self.entry.setReadOnly(not usable)
        self.entry.setProperty("read", "" if usable else "only")
        theme.restyle(self.entry)
        self.button.setEnabled(usable)
