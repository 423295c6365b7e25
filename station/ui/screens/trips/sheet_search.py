"""What is looked for on a sheet: a name or NIK as it is typed, a unit (RT/RW), and the group of the chips above."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from station.desk.trip_day import Sheet
from station.i18n import _
from station.ui import theme, trip_words
from station.ui.screens.trips.sheet_model import Group, Wanted


class SheetSearch(QWidget):
    """`changed` carries the Wanted, `entered` tells that Enter was pressed in the line."""

    changed = Signal(object)
    entered = Signal()

    def __init__(self, beside: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = Group.ALL
        self.line = QLineEdit()
        self.line.setObjectName("trips.search")
        self.line.setPlaceholderText(_("Name or NIK · Ctrl+F"))
        self.line.setAccessibleName(_("Find a person"))
        self.line.setClearButtonEnabled(True)
        self.units = QComboBox()
        self.units.setObjectName("trips.unit")
        self.units.setAccessibleName(_("RT"))
        self.units.setMinimumWidth(theme.px(150))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.units)
        row.addWidget(beside)
        self.line.textChanged.connect(lambda _text: self.changed.emit(self.wanted))
        self.line.returnPressed.connect(self.entered)
        self.units.currentIndexChanged.connect(lambda _at: self.changed.emit(self.wanted))
        self.setFocusProxy(self.line)

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.line.text(), self.units.currentData(), self._group)

    def choose(self, group: Group) -> None:
        """Another chip was pressed."""
        self._group = group
        self.changed.emit(self.wanted)

    def take_keyboard(self) -> None:
        """The next name is typed over the last."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()

    def clear(self) -> None:
        """Look for everybody, without telling."""
        self._group = Group.ALL
        for widget in (self.line, self.units):
            widget.blockSignals(True)
        self.line.clear()
        self.units.setCurrentIndex(0)
        for widget in (self.line, self.units):
            widget.blockSignals(False)

    def show_units(self, sheet: Sheet) -> None:
        """The units of this sheet; the chosen one stays chosen."""
        units = sorted({row.person.unit for row in sheet.rows}, key=lambda unit: unit.split("/")[::-1])
        if [self.units.itemData(at) for at in range(self.units.count())] == [None, *units]:
            return
        chosen = self.units.currentData()
        self.units.blockSignals(True)
        self.units.clear()
        self.units.addItem(_("All RT"), None)
        for unit in units:
            self.units.addItem(trip_words.unit(unit), unit)
        self.units.setCurrentIndex(units.index(chosen) + 1 if chosen in units else 0)
        self.units.blockSignals(False)
