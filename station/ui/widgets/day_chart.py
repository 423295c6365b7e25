"""The chart of the last 24 hours: what was sent in each five minutes, over a strip of what the link was like.

The only file that knows the plotting library, which takes a third of a second to import: nothing imports this one at
start, and who wants the chart imports it on another thread first. Knows no words but times and numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.domain.link_day import DAY, Stretch, Way
from station.domain.throughput import BUCKET, Bucket, bucket_start
from station.ui import format as shown
from station.ui import theme
from station.ui.widgets.way_look import HEIGHTS, TONES

_DAY_S, _BUCKET_S = DAY.total_seconds(), BUCKET.total_seconds()
_STRIP, _GAP, _EDGE = 18, 6, 34
_TICK_HOURS = 6
_STEPS = (1, 2, 5)

pg.setConfigOptions(antialias=True, exitCleanup=False)


class DayChart(QWidget):
    """`pointed` carries the moment under the mouse or under the marker that the arrow keys move; None when left."""

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sync.chart")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._until: datetime | None = None
        self._at = _DAY_S
        self._view: Any = pg.GraphicsLayoutWidget(self)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setBackground(None)
        self._view.setStyleSheet("border: 0; background: transparent;")
        self._view.ci.setContentsMargins(0, 4, 8, 0)
        self._view.ci.layout.setVerticalSpacing(_GAP)
        self._plot, self._strip = self._row(0), self._row(1)
        self._curve: Any = pg.PlotCurveItem(np.array([0.0, _DAY_S]), np.zeros(1), stepMode="center", fillLevel=0)
        self._plot.addItem(self._curve)
        self._bars: dict[Way, Any] = {}
        self._marker: Any = pg.InfiniteLine(angle=90, movable=False)
        self._marker.hide()
        self._plot.addItem(self._marker)
        self._view.scene().sigMouseMoved.connect(self._mouse_at)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._dress()

    def show_day(self, buckets: Sequence[Bucket], link: Sequence[Stretch], until: datetime) -> None:
        """Draw the 24 hours before `until`."""
        self._until = until
        self._show_sent(buckets)
        self._show_link(link)
        self._plot.getAxis("bottom").setTicks([self._hours()])
        self._plot.setXRange(0, _DAY_S, padding=0)
        self._strip.setXRange(0, _DAY_S, padding=0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self._point(self._at + step * _BUCKET_S)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._leave()
        super().leaveEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        self._leave()
        super().focusOutEvent(event)

    def _row(self, number: int) -> Any:
        """An empty plot without mouse, menu and buttons: it is there to be read."""
        plot = self._view.addPlot(row=number, col=0)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(False, False)
        plot.hideButtons()
        plot.getViewBox().setDefaultPadding(0)
        return plot

    def _dress(self) -> None:
        """The colours and fonts of the theme in use."""
        look, small = theme.tokens(), theme.font("xs")
        left, bottom = self._plot.getAxis("left"), self._plot.getAxis("bottom")
        for axis in (left, bottom):
            axis.setPen(pg.mkPen(look.line))
            axis.setTextPen(pg.mkPen(look.ink_2))
            axis.setTickFont(small)
            axis.setStyle(tickLength=0, tickTextOffset=4)
        left.setWidth(theme.px(_EDGE))
        bottom.setHeight(theme.px(20))
        self._strip.hideAxis("bottom")
        self._strip.getAxis("left").setWidth(theme.px(_EDGE))
        self._strip.getAxis("left").setStyle(showValues=False, tickLength=0)
        self._strip.getAxis("left").setPen(pg.mkPen(None))
        self._strip.getAxis("left").setTicks([[]])
        self._strip.setYRange(0, 1, padding=0)
        self._strip.setFixedHeight(theme.px(_STRIP))
        ground = QColor(look.brand)
        ground.setAlpha(56)
        self._curve.setPen(pg.mkPen(look.brand, width=1.6))
        self._curve.setBrush(pg.mkBrush(ground))
        self._marker.setPen(pg.mkPen(look.ink_2, width=1, style=Qt.PenStyle.DashLine))

    def _show_sent(self, buckets: Sequence[Bucket]) -> None:
        """Steps of kilobytes a second; five minutes in which nothing went are at the bottom."""
        assert self._until is not None
        first = bucket_start(self._until - DAY)
        count = int((self._until - first) / BUCKET) + 1
        rates = np.zeros(count)
        for bucket in buckets:
            place = int((bucket.at - first) / BUCKET)
            if 0 <= place < count:
                rates[place] = bucket.bytes / _BUCKET_S / 1000
        offset = (first - (self._until - DAY)).total_seconds()
        edges = offset + np.arange(count + 1) * _BUCKET_S
        self._curve.setData(np.clip(edges, 0, _DAY_S), rates)
        top = _round_up(float(rates.max()))
        self._plot.setYRange(0, top * 1.08, padding=0)
        self._plot.getAxis("left").setTicks([[(value, _number(value)) for value in (0.0, top / 2, top)]])

    def _show_link(self, link: Sequence[Stretch]) -> None:
        """A bar for each stretch; how high it stands says the same as its colour."""
        assert self._until is not None
        start, look = self._until - DAY, theme.tokens()
        for bar in self._bars.values():
            self._strip.removeItem(bar)
        self._bars = {}
        for way, height in HEIGHTS.items():
            mine = [stretch for stretch in link if stretch.way is way]
            if mine:
                edges = [[(at - start).total_seconds() for at in (one.start, one.end)] for one in mine]
                left, right = zip(*edges, strict=True)
                colour = look.tone(TONES[way])[0]
                # The pen keeps what is shorter than a pixel in sight.
                self._bars[way] = pg.BarGraphItem(
                    x0=left, x1=right, y0=0, height=height, pen=pg.mkPen(colour, width=1), brush=pg.mkBrush(colour)
                )
                self._strip.addItem(self._bars[way])

    def _hours(self) -> list[tuple[float, str]]:
        """Ticks at whole local hours."""
        assert self._until is not None
        local = self._until.astimezone()
        newest = local.replace(minute=0, second=0, microsecond=0)
        newest -= timedelta(hours=newest.hour % _TICK_HOURS)
        ticks = (newest - timedelta(hours=_TICK_HOURS * back) for back in range(4))
        return [(_DAY_S - (local - tick).total_seconds(), shown.clock(tick)) for tick in ticks]

    def _mouse_at(self, where: Any) -> None:
        box = self._plot.getViewBox()
        inside = self._plot.sceneBoundingRect().united(self._strip.sceneBoundingRect())
        if inside.contains(where):
            self._point(float(box.mapSceneToView(where).x()))
        else:
            self._leave()

    def _point(self, seconds: float) -> None:
        if self._until is None:
            return
        self._at = min(max(seconds, 0.0), _DAY_S)
        self._marker.setPos(self._at)
        self._marker.show()
        self.pointed.emit(self._until - DAY + timedelta(seconds=self._at))

    def _leave(self) -> None:
        if self._marker.isVisible():
            self._marker.hide()
            self.pointed.emit(None)


def _round_up(value: float) -> float:
    """The next 1, 2 or 5 with zeros, so that the axis has a number people can read; 1 for less."""
    size = 1.0
    while size < 1e9:
        for step in _STEPS:
            if value <= step * size:
                return step * size
        size *= 10
    return value


def _number(value: float) -> str:
    return shown.decimal(value) if value % 1 else shown.thousands(round(value))
