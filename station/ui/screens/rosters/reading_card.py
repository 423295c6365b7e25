"""How far an import is: a bar with its number, and a way to stop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from station.i18n import _
from station.ui import format as shown
from station.ui.librarian import Reading
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label


class ReadingCard(Card):
    """Hidden while nothing is read."""

    def __init__(self, stop: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._words = label(role="strong", name="rosters.reading")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Progress of the import"))
        self._stop = button("rosters.stop", _("Stop"), stop)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(self._stop)
        self.body.addLayout(row)
        self.hide()

    def show_reading(self, reading: Reading | None) -> None:
        """Another number; None when the import is over."""
        self.setVisible(reading is not None)
        if reading is None:
            return
        self._bar.setRange(0, reading.total)  # 0 to 0 is Qt's way to say that the end is not known
        self._bar.setValue(reading.done)
        if reading.total and reading.done >= reading.total:
            self._bar.setRange(0, 0)
            self._words.setText(_("Putting the list in order …"))
        elif reading.total:
            told = _("Taking in the list: {done} of {all} people")
            self._words.setText(told.format(done=shown.thousands(reading.done), all=shown.thousands(reading.total)))
        else:
            self._words.setText(_("Checking the list …"))
