"""What every table of this program shares: rows of one kind under fixed headings. Knows nothing of what is in them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from station.i18n import _
from station.ui.models.difference import runs, to_remove

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
ROOT = QModelIndex()


class ColumnsModel(QAbstractTableModel, Generic[Row]):
    """`rows` under `titles` (texts of the catalogue). Who inherits says what stands in a cell."""

    def __init__(self, titles: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles = tuple(titles)
        self.rows: list[Row] = []

    def put(self, rows: Sequence[Row]) -> None:
        """Other rows altogether: selection and scrolling begin anew."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def refresh(self, rows: Sequence[Row]) -> None:
        """The same rows in the same order, with other words: selection and scrolling stay."""
        self.rows = list(rows)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.titles) - 1))

    def follow(self, rows: Sequence[Row], key: Callable[[Row], Hashable]) -> None:
        """What the rows are now. One that stays keeps its selection and its place; only what changed is drawn again."""
        new = [key(row) for row in rows]
        for first, last in reversed(runs(to_remove([key(row) for row in self.rows], new))):
            self.beginRemoveRows(ROOT, first, last)
            del self.rows[first : last + 1]
            self.endRemoveRows()
        here = {key(row) for row in self.rows}
        for first, last in runs(at for at, name in enumerate(new) if name not in here):
            self.beginInsertRows(ROOT, first, last)
            self.rows[first:first] = rows[first : last + 1]
            self.endInsertRows()
        changed = [at for at, row in enumerate(rows) if self.rows[at] != row]
        self.rows = list(rows)
        for first, last in runs(changed):
            self.redraw(first, last)

    def redraw(self, first: int, last: int) -> None:
        """These rows say something else."""
        if 0 <= first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.titles) - 1))

    def add(self, rows: Sequence[Row]) -> None:
        """More rows below."""
        if rows:
            self.beginInsertRows(ROOT, len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows.extend(rows)
            self.endInsertRows()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(self.titles[section])
        return None
