"""A table in the look of this program: whole rows, no grid, copy as text, and Enter opens."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from station.ui import theme

ROW_HEIGHT = 39
COPY_ROLE = Qt.ItemDataRole.UserRole + 3
"""What a cell is on the clipboard, where that is not what is shown. Names and birth dates are `WITHHELD`: every other
program of this computer may read a clipboard, and some keep it.
"""
WITHHELD = "•••"
_LEAST_LEFT = 200
_NARROWEST = 90


class Table(QTableView):
    """`opened` carries the row on Enter or a double click; `selected` the current row, or -1.

    `order_wanted` carries the column whose heading was clicked, once `let_sort` has been called.
    """

    opened = Signal(int)
    order_wanted = Signal(int)
    selected = Signal(int)

    def __init__(self, name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widths: tuple[int, ...] = ()
        self._give_way: tuple[int, ...] = ()
        self._fitted: list[int] = []
        self._least_left = _LEAST_LEFT
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW_HEIGHT))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setResizeContentsPrecision(0)  # measure what is visible, not a thousand rows
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def show_model(
        self,
        model: QAbstractTableModel,
        widths: tuple[int, ...],
        give_way: tuple[int, ...] = (),
        least_left: int = _LEAST_LEFT,
    ) -> None:
        """Show `model`; a width of 0 takes what is left, others are the most a column takes, in design pixels.

        A column is as narrow as what it holds, so that names get the room. While too little is left, on a small
        window or at large text, the first column of `give_way` is narrowed, then they are hidden one by one, until
        `least_left` is left.
        """
        self._widths, self._give_way, self._least_left = widths, give_way, least_left
        before = self.selectionModel()
        self.setModel(model)
        if before is not None:
            before.deleteLater()
        self.selectionModel().currentRowChanged.connect(self._tell)
        model.modelReset.connect(self._fit)
        model.rowsInserted.connect(self._fit)
        self._fitted = [0] * len(widths)
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            mode = QHeaderView.ResizeMode.Fixed if width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)
            if width:
                self.setColumnWidth(column, theme.px(width))

    def let_sort(self) -> None:
        """Headings can be clicked. The keyboard needs another way: a heading cannot have the focus."""
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setCursor(Qt.CursorShape.PointingHandCursor)
        header.sectionClicked.connect(self.order_wanted)

    def let_rows_grow(self, least: int, most: int) -> None:
        """A long sentence takes more than one line of its cell: rows are from `least` to `most` pixels high."""
        self.setWordWrap(True)
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(least)
        rows.setMaximumSectionSize(most)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Columns only ever grow to their content, so that they stand still while rows change."""
        header = self.horizontalHeader()
        for column, most in enumerate(self._widths):
            if most:
                held = max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
                self._fitted[column] = min(theme.px(most), max(self._fitted[column], held))
                self.setColumnWidth(column, self._fitted[column])
        room = self.viewport().width() - sum(self._fitted)
        for place, column in enumerate(self._give_way):
            short = theme.px(self._least_left) - room
            narrowed = self._fitted[column] - max(short, 0)
            least = max(theme.px(_NARROWEST), header.sectionSizeHint(column))
            hidden = short > 0 and (place > 0 or narrowed < least)
            self.setColumnHidden(column, hidden)
            if hidden:
                room += self._fitted[column]
            elif short > 0:
                self.setColumnWidth(column, narrowed)
                room += short
        if self.wordWrap():
            self.resizeRowsToContents()  # how many lines a sentence takes is known only now

    def choose(self, row: int) -> None:
        """Select this row and no other, also while somebody holds Ctrl: `selectRow` would add it to the selection."""
        flags = QItemSelectionModel.SelectionFlag
        index = self.model().index(row, 0)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def rows(self) -> list[int]:
        """The selected rows, in order."""
        chosen = self.selectionModel()
        return sorted(index.row() for index in chosen.selectedRows()) if chosen is not None else []

    def copy(self) -> None:
        """Put the selected rows on the clipboard, one line each, columns separated by tabs."""
        model = self.model()
        columns = range(model.columnCount())
        lines = ["\t".join(_copied(model.index(row, column)) for column in columns) for row in self.rows()]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _tell(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.selected.emit(current.row() if current.isValid() else -1)


def _copied(index: QModelIndex) -> str:
    return str(index.data(COPY_ROLE) or index.data() or "")
