"""The devices as a list for Qt: one row a kind, with everything its line shows. Knows no desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from station.desk.devices import Card, State
from station.ui.labels import Label
from station.ui.screens.devices import device_words, fault_words

LINE_ROLE = Qt.ItemDataRole.UserRole + 1
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Line:
    """One device as its row shows it."""

    icon: str
    title: str
    who: str
    state: Label
    facts: str
    weeks: tuple[int | None, ...] = ()
    weeks_tone: str = "off"
    ticket: Label | None = None

    def __str__(self) -> str:
        """For a screen reader."""
        parts = (self.title, self.state.text, self.who, self.facts, self.ticket.text if self.ticket else "")
        return ", ".join(part for part in parts if part)


def line_of(card: Card, now: datetime) -> Line:
    health = card.health
    return Line(
        icon=device_words.ICONS[card.kind],
        title=device_words.kind(card.kind),
        who=device_words.card_who(card),
        state=device_words.state(card),
        facts=device_words.facts(card, now),
        weeks=health.week_ms if health else (),
        weeks_tone="warn" if health is not None and health.is_wearing_out else "brand",
        ticket=_reported(card, now),
    )


def _reported(card: Card, now: datetime) -> Label | None:
    """What is reported of the device that is shown, else of another one of its kind, the oldest first."""
    own = card.health.ticket if card.health is not None else None
    others = [item.ticket for item in card.others if item.ticket is not None]
    found = own or min(others, key=lambda ticket: ticket.opened_at, default=None)
    return fault_words.ticket(found, now) if found is not None and card.state is not State.TRIED else None


class DeviceModel(QAbstractListModel):
    """`lines` in the order of the recording."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Line, ...] = ()

    def replace(self, lines: Sequence[Line]) -> None:
        """Other facts; the same kinds keep their places, so that a selection stays."""
        lines = tuple(lines)
        if lines == self.lines:
            return
        if [line.title for line in lines] == [line.title for line in self.lines]:
            self.lines = lines
            self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
        else:
            self.beginResetModel()
            self.lines = lines
            self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Line | str | None:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return str(line)
        return None
