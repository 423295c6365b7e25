"""The chosen device: what to do about it now, its history in words, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from station.desk.devices import BESIDE, State
from station.desk.devices import Card as DeviceCard
from station.domain.device import UseLine
from station.domain.fault import REPORTED, Ticket
from station.domain.ports import Found
from station.i18n import _
from station.ui import theme
from station.ui.lanes import Lanes
from station.ui.screens.devices import device_advice, device_words, fault_words
from station.ui.screens.devices.ticket_box import EarlierFaults, TicketBox, refill
from station.ui.screens.devices.trial_panel import TrialPanel
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label, rule
from station.ui.widgets.mark import Mark

_LINES = 8


class DevicePane(Card):
    """`chosen` carries a device id, `closed` a ticket and what was done; the others are about the device shown."""

    test_wanted = Signal()
    reported = Signal(object)  # Fault
    closed = Signal(int, object)  # number, Remedy
    chosen = Signal(str)
    trial_wanted = Signal()

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, spacing=10)
        self._card: DeviceCard | None = None
        self._title = label(role="h2", wrap=True, name="devices.pane.title")
        self._who = label(role="muted", wrap=True, name="devices.pane.who")
        self.advice = Banner()
        self.advice.setObjectName("devices.pane.advice")
        self.tickets = TicketBox()
        self.tickets.closed.connect(self.closed)
        self.earlier = EarlierFaults()
        self.trial = TrialPanel(lanes)
        self._facts = QVBoxLayout()
        self._uses = QVBoxLayout()
        self._history = QWidget()
        self.test = button("devices.test", _("Test now · T"), self.test_wanted.emit, "primary")
        self.try_out = button("devices.try_out", _("Try with the simulator"), self.trial_wanted.emit)
        self._change_menu, self._report_menu = QMenu(self), QMenu(self)
        self.change = _menu_button("devices.change", _("Change device…"), self._change_menu)
        self.report = _menu_button("devices.report", _("Report a fault…"), self._report_menu)
        self._change_menu.aboutToShow.connect(self.fill_change_menu)
        for fault in REPORTED:
            action = self._report_menu.addAction(fault_words.fault(fault))
            action.triggered.connect(lambda _checked=False, fault=fault: self.reported.emit(fault))
        self._lay_out()

    def show_card(
        self, card: DeviceCard, lines: tuple[UseLine, ...], earlier: tuple[Ticket, ...], now: datetime, *, busy: bool
    ) -> None:
        """Another device, or news of the same. `busy`: no test may begin now."""
        self._card = card
        self._title.setText(device_words.kind(card.kind))
        self._who.setText(device_words.card_who(card))
        self._who.setVisible(bool(self._who.text()))
        found = device_advice.advice(card, lines)
        if found is not None:
            self.advice.say(found.title, found.todo, found.tone)
        else:
            self.advice.clear()
        tried = card.state is State.TRIED
        self._show_trial(card, tried)
        self.tickets.setVisible(not tried)
        self.tickets.show_faults(card, now)
        self.earlier.show_faults(() if tried else earlier, now)
        refill(self._facts, [_fact(name, value) for name, value in device_words.figures(card, now)])
        refill(self._uses, [_use_line(line, now) for line in lines[:_LINES]] or [_nothing()])
        self._history.setVisible(not tried and (bool(lines) or card.kind not in BESIDE))
        self.test.setEnabled(card.serving is not None and not busy)
        self.test.setVisible(not tried)
        self.change.setVisible(not tried and card.kind not in BESIDE)
        self.report.setVisible(not tried and card.info is not None and (not card.health or not card.health.ticket))

    def offer_trial(self, offered: bool, starting: bool) -> None:
        """Whether the simulator can be tried here now."""
        capturing = self._card is not None and self._card.kind not in BESIDE
        self.try_out.setVisible(offered and capturing)
        self.try_out.setEnabled(not starting)
        self.try_out.setText(_("The simulator is starting…") if starting else _("Try with the simulator"))

    def fill_change_menu(self) -> None:
        """Everything found that could serve, the present one ticked."""
        menu, card = self._change_menu, self._card
        menu.clear()
        if card is None or not card.choice:
            none = menu.addAction(_("Nothing was found: plug it in, then Look again"))
            none.setEnabled(False)
            return
        for found in card.choice:
            action = menu.addAction(device_words.choice(found).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(card.serving is not None and found.device_id == card.serving.device_id)
            action.triggered.connect(self._chooser(found))

    @property
    def choices(self) -> list[QAction]:
        """What the menu offers now."""
        self.fill_change_menu()
        return self._change_menu.actions()

    @property
    def faults(self) -> list[QAction]:
        return self._report_menu.actions()

    def _show_trial(self, card: DeviceCard, tried: bool) -> None:
        for part in (self.trial, self.trial.take, self.trial.end):
            part.setVisible(tried)
        if tried and self.trial.isVisible():
            self.trial.look(card.kind)

    def _chooser(self, found: Found) -> Callable[[], None]:
        return lambda: self.chosen.emit(found.device_id)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(10)
        for widget in (self._title, self._who, self.advice, self.tickets, self.trial):
            column.addWidget(widget)
        column.addLayout(self._facts)
        history = QVBoxLayout(self._history)
        history.setContentsMargins(0, 0, 0, 0)
        history.setSpacing(10)
        history.addWidget(rule())
        history.addWidget(label(_("Last captures"), "label"))
        history.addLayout(self._uses)
        column.addWidget(self._history)
        column.addWidget(self.earlier)
        column.addStretch(1)
        self._facts.setSpacing(4)
        self._uses.setSpacing(6)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setProperty("ring", True)
        area.setAccessibleName(_("About this device"))
        content.setProperty("ground", "card")
        area.setWidget(content)
        self.body.addWidget(area, 1)
        for made in (self.change, self.report, self.try_out, self.test, self.trial.end, self.trial.take):
            self.body.addWidget(made)


def _menu_button(name: str, text: str, menu: QMenu) -> QPushButton:
    made = button(name, text)
    made.setMenu(menu)
    return made


def _fact(name: str, value: str) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    left = label(name, "small")
    left.setFixedWidth(theme.px(104))
    left.setAlignment(Qt.AlignmentFlag.AlignTop)
    layout.addWidget(left)
    layout.addWidget(label(value, wrap=True), 1)
    return row


def _use_line(line: UseLine, now: datetime) -> QWidget:
    when, said, tone = device_words.use(line, now)
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    sign = QVBoxLayout()
    sign.setContentsMargins(0, 3, 0, 0)
    sign.addWidget(Mark(tone, 12), 0, Qt.AlignmentFlag.AlignTop)
    layout.addLayout(sign)
    layout.addWidget(label(f"{when[:1].upper()}{when[1:]} · {said}", wrap=True), 1)
    return row


def _nothing() -> QLabel:
    return label(_("None yet"), "small")
