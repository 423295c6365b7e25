"""The technical notes as a Qt model: when, what, problem type, request id. No personal data; reads nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from station.domain.delivery import LogLine
from station.domain.lane import LaneName
from station.domain.mark import N_
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import lane_words, words
from station.ui.models.columns import ColumnsModel, Index
from station.ui.packet_words import short_key
from station.ui.widgets.plain_tip import plain_tip
from station.ui.widgets.table import COPY_ROLE

COLUMNS = (N_("Time"), N_("Lane"), N_("Record"), N_("What happened"), N_("Problem type"), N_("Request id"))
WIDTHS = (136, 120, 104, 0, 128, 140)
KEY, REQUEST = 2, 5
"""The columns of the record and of the request."""
_END_OF_ID = 12


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
        line = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(line, index.column())
        if role == COPY_ROLE:
            return _copied(line, index.column())
        return plain_tip(_details(line)) if role == Qt.ItemDataRole.ToolTipRole else None


def _shown(line: LogLine, column: int) -> str:
    note = line.note
    match column:
        case 0:
            return f"{line.at.astimezone():%d-%m} {shown.clock(line.at, seconds=True)}"
        case 1:
            return lane_words.lane_label(LaneName(line.lane)) if line.lane in set(LaneName) else line.lane
        case 2:
            return short_key(line.key) if line.key else "–"
        case 3:
            return " · ".join(text for text in (_repeated(line), words.of_note(note), note.detail) if text)
        case 4:
            return note.trouble.value
        case _:
            return f"…{note.request_id[-_END_OF_ID:]}" if note.request_id else "–"


def _repeated(line: LogLine) -> str:
    """How often it came, and when last: first of all, for the column is narrow. '' when it came once."""
    if line.last_at is None:
        return ""
    last = shown.clock(line.last_at)
    if line.last_at.astimezone().date() != line.at.astimezone().date():
        last = f"{line.last_at.astimezone():%d-%m} {last}"
    times = ngettext("{n} time, last {time}", "{n} times, last {time}", line.times)
    return times.format(n=shown.thousands(line.times), time=last)


def _copied(line: LogLine, column: int) -> str:
    """Whole ids: whoever gets them may look for them."""
    if column == KEY:
        return f"{line.key.record_id}.{line.key.revision}" if line.key else ""
    return line.note.request_id if column == REQUEST else ""


def _details(line: LogLine) -> str:
    """What happened, and what to do about it."""
    said = [_shown(line, 3), words.of_trouble(line.note.trouble).todo]
    if line.note.request_id:
        said.append(_("Request id {number}").format(number=line.note.request_id))
    return "\n".join(text for text in said if text)
