"""The tables of the panel: reads the tab that is shown and finds in it. What is done with a row is in `deeds.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.desk import delivery
from station.desk.office import Office
from station.desk.panel import Panel
from station.domain.delivery import Counts, LogLine, OutboxItem, Progress
from station.domain.packets_sought import PacketsSought
from station.domain.record import RecordKey
from station.i18n import _
from station.ui.context import Context
from station.ui.screens.letters.quiet_bar import QuietBar
from station.ui.screens.sync.deeds import Deeds
from station.ui.screens.sync.relay_box import RelayBox
from station.ui.screens.sync.search_bar import SearchBar
from station.ui.widgets.packet_tabs import PAGE, STAGES, PacketTabs, Tab

_MOST_ROWS = 1000
_NOTES = 500

Rows = tuple[tuple[OutboxItem, ...], dict[RecordKey, str]]


class Board(QWidget):
    """`record_requested` carries the id of a record to look at, `draft_requested` of one to go on with."""

    record_requested = Signal(str)
    draft_requested = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.tabs = PacketTabs()
        self.search = SearchBar(context.clock)
        self.relay = RelayBox()
        self.deeds = Deeds(context, self.tabs, self)
        self._quiet_place = QWidget()
        self.quiet = QuietBar(context, parent=self._quiet_place, name="sync.quiet")
        self._arrange()
        self.tabs.turned.connect(self._turned)
        self.search.changed.connect(self.read)
        self.deeds.record_requested.connect(self.record_requested)
        self.deeds.draft_requested.connect(self.draft_requested)
        for tab, model in self.tabs.packets.items():
            model.more_wanted.connect(lambda offset, tab=tab: self._read_more(tab, offset))
        self._place(self.tabs.tab)

    def show_counts(self, counts: Counts) -> None:
        """Numbers beside the titles of the tabs."""
        self.tabs.show_counts(counts)

    def show_progress(self, progress: Progress) -> None:
        """Move the bar of what is being sent, without reading."""
        self.tabs.packets[Tab.QUEUE].show_progress(progress)

    def show_panel(self, panel: Panel) -> None:
        """Lanes and neighbours."""
        now = self._context.clock.now()
        self.tabs.lanes.replace(panel.lanes, now)
        self.relay.show_relay(panel.relay, now)
        if self.tabs.tab is Tab.LANES:
            self.tabs.settle()

    def read(self) -> None:
        """Read the tab that is shown."""
        tab, sought = self.tabs.tab, self.search.sought
        if tab is Tab.LANES:
            self.tabs.settle()
            return
        if tab is Tab.NOTES:
            depot = self._context.depot
            self._context.tasks.run(lambda: delivery.log_lines(depot, _NOTES, sought.text), self._show_notes)
            return
        limit = min(max(PAGE, len(self.tabs.packets[tab].rows)), _MOST_ROWS)
        self._ask(tab, 0, limit, lambda rows: self._show_rows(tab, rows, limit))

    def _ask(self, tab: Tab, offset: int, limit: int, done: Callable[[Rows], None]) -> None:
        office, sought, known = self._context.desk, self.search.sought, self.tabs.packets[tab].named

        def show(rows: Rows) -> None:
            if shiboken6.isValid(self):  # who signed out meanwhile sees nothing any more
                done(rows)

        self._context.tasks.run(lambda: _rows(office, tab, offset, limit, sought, known), show)

    def _read_more(self, tab: Tab, offset: int) -> None:
        model = self.tabs.packets[tab]
        self._ask(tab, offset, PAGE, lambda rows: model.append(*rows, len(rows[0]) == PAGE))

    def _show_rows(self, tab: Tab, rows: Rows, limit: int) -> None:
        self.tabs.packets[tab].replace(*rows, self._context.clock.now(), len(rows[0]) == limit)
        if tab is self.tabs.tab:
            self.tabs.settle(sought=self.search.narrows)

    def _show_notes(self, lines: Sequence[LogLine]) -> None:
        self.tabs.notes.replace(lines, self._context.clock.now())
        if self.tabs.tab is Tab.NOTES:
            self.tabs.settle(sought=self.search.narrows)

    def _turned(self, tab: Tab) -> None:
        self._place(tab)
        self.read()

    def _place(self, tab: Tab) -> None:
        """What stands below the table of `tab`."""
        self.search.refresh_days()
        self.search.setVisible(tab is not Tab.LANES)
        self.relay.setVisible(tab is Tab.LANES)
        self._quiet_place.setVisible(tab is Tab.HISTORY)
        if tab is Tab.HISTORY:
            self.quiet.read()
        hint = _("Request id, problem type, record…") if tab is Tab.NOTES else _("Name, record, receipt…")
        self.search.ask(hint, with_day=tab is Tab.HISTORY)

    def _arrange(self) -> None:
        self.search.tools.addWidget(self.deeds)
        around = QVBoxLayout(self._quiet_place)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.quiet)
        self.tabs.foot.addWidget(self._quiet_place)
        self.tabs.foot.addWidget(self.search)
        self.tabs.foot.addWidget(self.relay)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)


def _rows(
    office: Office, tab: Tab, offset: int, limit: int, sought: PacketsSought, known: frozenset[RecordKey]
) -> Rows:
    """Packets, and the names of those that are not known yet. Runs on the desk thread."""
    items = delivery.queue(office.depot, STAGES[tab], offset, limit, delivery.looked_up(office, sought))
    unknown = [item.key for item in items if not item.carried and item.key not in known]
    return items, delivery.names(office, unknown) if unknown else {}
