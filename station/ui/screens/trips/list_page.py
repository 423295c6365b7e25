"""All trips, the latest first: open one, prepare another, delete one on which nothing was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station.desk.trips import TripRow
from station.i18n import _
from station.ui.screens.trips.trip_model import STATE, WIDTHS, TripModel
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip_delegate import ChipDelegate
from station.ui.widgets.empty import Empty
from station.ui.widgets.table import Table


class ListPage(QWidget):
    """`opened` and `delete_wanted` carry a trip id."""

    opened = Signal(str)
    delete_wanted = Signal(str)
    new_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TripModel(self)
        self.table = Table("trips.table", _("Village trips"))
        self.table.show_model(self.model, WIDTHS, (2,))
        self.table.setItemDelegateForColumn(STATE, ChipDelegate(self.table))
        self.table.opened.connect(self._open)
        self.table.selected.connect(lambda _row: self._show_actions())
        self._new = button("trips.new", _("New trip · Ctrl+N"), self.new_wanted.emit, "primary")
        self._look = button("trips.open", _("Open · Enter"), lambda: self._open(self._row()))
        self._delete = button("trips.delete", _("Delete"), self._ask_delete, "danger")
        self._sure = button("trips.delete.sure", _("Yes, delete the trip"), self._delete_chosen, "danger")
        first = button("trips.first", _("Prepare a trip"), self.new_wanted.emit, "primary")
        self._empty = Empty("mdi6.van-utility", first)
        self._empty.say(
            _("No trips yet"),
            _("Prepare a trip the day before. In the village nothing of it needs a network."),
        )
        self._pages = QStackedWidget()
        QShortcut(QKeySequence("Ctrl+N"), self).activated.connect(self.new_wanted)
        self._arrange()

    def entered(self) -> None:
        """Place the focus."""
        (self.table if self.model.rows else self._empty.button or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_trips(self, rows: Sequence[TripRow], today: date) -> None:
        """Other rows; the chosen trip stays chosen."""
        before = self._id()
        self.model.replace(rows, today)
        self._pages.setCurrentIndex(0 if rows else 1)
        self._new.setVisible(bool(rows))
        places = [row.trip.trip_id for row in rows]
        if rows:
            self.table.selectRow(places.index(before) if before in places else 0)
        self._show_actions()
        if self.isVisible() and not self.window().focusWidget():
            self.entered()

    def _row(self) -> int:
        return self.table.currentIndex().row()

    def _id(self) -> str:
        row = self._row()
        return self.model.rows[row].trip.trip_id if 0 <= row < len(self.model.rows) else ""

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.model.rows):
            self.opened.emit(self.model.rows[row].trip.trip_id)

    def _ask_delete(self) -> None:
        """Deleting cannot be undone, so it takes a second press; choosing another line forgets the first."""
        self._delete.hide()
        self._sure.show()
        self._sure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _delete_chosen(self) -> None:
        if trip_id := self._id():
            self.delete_wanted.emit(trip_id)

    def _show_actions(self) -> None:
        row = self._row()
        chosen = self.model.rows[row] if 0 <= row < len(self.model.rows) else None
        self._look.setVisible(chosen is not None)
        self._sure.hide()
        self._delete.setVisible(chosen is not None and chosen.trip.open and not chosen.sums.recorded)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(_("Village trips"), "title"))
        head.addStretch(1)
        for widget in (self._delete, self._sure, self._look, self._new):
            head.addWidget(widget)
        surface = Card(margin=8)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._empty)
        surface.body.addWidget(self._pages)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(surface, 1)
        self.setTabOrder(self._new, self.table)
