"""The people who fit the name that is being typed. The keyboard stays in the line above; this only shows and tells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from station.domain.standing import Candidate
from station.i18n import _
from station.ui.screens.steps.people_model import STATUS, PeopleModel
from station.ui.widgets.card import label
from station.ui.widgets.chip_delegate import ChipDelegate
from station.ui.widgets.table import Table

LEAST_ROWS = 4
_WIDTHS = (0, 110, 200, 170, 170)


class PeopleList(QWidget):
    """`chosen` carries a NIK."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = PeopleModel(self)
        self.table = Table("applicant.people", _("People on the target lists"))
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setItemDelegateForColumn(STATUS, ChipDelegate(self.table))
        self.table.show_model(self._model, _WIDTHS, give_way=(2, 3))
        rows = self.table.verticalHeader().defaultSectionSize() * (LEAST_ROWS + 1)
        self.table.setMinimumHeight(rows)
        self.table.clicked.connect(lambda index: self._tell(index.row()))
        self._nobody = label("", "muted", wrap=True, name="applicant.nobody")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._nobody)
        column.addWidget(self.table, 1)
        self.hide()

    @property
    def people(self) -> tuple[Candidate, ...]:
        return tuple(self._model.rows)

    def show_people(self, people: Sequence[Candidate]) -> None:
        """Show them, the first one marked; nobody says so and what to do instead."""
        self._model.put(people)
        self.table.setVisible(bool(people))
        self._nobody.setVisible(not people)
        if people:
            self.table.selectRow(0)
            self.table.scrollToTop()
        else:
            told = _("Nobody on the target lists has this name. Try fewer letters, or type the NIK.")
            self._nobody.setText(told)
        self.show()

    def clear(self) -> None:
        self._model.put(())
        self.hide()

    def move_by(self, rows: int) -> None:
        """Mark another one; it stays within the list."""
        here = self.table.currentIndex().row()
        self.table.selectRow(min(max(here + rows, 0), len(self.people) - 1))

    def take(self) -> None:
        """Take the marked one."""
        self._tell(self.table.currentIndex().row())

    def _tell(self, row: int) -> None:
        if 0 <= row < len(self.people):
            self.chosen.emit(self.people[row].target.nik)
