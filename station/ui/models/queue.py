"""A day of the queue as a Qt model: one row for each time the order was left. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt

from station.domain.turn import OutOfTurn
from station.ui import queue_words
from station.ui.models.columns import ColumnsModel, Index
from station.ui.widgets.plain_tip import plain_tip
from station.ui.widgets.table import COPY_ROLE

WIDTHS = (70, 150, 84, 240, 250, 0)
GIVE_WAY = (1,)


class QueueModel(ColumnsModel[OutOfTurn]):
    """The oldest line first, as on paper."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(queue_words.HEADS, parent)
        self._names: Mapping[str, str] = {}

    def show_lines(self, lines: Sequence[OutOfTurn], names: Mapping[str, str]) -> None:
        """The lines of another day; `names` are those of officers by id."""
        self._names = names
        self.put(lines)

    def officer(self, operator_id: str) -> str:
        """The name of an officer; the id of one whom the keyring does not know any more."""
        return self._names.get(operator_id, operator_id)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, COPY_ROLE):
            return None
        text = queue_words.cells(self.rows[index.row()], self.officer)[index.column()]
        return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text
