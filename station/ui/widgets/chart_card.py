"""The card of the last 24 hours: the chart, its legend, and a summary that says the same in words.

The chart's library is loaded once the card is on the screen. It makes classes of Qt, and doing that on another thread
while the window works crashes now and then: the window stands still for it, a fifth of a second, once. Reads nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from station.desk.panel import Day
from station.i18n import _
from station.ui import day_words, theme
from station.ui.timer import timer
from station.ui.widgets.card import Card, label
from station.ui.widgets.way_look import TONES, WaySwatch

if TYPE_CHECKING:
    from station.ui.widgets.day_chart import DayChart

_TALL = 112
SOON_MS = 200
"""After the page is drawn: nobody waits for a chart to see the sentence above it."""


class ChartCard(Card):
    """`show_day` with what was read; until the chart is there, the words are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Last 24 hours, KB/s"), parent, spacing=6)
        self.setObjectName("sync.day")
        self._asked = False
        self._soon = timer(self, SOON_MS, self._make)
        self._day: Day | None = None
        self.chart: DayChart | None = None
        self._place = QStackedWidget()
        self._place.setMinimumHeight(min(theme.px(_TALL), 160))
        self._nothing = label(_("Nothing has been sent or tried yet."), "muted", wrap=True, name="sync.day.empty")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place.addWidget(QWidget())
        self._place.addWidget(self._nothing)
        self._said = label("", "small", wrap=True, name="sync.day.summary")
        self._said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._said.setMinimumHeight(2 * self._said.fontMetrics().lineSpacing())  # two lines: nothing moves in between
        self.body.addWidget(self._place, 1)
        self.body.addLayout(_legend())
        self.body.addWidget(self._said)

    def show_day(self, day: Day) -> None:
        """Another day. The first one asks for the chart."""
        self._day = day
        self._say(None)
        self.setAccessibleName(_("Last 24 hours"))
        self.setAccessibleDescription(day_words.summary(day))
        if not self._asked:  # also of an empty day: nothing stands still later, while packets move
            self._asked = True
            self._soon.start()
        if day.empty:
            self._place.setCurrentIndex(1)
        elif self.chart is not None:
            self._draw()

    def _make(self) -> None:
        from station.ui.widgets.day_chart import DayChart

        self.chart = DayChart()
        self.chart.setAccessibleName(_("Chart of the last 24 hours"))
        self.chart.pointed.connect(self._say)
        self._place.addWidget(self.chart)
        self._draw()

    def _draw(self) -> None:
        if self._day is not None and self.chart is not None and not self._day.empty:
            self.chart.show_day(self._day.buckets, self._day.link, self._day.until)
            self.chart.setAccessibleDescription(day_words.summary(self._day))
            self._place.setCurrentWidget(self.chart)

    def _say(self, at: datetime | None) -> None:
        if self._day is not None:
            self._said.setText(day_words.summary(self._day) if at is None else day_words.moment(self._day, at))


def _legend() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(5)
    for way in TONES:
        row.addWidget(WaySwatch(way))
        row.addWidget(label(day_words.way_word(way), "small"))
        row.addSpacing(6)
    row.addStretch(1)
    return row
