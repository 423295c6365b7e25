"""The list below a field that is being chosen in: a plain child of the window that grabs neither keyboard nor mouse.

Must not know what is chosen: it shows lines and says which row.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

from station.ui import theme
from station.ui.form.choice_row import ChoiceRow
from station.ui.house import room_of

MOST_ROWS = 9
_MOST_HEIGHT = 300
_EDGE = 10


class ChoiceList(QListView):
    """Opens below `field`, or above it where the window ends.

    A line is `what it is`, or `what it is<tab>its code<line break>where it is`: the second kind has rows of two lines.
    """

    taken = Signal(int)  # row

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._lines = QStringListModel(self)
        self._rows = ChoiceRow(self)
        self.setModel(self._lines)
        self.setItemDelegate(self._rows)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setStyleSheet(_style())
        self.clicked.connect(lambda index: self.taken.emit(index.row()))
        self.hide()

    @property
    def row(self) -> int:
        return max(self.currentIndex().row(), 0)

    def open_with(self, lines: Sequence[str], marked: int = 0) -> None:
        """Show `lines`, one of them marked."""
        self._rows.hint = False
        self._open(lines)
        self.setCurrentIndex(self._lines.index(marked, 0))
        self.scrollTo(self.currentIndex())

    def open_with_hint(self, text: str) -> None:
        """Show nothing to choose and why."""
        self._rows.hint = True
        self._open([text])
        self.setCurrentIndex(QModelIndex())

    def move_by(self, rows: int) -> None:
        """Mark another line; it stays within the list."""
        last = self._lines.rowCount() - 1
        index: QModelIndex = self._lines.index(min(max(self.row + rows, 0), last), 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _open(self, lines: Sequence[str]) -> None:
        self._lines.setStringList(list(lines))
        window = room_of(self._field)
        self.setObjectName(f"{self._field.objectName()}.list")
        if self.parentWidget() is not window:
            self.setParent(window)
            self._field.destroyed.connect(self.deleteLater)
        self.setGeometry(self._place(window, len(lines)))
        self.show()
        self.raise_()

    def _place(self, window: QWidget, lines: int) -> QRect:
        row = max(self.sizeHintForRow(0), 1)
        most = min(MOST_ROWS, max(theme.px(_MOST_HEIGHT) // row, 1))
        height, tallest = (min(lines, most) * row + _EDGE, most * row + _EDGE)
        below = self._field.mapTo(window, QPoint(0, self._field.height() + 2))
        top = self._field.mapTo(window, QPoint(0, 0)).y() - 2
        # Above or below is decided for a full list: while letters are typed it must not jump from side to side.
        above = below.y() + tallest > window.height() and top > window.height() - below.y()
        width = max(self._field.width(), theme.px(280))
        left = min(below.x(), max(window.width() - width, 0))
        return QRect(left, max(top - height, 0) if above else below.y(), width, height)


def _style() -> str:
    look = theme.tokens()
    return (
        f"QListView {{ background: {look.card}; color: {look.ink}; border: 1px solid {look.field}; border-radius: 9px;"
        f" padding: 4px; outline: 0; font-size: {theme.px(14)}px; }}"
        f" QListView::item {{ border-radius: 6px; }}"
        f" QListView::item:selected {{ background: {look.brand_soft}; color: {look.brand}; }}"
    )
