"""Sixteen digits, shown in groups of four. Must not know what the number means."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from station.domain.nik import clean_number
from station.ui.form.entry import Entry

DIGITS = 16
_GROUP = 4


def grouped(number: str) -> str:
    """`9901016104880001` as `9901 0161 0488 0001`; what is no number stays as it is."""
    if not (number.isascii() and number.isdigit()):
        return number
    return " ".join(number[start : start + _GROUP] for start in range(0, len(number), _GROUP))


class NumberEntry(Entry):
    """NIK and family card number: pasted dots and dashes go, letters stay for the check to name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.textEdited.connect(lambda _text: self._count())

    def value(self) -> str:
        return clean_number(self.text().replace(" ", ""))

    def show_value(self, value: str) -> None:
        super().show_value(grouped(value))
        self._count()

    def tidied(self, text: str) -> str:
        return grouped(clean_number(text.replace(" ", "")))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._count()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._count()

    def _count(self) -> None:
        """While it is typed, say how many digits are there: sixteen are hard to count by eye."""
        length = len(self.value())
        self.set_trailing(f"{length}/{DIGITS}" if self.hasFocus() and 0 < length != DIGITS else "")
