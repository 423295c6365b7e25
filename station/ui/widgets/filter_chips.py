"""The chips above the record list: one filter at a time, each with how many it holds."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station.domain.rows import Filter
from station.ui import labels
from station.ui.format import thousands
from station.ui.widgets.chip import ChipButton

_GAP = 8


class FilterChips(QWidget):
    """`chosen` carries the Filter. Left and right arrows move between the chips. In two rows where one has no room."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.which = Filter.ALL
        self._chips: dict[Filter, ChipButton] = {}
        group = QButtonGroup(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(_GAP)
        self._rows = QHBoxLayout(), QHBoxLayout()
        for row in self._rows:
            row.setSpacing(_GAP)
            row.addStretch(1)
            rows.addLayout(row)
        for which in Filter:
            named = labels.filter_name(which)
            chip = ChipButton(named.text, named.tone, self)
            chip.setObjectName(f"records.filter.{which.value}")
            chip.setAccessibleName(named.text)
            chip.setCheckable(True)
            chip.setChecked(which is self.which)
            chip.clicked.connect(lambda _checked=False, wanted=which: self._choose(wanted))
            group.addButton(chip)
            self._chips[which] = chip
        # It takes what width there is and asks for none: one row of chips must not keep the window from being small.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._in_a_row = 0
        self._arrange()
        self.setFocusProxy(self._chips[Filter.ALL])

    def choose(self, which: Filter) -> None:
        """Put another filter on, without telling."""
        self.which = which
        self._chips[which].setChecked(True)

    def show_counts(self, counts: Mapping[Filter, int]) -> None:
        for which, chip in self._chips.items():
            named = labels.filter_name(which)
            number = counts.get(which, 0)
            tone = named.tone if number or which is Filter.ALL else "off"
            chip.show_fact(f"{named.text} {thousands(number)}", tone)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        chips = list(self._chips.values())
        needed = sum(chip.sizeHint().width() + _GAP for chip in chips)  # the last gap is the stretch's
        in_a_row = len(chips) if needed <= self.width() else (len(chips) + 1) // 2
        if in_a_row == self._in_a_row:
            return
        self._in_a_row = in_a_row
        for row in self._rows:
            while row.count() > 1:
                row.takeAt(0)
        for number, chip in enumerate(chips):
            row = self._rows[number // in_a_row]
            row.insertWidget(row.count() - 1, chip)

    def _choose(self, which: Filter) -> None:
        if which is not self.which:
            self.which = which
            self.chosen.emit(which)
