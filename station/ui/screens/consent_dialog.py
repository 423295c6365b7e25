"""Asks a second officer to agree to something: why, who, and their own password. Closing it changes nothing.

Must not know what is agreed to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk.office import Office
from station.domain.errors import AccessError, StationError
from station.i18n import _
from station.ui import theme, words
from station.ui.screens.steps.lookups import Lookups
from station.ui.screens.steps.officer_box import OfficerBox
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.fit import fit_height

Deed = Callable[[Office, str, str], Any]
"""What is done with the officer and the password that were given; on the desk's thread."""


class ConsentDialog(QDialog):
    """`agreed` carries what the deed has returned."""

    agreed = Signal(object)

    def __init__(self, session: Lookups, code: str, deed: Deed, parent: QWidget) -> None:
        """`code` is that of the sentence which says what is agreed to."""
        super().__init__(parent)
        self.setObjectName("consent")
        self.setWindowTitle(_("Second officer"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(520))
        self._session, self._deed, self._asking = session, deed, False
        told = _("Nobody here may confirm it for you: neither you nor an officer whom you added yourself.")
        self.officer = OfficerBox(session, "consent", parent=self, nobody=told)
        self.said = Banner()
        self.said.setObjectName("consent.said")
        self._no = button("consent.close", _("Cancel"), self.reject)
        self._yes = button("consent.confirm", _("Agree"), self._confirm, "primary")
        self._no.setAutoDefault(False)
        self.officer.entered.connect(self._yes.setFocus)
        self.officer.staffed.connect(self._staffed)
        self._lay_out(code)
        self.officer.load()

    def reject(self) -> None:
        """Not while the desk is asked: what it does is done."""
        if not self._asking:
            super().reject()

    def _lay_out(self, code: str) -> None:
        said = words.sentence(code)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(said.title, "h2", wrap=True))
        column.addWidget(label(said.todo, "muted", wrap=True))
        column.addWidget(self.officer)
        column.addWidget(self.said)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._no)
        foot.addWidget(self._yes)
        column.addLayout(foot)

    def _staffed(self, staffed: bool) -> None:
        self._yes.setEnabled(staffed)
        self.officer.take_keyboard()
        fit_height(self)

    def _confirm(self) -> None:
        self.officer.password_field.say("")
        self.said.clear()
        officer_id, password = self.officer.officer_id, self.officer.password.text()
        if not password:
            self.officer.say(_("The second officer types their own password."))
            fit_height(self)
            return
        self._asking = True
        self._yes.setEnabled(False)
        self._session.ask(lambda office: self._deed(office, officer_id, password), self._done, self._failed)

    def _done(self, result: object) -> None:
        self._asking = False
        self.accept()
        self.agreed.emit(result)

    def _failed(self, error: StationError) -> None:
        self._asking = False
        self._yes.setEnabled(True)
        said = words.of_error(error)
        if isinstance(error, AccessError):
            self.officer.say(str(said))
        else:
            self.said.say(said.title, said.todo, "bad")
        fit_height(self)
