"""Who goes: the operators of this station to tick, and a line for other names."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from station.i18n import _
from station.ui.form.entry import Entry
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel


class CrewBox(QWidget):
    """`changed` tells that somebody was ticked or a name was left."""

    changed = Signal()

    def __init__(self, operators: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = [QCheckBox(name) for name in operators]
        self.others = Entry()
        self.others.setObjectName("trips.crew.others")
        self._field = FieldLabel(_("Others, with commas between"), self.others)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(_("Crew"), "label"))
        for number, box in enumerate(self._boxes, start=1):
            box.setObjectName(f"trips.crew.{number}")
            box.clicked.connect(lambda _checked=False: self.changed.emit())
            column.addWidget(box)
        column.addWidget(self._field)
        self.others.left.connect(self.changed)

    @property
    def names(self) -> tuple[str, ...]:
        ticked = [box.text() for box in self._boxes if box.isChecked()]
        return tuple(name for name in [*ticked, *(part.strip() for part in self.others.text().split(","))] if name)

    def show_names(self, names: Sequence[str]) -> None:
        known = {box.text() for box in self._boxes}
        for box in self._boxes:
            box.setChecked(box.text() in names)
        self.others.show_value(", ".join(name for name in names if name not in known))
