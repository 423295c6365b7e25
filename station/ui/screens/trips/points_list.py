"""Lines that lead somewhere: who is still open, or which drafts are to be finished. Enter or a click goes there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

_KEY = Qt.ItemDataRole.UserRole


class PointsList(QListWidget):
    """`opened` carries the key of a line."""

    opened = Signal(str)

    def __init__(self, name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setProperty("look", "list")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.itemClicked.connect(self._open)

    def show_points(self, points: Sequence[tuple[str, str]]) -> None:
        """Pairs of key and text; the line that was chosen stays chosen if it is still there."""
        before = self.currentItem().data(_KEY) if self.currentItem() else ""
        self.clear()
        for key, text in points:
            item = QListWidgetItem(text)
            item.setToolTip(text)
            item.setData(_KEY, key)
            self.addItem(item)
        keys = [key for key, _text in points]
        if keys:
            self.setCurrentRow(keys.index(before) if before in keys else 0)

    @property
    def lines(self) -> list[str]:
        """What it says now."""
        return [self.item(row).text() for row in range(self.count())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self._open(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _open(self, item: QListWidgetItem) -> None:
        self.opened.emit(str(item.data(_KEY)))
