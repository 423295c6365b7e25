"""Perangkat: every device at a glance, the morning's test, faults and their age, and another device within a minute."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QVBoxLayout

from station.desk import device_faults, devices
from station.desk.devices import Card as DeviceCard
from station.desk.devices import State
from station.domain.biometrics import Modality
from station.domain.device import UseLine
from station.domain.fault import Fault, Remedy, Ticket
from station.domain.mark import N_
from station.domain.permission import Permission
from station.i18n import _
from station.ui import theme
from station.ui.context import Context
from station.ui.screen import Screen
from station.ui.screens.devices import device_words
from station.ui.screens.devices.device_model import DeviceModel, Line, line_of
from station.ui.screens.devices.device_pane import DevicePane
from station.ui.screens.devices.device_row import DeviceRow
from station.ui.screens.devices.fixtures import Fixtures
from station.ui.screens.devices.testing import Testing
from station.ui.screens.devices.try_out import TryOut
from station.ui.timer import timer
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.morning import TEST_KEY

_ORDER = (*devices.CAPTURING, *devices.BESIDE)
_READ_MS = 300
_PANE_WIDTH = 340

Story = tuple[tuple[UseLine, ...], tuple[Ticket, ...]]
"""What a device did last, and what was reported of it before."""
Read = tuple[tuple[DeviceCard, ...], dict[Modality, Story]]


class DevicesScreen(Screen):
    """What is shown is read off the window; a test goes on while another screen is looked at."""

    key = "devices"
    title = N_("Devices")
    icon = "mdi6.usb"
    shortcut = "F7"
    permission = Permission.READ_DEVICES

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.model = DeviceModel()
        self.list = QListView()
        self.list.setObjectName("devices.list")
        self.list.setAccessibleName(_("Devices"))
        self.list.setProperty("look", "list")
        self.list.setModel(self.model)
        self.list.setItemDelegate(DeviceRow(self.list))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.selectionModel().currentChanged.connect(self._show_chosen)
        self.pane = DevicePane(context.lanes)
        self.pane.setFixedWidth(min(theme.px(_PANE_WIDTH), 460))
        self.said = Banner()
        self.said.setObjectName("devices.said")
        self._fixtures = Fixtures(context.printer, self)
        self.testing = Testing(context, self._fixtures, self.said, self)
        self.try_out = TryOut(context, self.said, self)
        test_all = _("Test all · {key}").format(key=TEST_KEY)
        self.test_all = button("devices.test_all", test_all, self.start_test, "primary")
        self.look = button("devices.look", _("Look again"), self._look_again)
        self._cards: tuple[DeviceCard, ...] = ()
        self._stories: dict[Modality, Story] = {}
        self._due = timer(self, _READ_MS, self._read)
        self._connect()
        self._arrange()

    def opened(self) -> None:
        if not self.testing.running:
            self.said.clear()
        self._read()
        self._fixtures.look()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever leaves has seen enough of the simulator: the devices of this station serve again."""
        if not event.spontaneous():
            self.try_out.stop()
        super().hideEvent(event)

    def start_test(self) -> None:
        """The morning's test: every kind in turn."""
        if not self.try_out.running:
            self.testing.start_all()

    def _test_chosen(self) -> None:
        card = self._chosen()
        if card is not None and card.serving is not None:
            self.testing.start_one(card.kind)

    # ------------------------------------------------------------------------------------------------------ showing

    def _connect(self) -> None:
        bridge, pane = self.context.bridge, self.pane
        bridge.devices_changed.connect(self._due.start)
        for kind in devices.CAPTURING:
            self.context.lanes.get(kind).used.connect(self._used)  # a lane outlives this screen
        bridge.signed_out.connect(self._leave)
        self._fixtures.changed.connect(self._due.start)
        self.testing.changed.connect(self._show_chosen)
        self.testing.changed.connect(self._read)
        pane.test_wanted.connect(self._test_chosen)
        pane.reported.connect(self._report)
        pane.closed.connect(self._close_ticket)
        pane.chosen.connect(self._choose)
        pane.trial_wanted.connect(self.try_out.start)
        pane.trial.over.connect(self.try_out.stop)
        self.try_out.changed.connect(self._read)
        QShortcut(QKeySequence(TEST_KEY), self).activated.connect(self.start_test)
        QShortcut(QKeySequence("T"), self).activated.connect(self._test_chosen)

    def _used(self, _use: object) -> None:
        self._due.start()

    def _read(self) -> None:
        context, now, beside = self.context, self.context.clock.now(), dict(self._fixtures.found)

        def read() -> Read:
            depot = context.depot
            cards = devices.cards(depot, context.rack, now, training=context.training, beside=beside)
            looking = (DeviceCard(kind, State.LOOKING) for kind in devices.BESIDE if kind not in beside)
            stories = {
                card.kind: (devices.recent(depot, card.health.info), device_faults.earlier(depot, card.health.info))
                for card in cards
                if card.health is not None
            }
            ordered = sorted((*cards, *looking), key=lambda card: _ORDER.index(card.kind))
            return tuple(ordered), stories

        context.tasks.run(read, self._show)

    def _show(self, found: Read) -> None:
        self._cards, self._stories = found
        self._show_lines()

    def _show_lines(self) -> None:
        now = self.context.clock.now()
        lines: list[Line] = [line_of(card, now) for card in self._cards]
        self.model.replace(lines)
        if not self.list.currentIndex().isValid() and lines:
            self.list.setCurrentIndex(self.model.index(0))
        self._show_chosen()

    def _show_chosen(self, *_indexes: QModelIndex) -> None:
        card = self._chosen()
        self.pane.setVisible(bool(self._cards))
        if card is not None:
            lines, earlier = self._stories.get(card.kind, ((), ()))
            self.pane.show_card(card, lines, earlier, self.context.clock.now(), busy=self.testing.running)
            self.pane.offer_trial(self.try_out.possible and not self.try_out.running, self.try_out.starting)
        self.test_all.setEnabled(not self.testing.running and not self.try_out.running)

    def _chosen(self) -> DeviceCard | None:
        row = self.list.currentIndex().row()
        return self._cards[row] if 0 <= row < len(self._cards) else None

    # -------------------------------------------------------------------------------------------------------- doing

    def _look_again(self) -> None:
        self.said.say(_("Looking for devices…"), _("Newly plugged in devices appear by themselves."), "brand")
        self.context.look_for_devices()
        timer(self, 2500, self._end_looking).start()

    def _end_looking(self) -> None:
        if not self.testing.running and self.said.title == _("Looking for devices…"):
            self.said.clear()
        self._read()

    def _choose(self, wanted: str) -> None:
        card = self._chosen()
        if card is None:
            return
        rack, kind = self.context.rack, card.kind
        self.context.tasks.run(lambda: rack.choose(kind, wanted), lambda _done: self._say_changed(kind))

    def _say_changed(self, kind: Modality) -> None:
        found = self.context.rack.serving(kind)
        if found is not None:
            title = _("From now on this device serves: {device}").format(device=device_words.who(found.info))
            self.said.say(title, _("No restart is needed; the next capture is made with it."), "ok")
        self._read()

    def _report(self, fault: Fault) -> None:
        card = self._chosen()
        info = card.info if card is not None else None
        if info is not None:
            depot, now = self.context.depot, self.context.clock.now()
            self.context.tasks.run(
                lambda: device_faults.report(depot, info, fault, now), lambda _ticket: self._say_reported()
            )

    def _say_reported(self) -> None:
        todo = _("The Dinas sees it with the next connection. Close the report once it is repaired.")
        self.said.say(_("The fault is reported."), todo, "ok")
        self._read()

    def _close_ticket(self, number: int, remedy: Remedy) -> None:
        depot, now = self.context.depot, self.context.clock.now()
        self.context.tasks.run(lambda: device_faults.close(depot, number, remedy, now), lambda _done: self._read())

    def _leave(self) -> None:
        self.try_out.stop()
        self.testing.stop()
        self._fixtures.stop()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(_("Devices"), "title"))
        head.addStretch(1)
        head.addWidget(self.look)
        head.addWidget(self.test_all)
        surface = Card(margin=6)
        surface.body.addWidget(self.list)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(surface, 1)
        body.addWidget(self.pane)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.said)
        layout.addLayout(body, 1)
