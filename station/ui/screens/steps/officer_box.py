"""The second officer: who lets an exception pass, and their password. Nobody there: one is added right here, or the
way out is told.

Must not know what is let pass.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.desk import vouchers
from station.desk.office import Operator
from station.desk.vouchers import Approvers
from station.i18n import _
from station.ui import labels
from station.ui.screens.steps.lookups import Lookups
from station.ui.screens.steps.officer_dialog import OfficerDialog
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel


class OfficerBox(QWidget):
    """`entered` when Enter was pressed behind the password; `staffed` when it is known whether anybody may approve."""

    entered = Signal()
    staffed = Signal(bool)

    def __init__(
        self, session: Lookups, name: str, asked_by: str = "", parent: QWidget | None = None, *, nobody: str = ""
    ) -> None:
        """`asked_by` is the officer whose decision it is; '' for who is signed in. `nobody` is said in place of how an
        exception waits."""
        super().__init__(parent)
        self._way_out = nobody
        self._session = session
        self._asked_by = asked_by
        self.found = Approvers(())
        self.who = QComboBox()
        self.who.setObjectName(f"{name}.officer")
        self.password = QLineEdit()
        self.password.setObjectName(f"{name}.password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(200)
        self.password.setPlaceholderText(session.practice_password)
        self.password.returnPressed.connect(self.entered)
        self.who_field = FieldLabel(_("Second officer who has seen it"), self.who)
        self.password_field = FieldLabel(_("Their password"), self.password)
        self._nobody = label("", "small", wrap=True, name=f"{name}.nobody")
        self.add_button = button(f"{name}.add_officer", _("Add an officer…"), self._add)
        self.add_button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._nobody)
        row = QHBoxLayout()
        row.setSpacing(12)
        for field in (self.who_field, self.password_field):
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(self.add_button)
        self._show(self.found)

    @property
    def officer_id(self) -> str:
        return str(self.who.currentData() or "")

    def load(self) -> None:
        """Ask who may stand for the decision."""
        asked_by = self._asked_by
        self._session.ask(lambda office: vouchers.approvers(office, asked_by), self._show)

    def ask_for(self, asked_by: str) -> None:
        """It is the decision of another officer now."""
        self._asked_by = asked_by
        self.load()

    def take_keyboard(self) -> bool:
        """False when there is nothing to type or press here."""
        wanted = self.password if self.who.count() else self.add_button
        if not wanted.isHidden():
            wanted.setFocus()
        return not wanted.isHidden()

    def hideEvent(self, event: QHideEvent) -> None:
        self.password.clear()  # a dialog that is closed or locked keeps what was typed, but never this
        super().hideEvent(event)

    def say(self, text: str) -> None:
        """What is wrong with the second officer's word."""
        self.password.clear()
        self.password_field.say(text)
        self.password.setFocus()

    def _show(self, found: Approvers) -> None:
        here, self.found = self.officer_id, found
        self.who.clear()
        for officer in found.officers:
            self.who.addItem(f"{officer.name} · {labels.role(officer.role)}", officer.operator_id)
        staffed = bool(found.officers)
        self.who.setCurrentIndex(max(self.who.findData(here), 0) if staffed else -1)
        for widget in (self.who_field, self.password_field):
            widget.setVisible(staffed)
        self._nobody.setText(self._way_out or _way_out(found))
        self._nobody.setVisible(not staffed)
        self.add_button.setVisible(not staffed and found.add)
        self.staffed.emit(staffed)

    def _add(self) -> None:
        dialog = OfficerDialog(self._session, self)
        dialog.added.connect(self._added)
        dialog.open()

    def _added(self, _officer: Operator) -> None:
        self.load()
        self.take_keyboard()


def _way_out(found: Approvers) -> str:
    """Why nobody may approve it, and what helps."""
    names = " / ".join(item.name for item in found.takers)
    if found.take_over:
        return _(
            "Nobody may approve it for the officer who has entered it. Look at the person: if it is so, take it over. "
            "Then a second officer can approve it."
        )
    if not found.takers:
        return _(
            "Nobody here may approve it: neither you nor an officer whom you added yourself. "
            "Keep it now; it waits until a second officer has approved it."
        )
    told = _(
        "Nobody here may approve it, but it can wait. {names} signs in, opens this draft and takes the exception over; "
        "then a second officer approves it."
    )
    if found.own:
        told = _(
            "Nobody here may approve it for you, but it can wait. {names} signs in, opens this draft and takes the "
            "exception over; then you approve it with your password."
        )
    return told.format(names=names)
