"""The one line that calls a person up: a NIK as typed, pasted or scanned, or letters of a name. Knows no desk."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from station.domain.nik import clean_number
from station.domain.scan import MAX_PAYLOAD
from station.ui.form.entry import Entry
from station.ui.form.number_entry import DIGITS, grouped
from station.ui.screens.steps.wedge import Wedge
from station.ui.timer import timer

SUFFIX_MS = 60
"""After its Enter a scanner may send LF or Tab: the payload counts once nothing more has come for this long."""
_MOVES = {
    Qt.Key.Key_Down.value: 1,
    Qt.Key.Key_Up.value: -1,
    Qt.Key.Key_PageDown.value: 8,
    Qt.Key.Key_PageUp.value: -8,
}


class SearchLine(Entry):
    """`scanned` carries what a scanner typed, once, whatever it sends after it; `moved` how many rows to go down."""

    scanned = Signal(str)
    moved = Signal(int)
    dropped = Signal()  # Esc

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(MAX_PAYLOAD + 1)
        self._wedge = Wedge()
        self._scan_over = timer(self, SUFFIX_MS, self._tell_scanned)
        self.textEdited.connect(lambda _text: self._count())

    @property
    def number(self) -> str:
        """What is typed as a number, cleaned; '' when it is letters."""
        cleaned = clean_number(self.text().replace(" ", ""))
        return cleaned if _numeric(cleaned) else ""

    @property
    def letters(self) -> str:
        """What is typed as a name; '' when it is a number."""
        return "" if self.number else " ".join(self.text().split())

    def value(self) -> str:
        return self.number or self.letters

    def show_value(self, value: str) -> None:
        super().show_value(grouped(value))
        self._count()

    def tidied(self, text: str) -> str:
        cleaned = clean_number(text.replace(" ", ""))
        return grouped(cleaned) if _numeric(cleaned) else text.upper()

    def event(self, event: QEvent) -> bool:
        # Tab would take the keyboard away before keyPressEvent hears of it; a scanner may end with Tab.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._of_scanner(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            self.moved.emit(_MOVES[event.key()])
        elif event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        else:
            super().keyPressEvent(event)

    def _of_scanner(self, event: QKeyEvent) -> bool:
        """True when this key is the end of a scan, or comes after it: then nobody else may act on it."""
        ends = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
        if self._scan_over.isActive():
            self._wedge.add("\n" if ends else event.text())
            self._scan_over.start()
            return True
        if not ends:
            if event.text():
                self._wedge.type(event.text(), event.timestamp())
            return False
        if not self._wedge.finish(event.timestamp()):
            return False
        self._scan_over.start()
        return True

    def _tell_scanned(self) -> None:
        self.scanned.emit(self._wedge.payload)

    def _count(self) -> None:
        """While a NIK is typed, say how many digits are there: sixteen are hard to count by eye."""
        length = len(self.number)
        self.set_trailing(f"{length}/{DIGITS}" if 0 < length != DIGITS else "")


def _numeric(text: str) -> bool:
    """Digits first: then it is meant as a number, whatever slipped in. Full-width digits are for the check to name."""
    return text[:1].isdigit()
