"""The frame around the screens while somebody is signed in: strip above, rail at the left, one screen at a time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station.desk.delivery import Delivery
from station.domain.backup import BackupFacts
from station.i18n import _
from station.ui import power_words, rights, theme
from station.ui.context import Context
from station.ui.recovery.unconfirmed_bar import UnconfirmedBar
from station.ui.screen import Screen
from station.ui.screens.keys.own_password import OwnPassword
from station.ui.screens.own_prints import OwnPrints
from station.ui.widgets.cable_switch import CableSwitch
from station.ui.widgets.fault_menu import FaultMenu
from station.ui.widgets.rail import Entry, Rail
from station.ui.widgets.top_strip import TopStrip


class Frame(QWidget):
    """Made at sign-in, thrown away at sign-out. Screens are made when they are first opened."""

    wanted = Signal(str)
    repair = Signal()
    lock = Signal()
    leave = Signal()
    told = Signal(str)  # something was done that no screen shows

    def __init__(self, context: Context, screens: Sequence[type[Screen]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frame")
        self._context = context
        self._kinds = {kind.key: kind for kind in screens}
        self._made: dict[str, Screen] = {}
        self.strip = TopStrip(context.desk.station, context.desk.operator, context.clock)
        self.rail = Rail([Entry(kind.key, _(kind.title), kind.icon, kind.shortcut) for kind in screens])
        self._stack = QStackedWidget()
        for sender in (self.strip, self.rail):
            sender.wanted.connect(self.wanted)
            sender.lock.connect(self.lock)
        self.strip.leave.connect(self.leave)
        self.strip.repair.connect(self.repair)
        self.strip.prints.connect(self._show_prints)
        self.strip.password.connect(self._change_password)
        for kind in screens:
            self._key(kind.shortcut, lambda key=kind.key: self.wanted.emit(key))
        self._key("Ctrl+L", self.lock.emit)
        if context.faults is not None:
            self.rail.add_above_lock(FaultMenu(context.faults))
        if context.cable is not None:
            self.rail.add_above_lock(CableSwitch(context.cable))
        context.bridge.delivery_changed.connect(self._show_delivery)
        context.bridge.backup_changed.connect(self._show_backup)
        context.power.changed.connect(self._show_power)
        self._words = UnconfirmedBar(context)
        self._words.closed.connect(lambda: self.current.opened())
        self._arrange()
        self._words.look()
        self._show_power()

    def open(self, key: str) -> Screen:
        """Show the screen called `key`; a screen that does not exist leaves the present one."""
        if key not in self._kinds:
            return self.current
        if key not in self._made:
            with nullcontext() if self._made else theme.undressed():  # the first is the largest, and somebody waits
                self._made[key] = self._kinds[key](self._context)
                rights.hold(self._made[key], self._context.desk.may)
                self._stack.addWidget(self._made[key])
        screen = self._made[key]
        self._stack.setCurrentWidget(screen)
        self.rail.mark(key)
        screen.opened()
        return screen

    def has(self, key: str) -> bool:
        """True when the screen has been opened before."""
        return key in self._made

    @property
    def current(self) -> Screen:
        """The screen that is shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, Screen)
        return shown

    def _show_prints(self) -> None:
        """The operator's own fingers; afterwards the screen below has its devices again."""
        dialog = OwnPrints(self._context, self)
        dialog.finished.connect(lambda _result: self.current.opened())
        dialog.open()

    def _change_password(self) -> None:
        """One's own: every role may, also one that has no screen for keys."""
        dialog = OwnPassword(self._context, self)
        dialog.accepted.connect(lambda: self.told.emit(_("Your new password is valid from now on.")))
        dialog.open()

    def _show_power(self) -> None:
        power = self._context.power
        fact = power_words.power_fact(power.charge, power.state)
        self.strip.show_power(fact, power_words.power_sentence(power.charge, power.state))

    def _show_backup(self, facts: BackupFacts) -> None:
        self.strip.show_backup(facts)

    def _show_delivery(self, delivery: Delivery) -> None:
        self.strip.show_delivery(delivery)

    def _key(self, sequence: str, action: object) -> None:
        shortcut = QShortcut(QKeySequence(sequence), self)
        shortcut.activated.connect(action)

    def _arrange(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.rail)
        below.addWidget(self._stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(self._words)
        layout.addLayout(below, 1)
