"""The table of a sheet: one key marks the chosen person. Letters are marks here, names are typed in the search line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from station.ui import trip_words
from station.ui.widgets.table import Table

_BY_KEY = {key: mark for mark, key in trip_words.KEYS.items()}


class SheetTable(Table):
    """`marked` carries the Mark."""

    marked = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        mark = _BY_KEY.get(event.text().upper())
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if mark is not None and plain:
            self.marked.emit(mark)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """A letter that marks nothing does nothing: it must not jump to another person."""
