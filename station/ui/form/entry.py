"""A line of text as the form uses it: tidies what is typed, says when it was left, never swallows Enter silently.

Must not know which field it edits, nor where answers are kept.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from station.ui import theme

_TRAIL_GAP = 12
_LONGEST = 400
"""Longer than any field: a paste of a whole page is cut, a long name is kept for the check to name."""


class Entry(QLineEdit):
    """Base of all editors. `value()` is what goes to the desk, `show_value()` shows a stored answer."""

    entered = Signal(bool)  # Enter was pressed; True with Shift
    came = Signal()  # the keyboard is here
    left = Signal()  # the keyboard went elsewhere

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trailing = ""
        self.setMaxLength(_LONGEST)
        self.setMinimumWidth(48)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self._tidy)

    def value(self) -> str:
        return self.text()

    def settle(self) -> bool:
        """Make up its mind before it is left; True when the answer is clear."""
        return True

    def show_value(self, value: str) -> None:
        """Show a stored answer, from its beginning."""
        self.setText(value)
        self.setCursorPosition(0)

    def tidied(self, text: str) -> str:
        """What is shown for `text` while it is typed; also called with the part before the cursor."""
        return text

    @property
    def trailing(self) -> str:
        return self._trailing

    def set_trailing(self, text: str) -> None:
        """A quiet remark at the right end inside the line: parents of a village, digits still missing."""
        if text == self._trailing:
            return
        self._trailing = text
        width = QFontMetrics(theme.font("s")).horizontalAdvance(text) + _TRAIL_GAP if text else 0
        self.setTextMargins(0, 0, min(width, self.width() * 2 // 3), 0)
        self.setAccessibleDescription(text)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self.entered.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.came.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A popup (completer, context menu) still belongs to this field: nothing has been left yet.
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._trailing:
            return
        painter = QPainter(self)
        painter.setPen(QColor(theme.tokens().hint))
        painter.setFont(theme.font("s"))
        room = self.textMargins().right()
        box = QRect(self.width() - _TRAIL_GAP - room, 0, room, self.height())
        text = painter.fontMetrics().elidedText(self._trailing, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _tidy(self, text: str) -> None:
        shown = self.tidied(text)
        if shown == text:
            return
        cursor = len(self.tidied(text[: self.cursorPosition()]))
        self.setText(shown)
        self.setCursorPosition(cursor)
        self.setModified(True)


class UpperEntry(Entry):
    """Names, places and addresses: upper case as typed."""

    def tidied(self, text: str) -> str:
        return text.upper()
