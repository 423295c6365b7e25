"""What happened to one record, newest first: a dot, a word and the moment. Takes values, knows no desk."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.ui import theme
from station.ui.moment_words import Entry
from station.ui.widgets.card import label

_BREAK = "\u200b"
_LONG_WORD = re.compile(r"\S{24}(?=\S)")


class TimelineView(QWidget):
    """`show_entries` replaces everything."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Entry] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        if list(entries) == self._shown:
            return  # news come often: what stands still is not drawn again
        self._shown = list(entries)
        while (old := self._layout.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, entry in enumerate(entries):
            row = _Row(entry, self, last=place == len(entries) - 1)
            self._layout.addWidget(row)
            row.show()
        self._layout.addStretch(1)


class _Row(QWidget):
    """Dot and thread at the left, words at the right."""

    def __init__(self, entry: Entry, parent: QWidget, *, last: bool) -> None:
        super().__init__(parent)
        self._entry = entry
        self._last = last
        self.setAccessibleName(", ".join(part for part in (entry.title, entry.detail, entry.more) if part))
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 12)
        words.setSpacing(0)
        for text, role in ((entry.title, "strong"), (entry.detail, "small"), (entry.more, "small")):
            if text:
                line = label(role=role, wrap=True)
                line.setTextFormat(Qt.TextFormat.PlainText)  # central's words are text, whatever they look like
                line.setText(_breakable(text))
                words.addWidget(line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(26), 0, 0, 0)
        layout.addLayout(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(theme.tokens().tone(self._entry.tone)[0])
        centre = QPointF(theme.px(8), theme.px(11))
        if not self._last:
            painter.setPen(QPen(QColor(theme.tokens().line), 2))
            painter.drawLine(QPointF(centre.x(), centre.y() + theme.px(10)), QPointF(centre.x(), self.height()))
        painter.setPen(QPen(colour, 2))
        painter.setBrush(colour)
        painter.drawEllipse(centre, theme.px(6), theme.px(6))


def _breakable(text: str) -> str:
    """The same with invisible places to break a line in a very long word, as a code of central may be."""
    return _LONG_WORD.sub(lambda found: f"{found[0]}{_BREAK}", text)
