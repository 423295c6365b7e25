"""The technical notes as a Qt model: when, what, problem type, request id. No personal data; reads nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from station.domain.delivery import LogLine
from station.domain.mark import N_
from station.ui import format as shown
from station.ui import words
from station.ui.models.columns import ColumnsModel, Index
from station.ui.models.packets import short_key

COLUMNS = (N_("Time"), N_("Lane"), N_("Record"), N_("What happened"), N_("Problem type"), N_("Request id"))
WIDTHS = (132, 92, 112, 0, 128, 312)


class TechnicalModel(ColumnsModel[LogLine]):
    """Lines, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self._now = datetime.now().astimezone()

    def replace(self, lines: Sequence[LogLine], now: datetime) -> None:
        """Other lines; nothing is drawn again when they are the same."""
        if list(lines) != self.rows:
            self._now = now
            self.put(lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line = self.rows[index.row()]
        note = line.note
        match index.column():
            case 0:
                return f"{line.at.astimezone():%d-%m} {shown.clock(line.at, seconds=True)}"
            case 1:
                return line.lane
            case 2:
                return short_key(line.key) if line.key else "–"
            case 3:
                return f"{words.of_note(note)} · {note.detail}" if note.detail else words.of_note(note)
            case 4:
                return note.trouble.value
            case _:
                return note.request_id or "–"
