"""One line of hours in the speed dialog: from, to, and what holds then. Knows no rule."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from station.domain.speed_entry import HoursEntry, Kind, read_time, shown_time
from station.i18n import _
from station.ui import speed_words, theme
from station.ui.widgets.button import button
from station.ui.widgets.card import label

_TIME_WIDTH, _SPEED_WIDTH = 84, 96


class HoursRow(QWidget):
    """`dropped` when it is to go."""

    dropped = Signal()

    def __init__(self, entry: HoursEntry, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = _line(entry.start, f"sync.hours.{number}.start", _("From"), _TIME_WIDTH)
        self.end = _line(entry.end, f"sync.hours.{number}.end", _("To"), _TIME_WIDTH)
        self.kbps = _line(entry.kbps, f"sync.hours.{number}.kbps", _("kbit/s"), _SPEED_WIDTH)
        self.kind = QComboBox()
        self.kind.setObjectName(f"sync.hours.{number}.kind")
        self.kind.setAccessibleName(_("What is sent then"))
        for kind, text in speed_words.KINDS.items():
            self.kind.addItem(_(text), kind)
        self.kind.setCurrentIndex(list(Kind).index(entry.kind))
        self._unit = label(_("kbit/s"), "muted")
        self.drop = button(f"sync.hours.{number}.drop", _("Remove"), self.dropped.emit, "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.start, label("–", "muted"), self.end, self.kind, self.kbps, self._unit):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.drop)
        for widget in (self.kbps, self._unit):
            kept = widget.sizePolicy()
            kept.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(kept)
        for entry_line in (self.start, self.end):
            entry_line.editingFinished.connect(lambda shown=entry_line: _tidy(shown))
        self.kind.currentIndexChanged.connect(lambda _index: self._show_kind())
        self._show_kind()

    @property
    def entry(self) -> HoursEntry:
        """What was typed."""
        return HoursEntry(self.start.text(), self.end.text(), Kind(self.kind.currentData()), self.kbps.text())

    def field(self, name: str) -> QLineEdit:
        """The entry of `start`, `end` or `kbps`."""
        return {"start": self.start, "end": self.end, "kbps": self.kbps}[name]

    def _show_kind(self) -> None:
        """A speed is asked for only where there is one; its room stays, so nothing moves."""
        capped = Kind(self.kind.currentData()) is Kind.CAPPED
        for widget in (self.kbps, self._unit):
            widget.setVisible(capped)


def _line(text: str, name: str, said: str, width: int) -> QLineEdit:
    made = QLineEdit(text)
    made.setObjectName(name)
    made.setAccessibleName(said)
    made.setMaxLength(9)
    made.setFixedWidth(theme.px(width))
    return made


def _tidy(entry: QLineEdit) -> None:
    found = read_time(entry.text())
    if found is not None:
        entry.setText(shown_time(found))
