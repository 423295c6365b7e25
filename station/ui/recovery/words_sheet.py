"""The fourteen words with their numbers, and beside them the same as a QR code. Shown once; nothing can be copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from station.i18n import _
from station.ui import theme
from station.ui.recovery.qr import qr_image
from station.ui.widgets.card import label

_ROWS = 7
_QR = 196


def qr_text(words: Sequence[str]) -> str:
    """What the code says: capitals and spaces, which a QR code holds in the fewest modules."""
    return " ".join(words).upper()


class WordsSheet(QFrame):
    """Empty until it is given words, and again when they have been seen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._places = [label(role="h2", name=f"{name}.word.{number}") for number in range(1, 2 * _ROWS + 1)]
        self._picture = QLabel()
        self._picture.setObjectName(f"{name}.qr")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName(_("QR code of the recovery words"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(theme.px(6))
        for place, word in enumerate(self._places):
            number = label(str(place + 1), "muted")
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(number, place % _ROWS, 2 * (place // _ROWS))
            grid.addWidget(word, place % _ROWS, 2 * (place // _ROWS) + 1)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 20, 14)
        row.setSpacing(20)
        row.addLayout(grid, 1)
        row.addWidget(self._picture)

    def show_words(self, words: Sequence[str]) -> None:
        """Show these; an empty sequence shows nothing any more."""
        for place, widget in enumerate(self._places):
            word = words[place] if words else ""
            widget.setText(word)
            widget.setAccessibleName(_("Word {number}: {word}").format(number=place + 1, word=word) if word else "")
        self._picture.setPixmap(QPixmap.fromImage(qr_image(qr_text(words), theme.px(_QR))) if words else QPixmap())
