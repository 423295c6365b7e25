"""Sinkronisasi: puts its rooms together, and reads what they show, at most five times a second, off the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from station.desk import delivery, notices, panel, relay
from station.desk.delivery import Delivery
from station.desk.panel import Panel
from station.domain.delivery import LinkState, Progress
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.speed import SpeedRules
from station.ui.context import Context
from station.ui.courier_dialogs import open_export, open_import
from station.ui.diagnosis_dialog import save_diagnosis
from station.ui.screen import Screen
from station.ui.screens.sync.board import Board
from station.ui.screens.sync.counters import Counters
from station.ui.screens.sync.head import SyncHead
from station.ui.screens.sync.notice_bar import NoticeBar
from station.ui.screens.sync.notices_dialog import NoticesDialog
from station.ui.screens.sync.page import Page
from station.ui.screens.sync.side import Side
from station.ui.screens.sync.speed_dialog import SpeedDialog
from station.ui.timer import timer
from station.ui.widgets.link_card import LinkCard
from station.ui.widgets.packet_tabs import PacketTabs

REFRESH_MS = 200
"""At most five reads a second, however fast news come."""
DAY_MS = 60_000
"""The chart of a day gains nothing by being drawn more often while nothing happens."""
DAY_AGAIN_MS = 5000
"""And when something does, what comes within these seconds is drawn together."""


class SyncScreen(Screen):
    """`record_requested` carries the id of a record to look at, `draft_requested` of one to go on with."""

    key = "sync"
    title = N_("Synchronisation")
    icon = "mdi6.sync"
    shortcut = "F6"
    permission = Permission.READ_DELIVERY

    record_requested = Signal(str)
    draft_requested = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._delivery: Delivery | None = None
        self._panel: Panel | None = None
        self._progress = Progress()
        self._head, self._notices = SyncHead(), NoticeBar()
        self._link, self._counters = LinkCard(), Counters()
        self.board, self.side = Board(context), Side(context)
        self._due = timer(self, REFRESH_MS, self._refresh)
        self._second = timer(self, 1000, self._show_link, repeat=True)
        self._day_of: tuple[LinkState, int] | None = None
        self._day_due = timer(self, DAY_AGAIN_MS, self._read_day)
        self._minute = timer(self, DAY_MS, self._read_day, repeat=True)
        self._arrange()
        self._connect()

    @property
    def tabs(self) -> PacketTabs:
        """The tabs of the board."""
        return self.board.tabs

    def opened(self) -> None:
        depot, now = self.context.depot, self.context.clock.now()
        self.context.tasks.run(lambda: delivery.delivery(depot, now), self._note)
        self.board.read()
        self._read_day()
        self._second.start()
        self._minute.start()
        self.tabs.table.setFocus()

    # ------------------------------------------------------------------------------------------------------------ news

    def _note(self, news: Delivery) -> None:
        self._delivery = news
        day_of = (news.link.state, news.counts.receipted)
        if day_of != self._day_of and self._day_of is not None and not self._day_due.isActive():
            self._day_due.start()
        self._day_of = day_of
        if not self._due.isActive():
            self._due.start()

    def _note_progress(self, progress: Progress) -> None:
        self._progress = progress
        if not self._due.isActive():
            self._due.start()

    def _refresh(self) -> None:
        """Show the latest news, and read what belongs to them."""
        news = self._delivery
        if news is None or not self.isVisible():
            return
        self._head.show_paused(news.paused)
        self.board.show_counts(news.counts)
        self.board.show_progress(self._progress)
        self._show_link()
        depot, now = self.context.depot, self.context.clock.now()
        self.context.tasks.run(lambda: panel.panel(depot, news.counts, now), self._show_panel)
        self.board.read()

    def _show_panel(self, found: Panel) -> None:
        self._panel = found
        self._notices.show_notices(found.notices)
        read = all(notice.seen_at is not None for notice in found.notices)
        self._head.show_notices(len(found.notices) if read else 0)
        self.board.show_panel(found)
        self._show_link()

    def _show_link(self) -> None:
        if self._delivery is not None and self.isVisible():
            self._link.show_delivery(self._delivery, self._progress, self._panel, self.context.clock.now())
            self._counters.show_counts(self._delivery.counts, self._delivery.link, self._progress, self._panel)

    def _read_day(self) -> None:
        if self.isVisible():
            depot, now = self.context.depot, self.context.clock.now()
            self.context.tasks.run(lambda: panel.day(depot, now), self.side.day.show_day)

    # --------------------------------------------------------------------------------------------------------- choices

    def _toggle_pause(self) -> None:
        self.context.bridge.pause.emit(not (self._delivery is not None and self._delivery.paused))

    def _ask_speed(self) -> None:
        depot = self.context.depot
        self.context.tasks.run(lambda: panel.speed(depot), self._open_speed)

    def _open_speed(self, rules: SpeedRules) -> None:
        dialog = SpeedDialog(rules, self)
        dialog.chosen.connect(self._keep_speed)
        dialog.open()

    def _keep_speed(self, rules: SpeedRules) -> None:
        depot = self.context.depot
        self.context.tasks.run(lambda: panel.set_speed(depot, rules), lambda _done: self._chose())

    def _switch_relay(self, on: bool) -> None:
        depot = self.context.depot
        self.context.tasks.run(lambda: relay.set_relay(depot, on), lambda _done: self._chose())

    def _chose(self) -> None:
        """Whoever delivers must hear of it at once, and this screen shows what came of it."""
        self.context.bridge.rules_changed.emit()
        depot, now = self.context.depot, self.context.clock.now()
        self.context.tasks.run(lambda: delivery.delivery(depot, now), self.context.bridge.delivery_changed.emit)

    def _read_notices(self) -> None:
        if self._panel is not None and self._panel.notices:
            dialog = NoticesDialog(self._panel.notices, self.context.clock.now(), self)
            ids = [notice.notice_id for notice in self._panel.notices if notice.seen_at is None]
            dialog.accepted.connect(lambda: self._mark_seen(*ids))
            dialog.open()

    def _mark_seen(self, *ids: str) -> None:
        depot, now = self.context.depot, self.context.clock.now()

        def work() -> Delivery:
            for notice_id in ids:
                notices.read_notice(depot, notice_id, now)
            return delivery.delivery(depot, now)

        self.context.tasks.run(work, self.context.bridge.delivery_changed.emit)

    # ------------------------------------------------------------------------------------------------------ the rooms

    def _connect(self) -> None:
        bridge, head = self.context.bridge, self._head
        bridge.delivery_changed.connect(self._note)
        bridge.progress_changed.connect(self._note_progress)
        head.pause.connect(self._toggle_pause)
        head.send.connect(bridge.send_now)
        head.speed.connect(self._ask_speed)
        head.export.connect(lambda: open_export(self.context, self))
        head.take_in.connect(lambda: open_import(self.context, self))
        head.diagnosis.connect(lambda: save_diagnosis(self.context, self))
        head.notices.connect(self._read_notices)
        self._notices.read_wanted.connect(self._read_notices)
        self._notices.seen.connect(self._mark_seen)
        self.board.record_requested.connect(self.record_requested)
        self.board.draft_requested.connect(self.draft_requested)
        self.board.relay.switched.connect(self._switch_relay)

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self._head)
        layout.addWidget(Page([self._notices, self._link], self._counters, self.board, self.side), 1)
