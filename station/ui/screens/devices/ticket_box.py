"""What is reported of a device: what is open, of others of its kind too, and what was closed before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from station.desk.devices import Card
from station.domain.device import Health
from station.domain.fault import DONE, Remedy, Ticket
from station.i18n import _
from station.ui.screens.devices import device_words, fault_words
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label, rule

_TONES = {"fresh": "brand", "late": "warn", "bad": "bad", "black": "bad"}


class TicketBox(QWidget):
    """`closed` says which ticket, and what was done."""

    closed = Signal(int, object)  # number, Remedy

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mine = TicketBanner(self._close)
        self.mine.setObjectName("devices.pane.ticket")
        self._others = QVBoxLayout()
        self._others.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.mine)
        column.addLayout(self._others)

    def show_faults(self, card: Card, now: datetime) -> None:
        """Of the device that is shown, and of others of its kind."""
        ticket = card.health.ticket if card.health is not None else None
        self.mine.show_ticket(ticket, "", now)
        refill(self._others, [self._other(health, now) for health in card.others])

    def _other(self, health: Health, now: datetime) -> QWidget:
        made = TicketBanner(self._close, self)  # shown with its words, so it must not be a window of its own
        made.show_ticket(health.ticket, device_words.who(health.info), now)
        return made

    def _close(self, number: int, remedy: Remedy) -> None:
        self.closed.emit(number, remedy)


class EarlierFaults(QWidget):
    """What was reported before, and what was done about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def show_faults(self, earlier: Sequence[Ticket], now: datetime) -> None:
        over = [label(fault_words.closed(item, now), wrap=True) for item in earlier]
        refill(self._column, [rule(), label(_("Earlier faults"), "label"), *over] if over else [])
        self.setVisible(bool(over))


class TicketBanner(Banner):
    """One open fault, and a menu to close it."""

    def __init__(self, close: Callable[[int, Remedy], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._menu = QMenu(self)
        for remedy in DONE:
            action = self._menu.addAction(fault_words.remedy(remedy))
            action.triggered.connect(lambda _checked=False, remedy=remedy: close(self._number, remedy))
        self.button: QPushButton = button("devices.repaired", _("Close the report…"))
        self.button.setMenu(self._menu)
        self.add_button(self.button)

    def show_ticket(self, ticket: Ticket | None, who: str, now: datetime) -> None:
        """`who` is said when it is another device than the one that is shown."""
        if ticket is None:
            self.clear()
            return
        self._number = ticket.number
        said = fault_words.ticket_sentence(ticket, now)
        self.say(f"{who}: {said}" if who else said, fault_words.ticket_todo(ticket, now), _TONES[ticket.tone(now)])

    @property
    def remedies(self) -> list[QAction]:
        return self._menu.actions()


def refill(layout: QVBoxLayout, widgets: Sequence[QWidget]) -> None:
    """Other widgets instead of those that are there."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.setParent(None)
            old.deleteLater()
    for widget in widgets:
        layout.addWidget(widget)
