"""The chosen device: what to do about it now, its history in words, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from station.desk.devices import Card as DeviceCard
from station.domain.device import Fault, UseLine
from station.domain.ports import Found
from station.i18n import _
from station.ui import theme
from station.ui.screens.devices import device_words
from station.ui.screens.devices.device_model import Line
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label, rule
from station.ui.widgets.mark import Mark

_LINES = 8


class DevicePane(Card):
    """`chosen` carries a device id; the others are about the device that is shown."""

    test_wanted = Signal()
    reported = Signal(object)  # Fault
    repaired = Signal()
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, spacing=10)
        self._card: DeviceCard | None = None
        self._title = label(role="h2", wrap=True, name="devices.pane.title")
        self._who = label(role="muted", wrap=True, name="devices.pane.who")
        self.advice = Banner()
        self.advice.setObjectName("devices.pane.advice")
        self._ticket = label(role="strong", wrap=True, name="devices.pane.ticket")
        self._repaired = button("devices.repaired", _("It works again"), self.repaired.emit, "link")
        self._facts = QVBoxLayout()
        self._uses = QVBoxLayout()
        self._history = QWidget()
        self.test = button("devices.test", _("Test now · T"), self.test_wanted.emit, "primary")
        self._change_menu, self._report_menu = QMenu(self), QMenu(self)
        self.change = _menu_button("devices.change", _("Change device…"), self._change_menu)
        self.report = _menu_button("devices.report", _("Report a fault…"), self._report_menu)
        self._change_menu.aboutToShow.connect(self.fill_change_menu)
        for fault in Fault:
            action = self._report_menu.addAction(device_words.fault(fault))
            action.triggered.connect(lambda _checked=False, fault=fault: self.reported.emit(fault))
        self._lay_out()

    def show_card(self, card: DeviceCard, lines: tuple[UseLine, ...], now: datetime, *, busy: bool) -> None:
        """Another device, or news of the same."""
        self._card = card
        health, info = card.health, card.serving.info if card.serving else None
        if info is None and health is not None:
            info = health.info
        self._title.setText(device_words.kind(card.kind))
        self._who.setText(device_words.who(info) if info else _("no device connected"))
        found = device_words.advice(card, lines)
        if found is not None:
            self.advice.say(found.title, found.todo, found.tone)
        else:
            self.advice.clear()
        ticket = health.ticket if health is not None else None
        self._ticket.setText(device_words.ticket_sentence(ticket, now) if ticket else "")
        for part in (self._history, self.test, self.change):
            part.show()
        self._ticket.setVisible(ticket is not None)
        self._repaired.setVisible(ticket is not None)
        _refill(self._facts, [_fact(name, value) for name, value in device_words.figures(card, now)])
        _refill(self._uses, [_use_line(line, now) for line in lines[:_LINES]] or [_nothing()])
        self.test.setEnabled(card.serving is not None and not busy)
        self.report.setVisible(info is not None and ticket is None)

    def show_line(self, line: Line) -> None:
        """What is not chosen here: only what it is."""
        self._card = None
        self._title.setText(line.title)
        self._who.setText(line.who)
        self.advice.clear()
        for part in (self._ticket, self._repaired, self._history, self.test, self.change, self.report):
            part.hide()
        _refill(self._facts, [label(line.facts, "muted", wrap=True)])

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

    def _chooser(self, found: Found) -> Callable[[], None]:
        return lambda: self.chosen.emit(found.device_id)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(10)
        for widget in (self._title, self._who, self.advice):
            column.addWidget(widget)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(self._ticket, 1)
        told.addWidget(self._repaired, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(told)
        column.addLayout(self._facts)
        history = QVBoxLayout(self._history)
        history.setContentsMargins(0, 0, 0, 0)
        history.setSpacing(10)
        history.addWidget(rule())
        history.addWidget(label(_("Last captures"), "label"))
        history.addLayout(self._uses)
        column.addWidget(self._history)
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
        for made in (self.change, self.report, self.test):
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


def _refill(layout: QVBoxLayout, widgets: list[QWidget] | list[QLabel]) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.setParent(None)
            old.deleteLater()
    for widget in widgets:
        layout.addWidget(widget)
