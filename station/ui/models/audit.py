"""Lines of the audit trail as a Qt model, a page at a time. Reads nothing itself: it says that more is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from station.desk.trail import AuditLine
from station.domain.mark import N_
from station.i18n import _
from station.ui import audit_words
from station.ui.models.columns import ROOT, ColumnsModel, Index
from station.ui.widgets.plain_tip import plain_tip
from station.ui.widgets.table import COPY_ROLE

COLUMNS = (N_("No."), N_("Time"), N_("Officer"), N_("What"), N_("Record"), N_("Details"))
WIDTHS = (78, 176, 170, 280, 132, 0)
GIVE_WAY = (4,)
_END_OF_ID = 12


class AuditModel(ColumnsModel[AuditLine]):
    """The newest line first. `more_wanted` when somebody scrolls to the end and there is more."""

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self._names: Mapping[str, str] = {}
        self._total = 0
        self._asked = False

    def begin(self, lines: Sequence[AuditLine], total: int, names: Mapping[str, str]) -> None:
        """The first page of another question."""
        self._names, self._total, self._asked = names, total, False
        self.put(lines)

    def go_on(self, lines: Sequence[AuditLine]) -> None:
        """The next page."""
        self._asked = False
        self.add(lines)

    def canFetchMore(self, parent: Index = ROOT) -> bool:
        return not parent.isValid() and not self._asked and len(self.rows) < self._total

    def fetchMore(self, parent: Index = ROOT) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.rows[index.row()]
        if role == COPY_ROLE and index.column() == 4:
            return line.record_id or ""
        if role in (Qt.ItemDataRole.DisplayRole, COPY_ROLE):
            return self._text(line, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(part for part in (line.record_id or "", self._text(line, 5)) if part))
        return None

    def officer(self, operator_id: str) -> str:
        """The name of an officer; the id of one whom the keyring does not know any more."""
        if audit_words.is_nobody(operator_id):
            return _("The program")
        if audit_words.is_central(operator_id):
            return _("Central server")
        return self._names.get(operator_id, operator_id)

    def _text(self, line: AuditLine, column: int) -> str:
        match column:
            case 0:
                return str(line.number)
            case 1:
                return f"{line.at.astimezone():%d-%m-%Y %H.%M.%S}"
            case 2:
                return self.officer(line.operator_id)
            case 3:
                return audit_words.action_word(line.action)
            case 4:
                return f"…{line.record_id[-_END_OF_ID:]}" if line.record_id else "–"
            case _:
                return audit_words.detail_text(line.detail, lambda text: self._names.get(text, text))
