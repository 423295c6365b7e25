"""Carrying for neighbours: the switch, what it means in plain words, and who is near. Switches nothing itself."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from station.domain.relay import Neighbour, RelayState
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import relay_words
from station.ui.widgets.card import label, rule

_MOST_SHOWN = 4


class RelayBox(QWidget):
    """`switched` carries what a person chose."""

    switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._switch = QCheckBox(_("Carry packets for stations of this office nearby"))
        self._switch.setObjectName("sync.relay")
        told = _(
            "On the same network, a station with a connection takes sealed packets of one without. "
            "Nobody but central can open them, and the receipts find their way home."
        )
        self._switch.setAccessibleDescription(told)
        self._reason = label("", "strong", wrap=True, name="sync.relay.reason")
        self._near = label("", "small", wrap=True, name="sync.relay.near")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addWidget(rule())
        column.addSpacing(4)
        column.addWidget(self._switch)
        column.addWidget(label(told, "small", wrap=True))
        column.addWidget(self._reason)
        column.addWidget(self._near)
        self._switch.clicked.connect(self.switched)

    def show_relay(self, state: RelayState, now: datetime) -> None:
        """What it does now."""
        self._switch.setChecked(state.on)
        self._reason.setText(relay_words.of_reason(state.reason))
        self._near.setText("\n".join(_lines(state, now)))
        self._near.setVisible(bool(self._near.text()))


def _lines(state: RelayState, now: datetime) -> list[str]:
    lines = [_line(near, now) for near in state.neighbours[:_MOST_SHOWN]]
    more = len(state.neighbours) - _MOST_SHOWN
    if more > 0:
        lines.append(ngettext("and {n} more", "and {n} more", more).format(n=more))
    if state.carried_for_others:
        carried = state.carried_for_others
        text = ngettext("{n} packet is carried for others", "{n} packets are carried for others", carried)
        lines.append(text.format(n=shown.thousands(carried)))
    return lines


def _line(near: Neighbour, now: datetime) -> str:
    parts = [relay_words.name_of(near), relay_words.of_neighbour(near)]
    if near.handed:
        parts.append(ngettext("{n} packet with it", "{n} packets with it", near.handed).format(n=near.handed))
    if near.seen_at is not None:
        parts.append(_("seen {time}").format(time=shown.when(near.seen_at, now)))
    return " · ".join(parts)
