"""The disk: how full, how long it lasts, what takes the room, and what a technician may take away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QProgressBar, QWidget

from station.desk import disk_guard
from station.desk.disk_guard import DiskState
from station.domain.mark import N_
from station.domain.permission import Permission
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import keeping_words, theme
from station.ui.context import Context
from station.ui.screens.guard.aside_dialog import AsideDialog
from station.ui.screens.guard.card import GuardCard
from station.ui.widgets.button import button
from station.ui.widgets.card import label

_PER_MILLE = 1000
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class DiskCard(GuardCard):
    """Read each time it is shown: sizes of files, in the background."""

    key = "disk"
    title = N_("Disk")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._room = label(role="strong", name="guard.disk.room")
        self._bar = QProgressBar()
        self._bar.setObjectName("guard.disk.bar")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(theme.px(10))
        self._bar.setRange(0, _PER_MILLE)
        self._bar.setAccessibleName(_("Disk in use"))
        self._forecast = label(wrap=True, name="guard.disk.forecast")
        self._reserve = label(role="small", wrap=True, name="guard.disk.reserve")
        self._takes = QWidget()
        self._grid = QGridLayout(self._takes)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._aside = button("guard.disk.aside", "", self._show_aside)
        self._aside.hide()
        for widget in (self._room, self._bar, self._forecast, self._reserve, self._takes):
            self.body.addWidget(widget)
        self.body.addWidget(self._aside, 0, Qt.AlignmentFlag.AlignLeft)
        self._state: DiskState | None = None

    def opened(self) -> None:
        depot, now = self.context.depot, self.context.clock.now()
        self.context.tasks.run(lambda: disk_guard.state(depot, now), self._show)

    def _show(self, found: DiskState) -> None:
        if self.context.office is None:
            return  # signed out while it was read
        self._state, forecast = found, found.forecast
        self._room.setText(keeping_words.room_line(forecast.room))
        used = forecast.room.total - forecast.room.free
        self._bar.setValue(used * _PER_MILLE // max(1, forecast.room.total))
        said = keeping_words.forecast_line(forecast)
        self._forecast.setText(said.text)
        self._forecast.setProperty("tone", said.tone)
        self._bar.setProperty("tone", said.tone)
        theme.restyle(self._forecast)
        theme.restyle(self._bar)
        self._reserve.setText(keeping_words.reserve_line(forecast))
        self._show_takes(keeping_words.takes_lines(found.takes))
        text = ngettext("{n} old copy put aside, {size}…", "{n} old copies put aside, {size}…", len(found.aside))
        self._aside.setText(text.format(n=len(found.aside), size=shown.size(found.takes.aside)))
        self._aside.setAccessibleName(self._aside.text())
        self._aside.setVisible(bool(found.aside))
        self._aside.setEnabled(self.context.desk.may(Permission.DELETE_ASIDE))

    def _show_takes(self, lines: list[tuple[str, str]]) -> None:
        while (old := self._grid.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (name, size) in enumerate(lines):
            for column, (text, side) in enumerate(((name, _LEFT), (size, _RIGHT))):
                cell = label(text, "small")
                self._grid.addWidget(cell, row, column, side)
                cell.show()

    def _show_aside(self) -> None:
        if self._state is not None:
            dialog = AsideDialog(self.context, self._state.aside, self)
            dialog.finished.connect(lambda _result: self.opened())
            dialog.open()
