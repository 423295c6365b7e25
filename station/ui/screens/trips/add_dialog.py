"""Somebody who is not on the list: NIK and name, invited or a walk-in. What is wrong is said at the field."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.domain.errors import StationError
from station.i18n import _
from station.ui import words
from station.ui.form.entry import UpperEntry
from station.ui.form.number_entry import NumberEntry
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel


class AddDialog(QDialog):
    """`given` carries NIK, name and whether they were invited; it stays open until they are on the sheet."""

    given = Signal(str, str, bool)

    def __init__(self, *, invited: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("trips.adding")
        self.setWindowTitle(_("Add a person"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(440)
        self._nik, self._name = NumberEntry(), UpperEntry()
        self._nik.setObjectName("trips.adding.nik")
        self._name.setObjectName("trips.adding.name")
        self._fields = {"nik": FieldLabel(_("NIK"), self._nik), "name": FieldLabel(_("Full name"), self._name)}
        self._invited = QCheckBox(_("Invited beforehand"))
        self._invited.setObjectName("trips.adding.invited")
        self._invited.setChecked(invited)
        add = button("trips.adding.add", _("Add"), self._give, "primary")
        no = button("trips.adding.close", _("Close"), self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Add a person"), "h2"))
        told = _("Whoever is recorded appears by themselves. Without a NIK, refer the person in the recording screen.")
        column.addWidget(label(told, "muted", wrap=True))
        for field in self._fields.values():
            column.addWidget(field)
        column.addWidget(self._invited)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(no)
        row.addWidget(add)
        column.addLayout(row)
        self._nik.entered.connect(lambda _back: self._name.setFocus())
        self._name.entered.connect(lambda _back: self._give())

    def refuse(self, error: StationError) -> None:
        """Nobody was added: what was typed stays."""
        said = words.of_error(error)
        field = self._fields.get(str(getattr(error, "field", "")), self._fields["nik"])
        field.say(f"{said.title} {said.todo}")
        field.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give(self) -> None:
        for field in self._fields.values():
            field.say("")
        self.given.emit(self._nik.value(), self._name.text(), self._invited.isChecked())
