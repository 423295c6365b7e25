"""Choosing from a list by typing a number or letters; the list opens below. Must not know where choices come from."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from station.ui.form.choice_list import MOST_ROWS, ChoiceList
from station.ui.form.entry import Entry

_MOVES = {
    Qt.Key.Key_Down.value: 1,
    Qt.Key.Key_Up.value: -1,
    Qt.Key.Key_PageDown.value: MOST_ROWS,
    Qt.Key.Key_PageUp.value: -MOST_ROWS,
}


@dataclass(frozen=True)
class Choice:
    """One line of the list: the code that is stored, what stays in the field, and what the list shows."""

    code: str
    label: str
    line: str


class ChoiceEntry(Entry):
    """A field whose answer is a code. Subclasses say what there is to choose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code = ""
        self._choices: tuple[Choice, ...] = ()
        self._list = ChoiceList(self)
        self._list.taken.connect(self._taken)
        self.textEdited.connect(self._typed)

    def value(self) -> str:
        """The chosen code; what was typed when it is no choice, so that the check can name it."""
        return self._code or self.text().strip()

    def show_value(self, value: str) -> None:
        self._code = value
        choice = self.chosen(value)
        super().show_value(choice.label if choice else value)

    def chosen(self, code: str) -> Choice | None:
        """The choice with this code, when it is known here."""
        raise NotImplementedError

    def look_up(self, typed: str) -> None:
        """Find what fits `typed` and `offer` it, now or later; empty means: everything there is."""
        raise NotImplementedError

    def offer(self, choices: tuple[Choice, ...]) -> None:
        """Show `choices` below the field: the answer that stands is marked, otherwise the first one."""
        self._choices = choices
        if choices and self.hasFocus():
            marked = next((row for row, choice in enumerate(choices) if choice.code == self._code), 0)
            self._list.open_with([choice.line for choice in choices], marked)
        else:
            self.close_list()

    def pick(self, choice: Choice) -> None:
        """Take `choice` as the answer."""
        self.close_list()
        self._code = choice.code
        self.setText(choice.label)
        self.setModified(True)

    def close_list(self) -> None:
        self._list.hide()

    @property
    def list_open(self) -> bool:
        return self._list.isVisible()

    def settle(self) -> bool:
        """Take the marked choice, if something was typed and nothing chosen; True when the answer is clear."""
        if self.list_open and self._choices and not self._code:
            self.pick(self._choices[self._list.row])
        self.close_list()
        return bool(self._code) or not self.text().strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif key in _MOVES:
            self._move(_MOVES[key])
        elif key == Qt.Key.Key_Escape and self.list_open:
            self.close_list()
        else:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._decide()
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.selectAll()
        if not self.isReadOnly():
            self.look_up("")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.settle()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.close_list()
        super().hideEvent(event)

    def _move(self, rows: int) -> None:
        if self.list_open:
            self._list.move_by(rows)
        else:
            self.look_up("")

    def _decide(self) -> None:
        if self.list_open and self._choices:
            self.pick(self._choices[self._list.row])
        else:
            self.settle()

    def _typed(self, text: str) -> None:
        self._code = ""
        self.look_up(text.strip())

    def _taken(self, row: int) -> None:
        if row < len(self._choices):
            self.pick(self._choices[row])
            self.entered.emit(False)
