"""What can be done with the chosen rows of the panel: see why, try again, open, copy. Only that is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from station.desk import dead_letters, delivery
from station.desk.dead_letters import Retried
from station.domain.delivery import OutboxItem, Stage
from station.domain.record import RecordKey
from station.i18n import _
from station.ui.context import Context
from station.ui.screens.letters.letter_dialog import LetterDialog
from station.ui.widgets.button import button
from station.ui.widgets.packet_tabs import STAGES, PacketTabs, Tab


class Deeds(QWidget):
    """`record_requested` carries the id of a record to look at, `draft_requested` of one to go on with."""

    record_requested = Signal(str)
    draft_requested = Signal(str)

    def __init__(self, context: Context, tabs: PacketTabs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._tabs = context, tabs
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._why = self._button("sync.repair", _("What can be done…"), self._open_letter)
        self._retry = self._button("sync.retry", _("Try again"), self._retry_chosen)
        self._look = self._button("sync.open_record", _("Open record"), self._open_record)
        self._copy = self._button("sync.copy", _("Copy"), lambda: tabs.table.copy())
        tabs.chosen.connect(self._show_what_can_be_done)
        tabs.opened.connect(lambda _row: self._open())

    def _chosen(self) -> list[OutboxItem]:
        items = self._tabs.packets[self._tabs.tab].rows if self._tabs.tab in STAGES else []
        return [items[row] for row in self._tabs.table.rows() if row < len(items)]

    def _record(self) -> str:
        """The record of the one row that is chosen; '' when there is none, or it is another station's."""
        rows = self._tabs.table.rows()
        if len(rows) != 1:
            return ""
        if self._tabs.tab is Tab.NOTES:
            lines = self._tabs.notes.rows
            key = lines[rows[0]].key if rows[0] < len(lines) else None
            return key.record_id if key else ""
        return next((item.key.record_id for item in self._chosen() if not item.carried), "")

    def _show_what_can_be_done(self) -> None:
        chosen = self._chosen()
        self._why.setVisible(self._tabs.tab is Tab.REPAIR and len(chosen) == 1)
        self._retry.setVisible(any(item.stage is Stage.PARKED for item in chosen))
        self._look.setVisible(bool(self._record()))
        self._copy.setVisible(bool(self._tabs.table.rows()))

    def _open(self) -> None:
        """Enter on a row: what is wrong with it, or its record."""
        if self._tabs.tab is Tab.REPAIR:
            self._open_letter()
        else:
            self._open_record()

    def _open_record(self) -> None:
        if record_id := self._record():
            self.record_requested.emit(record_id)

    def _open_letter(self) -> None:
        for item in self._chosen()[:1]:
            self._show_letter(item.key)

    def _show_letter(self, key: RecordKey) -> None:
        dialog = LetterDialog(self._context, key, self)
        dialog.changed.connect(self._tell)
        dialog.corrected.connect(self.draft_requested)
        dialog.look_wanted.connect(self.record_requested)
        dialog.open()

    def _retry_chosen(self) -> None:
        office = self._context.desk
        keys = [item.key for item in self._chosen() if item.stage is Stage.PARKED]
        self._context.tasks.run(lambda: dead_letters.retry(office, keys), self._retried)

    def _retried(self, found: Retried) -> None:
        """A packet whose file is not what was sealed stays; why is in its letter."""
        self._tell()
        if found.done:
            self._context.bridge.send_now.emit()
        elif found.broken:
            self._show_letter(found.broken[0])

    def _tell(self) -> None:
        """Something was done: whoever shows delivery reads again."""
        depot = self._context.depot
        self._context.tasks.run(lambda: delivery.delivery(depot), self._context.bridge.delivery_changed.emit)

    def _button(self, name: str, text: str, action: Callable[[], object]) -> QPushButton:
        made = button(name, text, action)
        made.setProperty("bulk", "small")
        self._row.addWidget(made)
        made.hide()
        return made
