"""The chips above the sheet: how many there are of each mark, and a filter for each."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from station.domain.trip import Mark
from station.i18n import _
from station.ui import theme, trip_words
from station.ui.format import thousands
from station.ui.labels import Label
from station.ui.screens.trips.sheet_model import Group, SheetModel
from station.ui.widgets.chip import ChipButton


class GroupChips(QWidget):
    """`chosen` carries the Group."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[Group, ChipButton] = {}
        only_one = QButtonGroup(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        a_line = len(Group) if theme.px(100) <= 120 else len(Group) // 2
        for place, group in enumerate(Group):
            chip = ChipButton(_name(group).text)
            chip.setObjectName(f"trips.group.{group.value}")
            chip.setCheckable(True)
            chip.setChecked(group is Group.ALL)
            chip.clicked.connect(lambda _checked=False, wanted=group: self.chosen.emit(wanted))
            only_one.addButton(chip)
            self._chips[group] = chip
            grid.addWidget(chip, place // a_line, place % a_line)
        grid.setColumnStretch(a_line, 1)

    def choose(self, group: Group) -> None:
        """Put another filter on, without telling."""
        self._chips[group].setChecked(True)

    def show_counts(self, model: SheetModel) -> None:
        for group, chip in self._chips.items():
            named, number = _name(group), model.count(group)
            chip.show_fact(f"{named.text} {thousands(number)}", named.tone if number else "off")
            # An empty group is no filter anybody needs; at 1366 pixels the room is for those that hold people.
            chip.setVisible(bool(number) or group in (Group.ALL, Group.NONE, Group.PRESENT) or chip.isChecked())


def _name(group: Group) -> Label:
    match group:
        case Group.ALL:
            return Label(_("All"), "brand")
        case Group.WALK_INS:
            return Label(_("Walk-ins"), "brand")
        case Group.NONE:
            return trip_words.mark(Mark.NONE)
        case _:
            return trip_words.mark(Mark(group.value))
