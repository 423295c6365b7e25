"""Sinkronisasi: why records move or do not, what is where, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from station.desk import delivery
from station.desk.delivery import Delivery
from station.desk.office import Office
from station.domain.delivery import Counts, LogLine, OutboxItem, Progress, Stage
from station.domain.mark import N_
from station.domain.record import RecordKey
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.context import Context
from station.ui.screen import Screen
from station.ui.timer import timer
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.counter_card import CounterCard
from station.ui.widgets.link_card import LinkCard
from station.ui.widgets.packet_tabs import PAGE, STAGES, PacketTabs, Tab

REFRESH_MS = 200
"""At most five reads a second, however fast news come."""
_MOST_ROWS = 1000
_NOTES = 500

Rows = tuple[tuple[OutboxItem, ...], dict[RecordKey, str]]


class SyncScreen(Screen):
    """`record_requested` carries the id of a record that the operator must look at."""

    key = "sync"
    title = N_("Synchronisation")
    icon = "mdi6.sync"
    shortcut = "F6"

    record_requested = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._delivery: Delivery | None = None
        self._rate_bps = 0.0
        self._progress = Progress()
        self._link = LinkCard()
        self._counters = _counters()
        self.tabs = PacketTabs()
        self.tabs.turned.connect(lambda _tab: self._read())
        self.tabs.chosen.connect(self._show_actions)
        for tab, model in self.tabs.packets.items():
            model.more_wanted.connect(lambda offset, tab=tab: self._read_more(tab, offset))
        self._pause = button("sync.pause", _("Pause"), self._toggle_pause)
        self._send = button("sync.send_now", _("Send now"), context.bridge.send_now.emit, "primary")
        self._retry = self._action("sync.retry", _("Try again"), self._retry_chosen)
        self._look = self._action("sync.open_record", _("Open record"), self._open_chosen)
        self._copy = self._action("sync.copy", _("Copy"), lambda: self.tabs.table.copy())
        self._due = timer(self, REFRESH_MS, self._refresh)
        self._second = timer(self, 1000, self._show_link, repeat=True)
        context.bridge.delivery_changed.connect(self._note)
        context.bridge.progress_changed.connect(self._note_progress)
        self._arrange()

    def opened(self) -> None:
        depot = self.context.depot
        self.context.tasks.run(lambda: delivery.delivery(depot), self._note)
        self._read()
        self._second.start()
        self.tabs.table.setFocus()

    def _note(self, news: Delivery) -> None:
        self._delivery = news
        if not self._due.isActive():
            self._due.start()

    def _note_progress(self, progress: Progress) -> None:
        self._progress = progress
        self._rate_bps = progress.rate_bps or self._rate_bps
        if not self._due.isActive():
            self._due.start()

    def _refresh(self) -> None:
        """Show the latest news and read the visible tab again."""
        if self._delivery is None or not self.isVisible():
            return
        self._show_link()
        self.tabs.show_counts(self._delivery.counts)
        _count(self._counters, self._delivery.counts, self._progress)
        paused = self._delivery.paused
        self._pause.setText(_("Resume") if paused else _("Pause"))
        self._send.setEnabled(not paused)
        self._read()

    def _show_link(self) -> None:
        if self._delivery is not None and self.isVisible():
            self._link.show_delivery(self._delivery, self._rate_bps, self.context.clock.now())

    def _read(self) -> None:
        depot, office, tab = self.context.depot, self.context.desk, self.tabs.tab
        if tab is Tab.NOTES:
            self.context.tasks.run(lambda: delivery.log_lines(depot, _NOTES), self._show_notes)
            return
        limit = min(max(PAGE, len(self.tabs.packets[tab].rows)), _MOST_ROWS)
        self.context.tasks.run(lambda: _rows(office, tab, 0, limit), lambda rows: self._show_rows(tab, rows, limit))

    def _read_more(self, tab: Tab, offset: int) -> None:
        office, model = self.context.desk, self.tabs.packets[tab]
        self.context.tasks.run(
            lambda: _rows(office, tab, offset, PAGE), lambda rows: model.append(*rows, len(rows[0]) == PAGE)
        )

    def _show_rows(self, tab: Tab, rows: Rows, limit: int) -> None:
        model = self.tabs.packets[tab]
        model.replace(*rows, self.context.clock.now(), len(rows[0]) == limit)
        if tab is Tab.QUEUE:
            model.show_progress(self._progress)
        self.tabs.settle()

    def _show_notes(self, lines: Sequence[LogLine]) -> None:
        self.tabs.notes.replace(lines, self.context.clock.now())
        self.tabs.settle()

    def _chosen(self) -> list[OutboxItem]:
        if self.tabs.tab is Tab.NOTES:
            return []
        items = self.tabs.packets[self.tabs.tab].rows
        return [items[row] for row in self.tabs.table.rows() if row < len(items)]

    def _show_actions(self) -> None:
        """Only what can be done with what is chosen."""
        stages = {item.stage for item in self._chosen()}
        self._retry.setVisible(Stage.PARKED in stages)
        self._look.setVisible(self.tabs.tab is not Tab.NOTES and len(self._chosen()) == 1)
        self._copy.setVisible(bool(self.tabs.table.rows()))

    def _retry_chosen(self) -> None:
        depot = self.context.depot
        keys = [item.key for item in self._chosen() if item.stage is Stage.PARKED]

        def work() -> Delivery:
            for key in keys:
                delivery.retry_parked(depot, key)
            return delivery.delivery(depot)

        self.context.tasks.run(work, self._retried)

    def _retried(self, news: Delivery) -> None:
        self.context.bridge.delivery_changed.emit(news)
        self.context.bridge.send_now.emit()

    def _open_chosen(self) -> None:
        for item in self._chosen()[:1]:
            self.record_requested.emit(item.key.record_id)

    def _toggle_pause(self) -> None:
        self.context.bridge.pause.emit(not (self._delivery is not None and self._delivery.paused))

    def _action(self, name: str, text: str, action: Callable[[], object]) -> QPushButton:
        made = button(name, text, action)
        made.setProperty("bulk", "small")
        made.hide()
        self.tabs.tools.addWidget(made)
        return made

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(_("Synchronisation"), "title"))
        head.addStretch(1)
        head.addWidget(self._pause)
        head.addWidget(self._send)
        numbers = QHBoxLayout()
        numbers.setSpacing(12)
        for counter in self._counters.values():
            numbers.addWidget(counter, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self._link)
        layout.addLayout(numbers)
        layout.addWidget(self.tabs, 1)


def _counters() -> dict[str, CounterCard]:
    return {
        "queued": CounterCard("sync.count.queued", _("Waiting to be sent")),
        "sending": CounterCard("sync.count.sending", _("Being sent"), "brand"),
        "receipted": CounterCard("sync.count.receipted", _("Sent, receipt verified"), "ok"),
        "repair": CounterCard("sync.count.repair", _("Needs repair"), "bad"),
        "print_ready": CounterCard("sync.count.print_ready", _("Ready to print (PRR)")),
    }


def _count(counters: dict[str, CounterCard], counts: Counts, progress: Progress) -> None:
    """The numbers and their remarks."""
    moves = counts.sending and progress.key is not None and progress.rate_bps
    rate = f"{shown.size(round(progress.rate_bps))}/s" if moves else ""
    held = ngettext("{n} on hold", "{n} on hold", counts.parked).format(n=counts.parked) if counts.parked else ""
    today = _("today {n}").format(n=shown.thousands(counts.receipted_today))
    counters["queued"].show_number(counts.queued, shown.size(counts.waiting_bytes) if counts.waiting else "")
    counters["sending"].show_number(counts.sending, rate)
    counters["receipted"].show_number(counts.receipted, today)
    counters["repair"].show_number(counts.rejected + counts.parked, held)
    counters["print_ready"].show_number(counts.print_ready)


def _rows(office: Office, tab: Tab, offset: int, limit: int) -> Rows:
    """Packets and the names that go with them. Runs on the desk thread."""
    items = delivery.queue(office.depot, STAGES[tab], offset, limit)
    return items, delivery.names(office, [item.key for item in items])
