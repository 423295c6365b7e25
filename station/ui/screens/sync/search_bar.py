"""The line below the tables: what is looked for, on which day, and beside it what can be done with what is chosen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from station.domain.packets_sought import EVERY_PACKET, PacketsSought
from station.domain.ports import Clock
from station.i18n import _
from station.ui import format as shown
from station.ui import theme
from station.ui.timer import timer

_TYPING_MS = 250
"""A search per key press would read the outbox for nothing."""
_DAYS = 30


class SearchBar(QWidget):
    """`changed` when something else is looked for."""

    changed = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.text = QLineEdit()
        self.text.setObjectName("sync.search")
        self.text.setAccessibleName(_("Search"))
        self.text.setMaxLength(60)
        self.text.setClearButtonEnabled(True)
        self.text.setMaximumWidth(theme.px(280))
        self.text.setProperty("bulk", "small")
        self.day = QComboBox()
        self.day.setObjectName("sync.day.filter")
        self.day.setAccessibleName(_("Day of the receipt"))
        self.day.setProperty("bulk", "small")
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.day)
        row.addStretch(1)
        row.addLayout(self.tools)
        self._typing = timer(self, _TYPING_MS, self.changed.emit)
        self.text.textChanged.connect(lambda _text: self._typing.start())
        self.text.returnPressed.connect(self._at_once)
        self._fill_days()
        self.day.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def ask(self, hint: str, *, with_day: bool) -> None:
        """What can be looked for here."""
        self.text.setPlaceholderText(hint)
        self.day.setVisible(with_day)

    @property
    def sought(self) -> PacketsSought:
        """What is looked for; the day counts only while it is shown."""
        chosen = self.day.currentData() if not self.day.isHidden() else None
        if not chosen:
            return PacketsSought(self.text.text().strip())
        first = datetime.combine(date.fromisoformat(chosen), time()).astimezone()
        return PacketsSought(self.text.text().strip(), (), first, first + timedelta(days=1))

    @property
    def narrows(self) -> bool:
        """True when not everything is shown."""
        return self.sought != EVERY_PACKET

    def refresh_days(self) -> None:
        """Past midnight the list of days is another one; who had chosen a day keeps it."""
        today = self._clock.now().astimezone().date()
        if self.day.itemData(1) != today.isoformat():
            chosen = self.day.currentData()
            self.day.blockSignals(True)
            self._fill_days()
            self.day.setCurrentIndex(max(self.day.findData(chosen), 0))
            self.day.blockSignals(False)

    def _fill_days(self) -> None:
        self.day.clear()
        self.day.addItem(_("Every day"), "")
        today = self._clock.now().astimezone().date()
        names = {0: _("Today"), 1: _("Yesterday")}
        for back in range(_DAYS):
            day = today - timedelta(days=back)
            self.day.addItem(names.get(back, shown.day(day)), day.isoformat())

    def _at_once(self) -> None:
        self._typing.stop()
        self.changed.emit()
