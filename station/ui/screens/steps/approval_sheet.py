"""The applicant's data to read, in large letters, and the question they answer by signing. Knows no draft."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from station.i18n import _
from station.ui.screens.steps.approval import Line
from station.ui.widgets.card import label

_WIDE = frozenset({"name", "address", "village"})
"""Lines that take two places: they are long, and the first that a person looks for."""


class ApprovalSheet(QScrollArea):
    """Lines beside each other in `columns`; arrows scroll when the text is large."""

    def __init__(self, name: str, *, columns: int, role: str = "h2", parent: QWidget | None = None) -> None:
        """`role` is the text look of the answers."""
        super().__init__(parent)
        self._columns, self._role = columns, role
        self._shown: tuple[Line, ...] = ()
        self.setObjectName(name)
        self.setAccessibleName(_("What the applicant reads before signing"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("ring", True)
        self.setWidget(QWidget())

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it shows now."""
        return self._shown

    def show_lines(self, lines: Sequence[Line]) -> None:
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(2, 2, 8, 2)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        for column in range(self._columns):
            grid.setColumnStretch(column, 1)
        row = column = 0
        for line in self._shown:
            span = min(2, self._columns) if line.key in _WIDE else 1
            if column + span > self._columns:
                row, column = row + 1, 0
            grid.addLayout(self._pair(line), row, column, 1, span)
            column += span
        grid.setRowStretch(row + 1, 1)
        self.setWidget(inside)  # deletes the one before

    def _pair(self, line: Line) -> QVBoxLayout:
        pair = QVBoxLayout()
        pair.setSpacing(0)
        pair.addWidget(label(line.label, "label", wrap=True))
        value: QLabel = label(line.value, self._role, wrap=True)
        value.setTextFormat(Qt.TextFormat.PlainText)  # an answer is never markup
        pair.addWidget(value)
        pair.addStretch(1)
        return pair
