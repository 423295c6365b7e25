"""The applicant's data to read, in large letters, and the question they answer by signing. Knows no draft."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from station.i18n import _
from station.ui.screens.steps.approval import Line
from station.ui.widgets.card import label

_WIDE = frozenset({"name", "address", "village"})
"""Lines that take two places: they are long, and the first that a person looks for."""

_NOTHING = Line("", "", "")


class ApprovalSheet(QScrollArea):
    """Lines beside each other in `columns`; arrows scroll when the text is large."""

    def __init__(self, name: str, *, columns: int, role: str = "h2", parent: QWidget | None = None) -> None:
        """`role` is the text look of the answers."""
        super().__init__(parent)
        self._columns, self._role = columns, role
        self._shown: tuple[Line, ...] = ()
        self._places: list[_Place] = []
        self.setObjectName(name)
        self.setAccessibleName(_("What the applicant reads before signing"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("ring", True)
        inside = QWidget()
        self._grid = grid = QGridLayout(inside)
        grid.setContentsMargins(2, 2, 8, 2)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        for number in range(columns):
            grid.setColumnStretch(number, 1)
        self.setWidget(inside)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it shows now."""
        return self._shown

    def show_lines(self, lines: Sequence[Line]) -> None:
        shown = tuple(lines)
        if shown == self._shown:
            return
        same = [line.key for line in shown] == [line.key for line in self._shown]
        self._shown = shown
        while len(self._places) < len(shown):
            self._places.append(_Place(self._role))
        for place, line in zip(self._places, shown, strict=False):
            place.show_line(line)
        if not same:
            self._lay_out()

    def _lay_out(self) -> None:
        """Other questions than before: the places are the same, they lie differently."""
        for place in self._places:
            self._grid.removeWidget(place)
        row = column = 0
        for place, line in zip(self._places, self._shown, strict=False):
            span = min(2, self._columns) if line.key in _WIDE else 1
            if column + span > self._columns:
                row, column = row + 1, 0
            self._grid.addWidget(place, row, column, 1, span)
            column += span
        for number in range(self._grid.rowCount() + 1):
            self._grid.setRowStretch(number, int(number == row + 1))
        for number, place in enumerate(self._places):
            place.setVisible(number < len(self._shown))
            if number >= len(self._shown):
                place.show_line(_NOTHING)  # not even hidden does an answer of the person before stay


class _Place(QWidget):
    """A label and the answer below it; made once and used again for the next person."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._title, self._value = label("", "label", wrap=True), label("", role, wrap=True)
        self._value.setTextFormat(Qt.TextFormat.PlainText)  # an answer is never markup
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(self._value)
        column.addStretch(1)

    def show_line(self, line: Line) -> None:
        self._title.setText(line.label)
        self._value.setText(line.value)
