"""The chips above the record list: one filter at a time, each with how many it holds."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from station.domain.rows import Filter
from station.ui import labels, theme
from station.ui.format import thousands
from station.ui.widgets.chip import ChipButton

_LARGE = 125
"""From this size of text on, in per cent, they do not fit beside each other any more."""


class FilterChips(QWidget):
    """`chosen` carries the Filter. Left and right arrows move between the chips."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.which = Filter.ALL
        self._chips: dict[Filter, ChipButton] = {}
        group = QButtonGroup(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        in_a_row = len(Filter) if theme.px(100) < _LARGE else (len(Filter) + 1) // 2
        row = QHBoxLayout()
        for number, which in enumerate(Filter):
            if number % in_a_row == 0:
                row = QHBoxLayout()
                row.setSpacing(8)
                rows.addLayout(row)
            named = labels.filter_name(which)
            chip = ChipButton(named.text, named.tone)
            chip.setObjectName(f"records.filter.{which.value}")
            chip.setAccessibleName(named.text)
            chip.setCheckable(True)
            chip.setChecked(which is self.which)
            chip.clicked.connect(lambda _checked=False, wanted=which: self._choose(wanted))
            group.addButton(chip)
            self._chips[which] = chip
            row.addWidget(chip)
            if (number + 1) % in_a_row == 0 or which is [*Filter][-1]:
                row.addStretch(1)
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

    def _choose(self, which: Filter) -> None:
        if which is not self.which:
            self.which = which
            self.chosen.emit(which)
