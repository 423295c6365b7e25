"""Packets of the outbox as a Qt model. Which columns a tab shows is a tuple of Column. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from station.domain.central_status import central_status
from station.domain.delivery import OutboxItem, Progress, Stage
from station.domain.mark import N_
from station.domain.record import RecordKey
from station.i18n import _
from station.ui import format as shown
from station.ui import labels, words
from station.ui.labels import Label
from station.ui.models.columns import ColumnsModel, Index
from station.ui.packet_words import carried_for, details, queue_state, short_key
from station.ui.widgets.chip_delegate import PART_ROLE, TONE_ROLE
from station.ui.widgets.plain_tip import plain_tip
from station.ui.widgets.table import COPY_ROLE, WITHHELD

_A_MINUTE = timedelta(minutes=1)
Text = Callable[[OutboxItem, datetime], str]
Named = Callable[[OutboxItem, datetime], Label]


@dataclass(frozen=True)
class Column:
    """A title, a width in design pixels (0: what is left), and how to say it. `label` makes it a chip."""

    title: str
    width: int
    text: Text = lambda _item, _now: ""
    label: Named | None = None
    name: bool = False
    bar: bool = False


def _received(item: OutboxItem, now: datetime) -> str:
    return shown.when(item.received_at, now) if item.received_at else "–"


def _central(item: OutboxItem, _now: datetime) -> Label:
    if not item.central_code:
        return Label(_("With receipt"), "ok")
    status = central_status(item.central_code)
    return Label(_(status.label), status.tone.value)


def _recorded(item: OutboxItem, now: datetime) -> str:
    """The time today, else the day with it: short, for a narrow column."""
    local = item.sealed_at.astimezone()
    time = shown.clock(item.sealed_at)
    return time if local.date() == now.astimezone().date() else f"{local:%d-%m} {time}"


def why(item: OutboxItem, _now: datetime) -> str:
    """Why it does not go on: what central refused, or what parked it."""
    if item.reasons:
        return " · ".join(words.of_reason(reason).title for reason in item.reasons)
    return words.of_note(item.last_note) if item.last_note else "–"


def _state(item: OutboxItem, _now: datetime) -> Label:
    return labels.delivery_state(item)


def _age(item: OutboxItem, now: datetime) -> str:
    """How long it waits. The table is written anew each minute, so seconds would stand still."""
    waits = now - item.sealed_at
    return shown.span(waits) if waits >= _A_MINUTE else _("just now")


_RECORD = Column(N_("Record"), 104, lambda item, _now: short_key(item.key))
_APPLICANT = Column(N_("Applicant"), 0, name=True)
_SEALED = Column(N_("Recorded"), 104, _recorded)
_SIZE = Column(N_("Size"), 76, lambda item, _now: shown.size(item.size))
_AGE = Column(N_("Waits for"), 92, _age)
_PROGRESS = Column(N_("Progress"), 92, bar=True)
STATE = Column(N_("State"), 166, label=queue_state)

QUEUE = (_RECORD, _APPLICANT, _SEALED, _SIZE, _AGE, _PROGRESS, STATE)
REPAIR = (
    _RECORD,
    Column(N_("Applicant"), 150, name=True),
    _SEALED,
    Column(N_("Reason"), 0, why),
    Column(N_("State"), 150, label=_state),
)
HISTORY = (
    _RECORD,
    _APPLICANT,
    _SIZE,
    Column(N_("Received at central"), 136, _received),
    Column(N_("Receipt"), 190, lambda item, _now: item.receipt_no),
    Column(N_("Central says"), 170, label=_central),
)


class PacketsModel(ColumnsModel[OutboxItem]):
    """`more_wanted` carries the offset from which rows are missing."""

    more_wanted = Signal(int)

    def __init__(self, columns: Sequence[Column], page: int, parent: QObject | None = None) -> None:
        super().__init__([column.title for column in columns], parent)
        self.columns = tuple(columns)
        self._page = page
        self._progress = Progress()
        self._names: dict[RecordKey, str] = {}
        self._now = datetime.now().astimezone()
        self._more = False

    @property
    def named(self) -> frozenset[RecordKey]:
        """Whose names are known: a sealed revision keeps its name, so nobody has to ask again."""
        return frozenset(self._names)

    def replace(self, items: Sequence[OutboxItem], names: Mapping[RecordKey, str], now: datetime, more: bool) -> None:
        """What the outbox holds now. Rows that stay keep their place, so selection and scrolling stay too."""
        aged = now.replace(second=0, microsecond=0) != self._now.replace(second=0, microsecond=0)
        self._now, self._more = now, more
        self._names.update(names)
        self.follow([self._moved(item) for item in items], lambda item: item.key)
        if aged:
            self.redraw(0, len(self.rows) - 1)

    def append(self, items: Sequence[OutboxItem], names: Mapping[RecordKey, str], more: bool) -> None:
        """The page that was asked for."""
        known = {item.key for item in self.rows}
        fresh = [item for item in items if item.key not in known]
        self._more = more
        self._names.update(names)
        self.add(fresh)

    def show_progress(self, progress: Progress) -> None:
        """Move one bar without reading anything."""
        before, self._progress = self._progress, progress
        for at, item in enumerate(self.rows):
            if item.key in (before.key, progress.key):
                self.rows[at] = self._moved(item)
                self.redraw(at, at)

    def _moved(self, item: OutboxItem) -> OutboxItem:
        """The row with the bytes that went since it was read."""
        progress = self._progress
        if item.key != progress.key or item.stage not in (Stage.QUEUED, Stage.SENDING):
            return item
        return replace(item, offset=progress.offset, stage=Stage.SENDING)

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        self._more = False
        self.more_wanted.emit(len(self.rows))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item, column = self.rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(item, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._text(item, column) if column.name else details(item, self._now))
        if role == COPY_ROLE and column.name:
            return WITHHELD
        if role == COPY_ROLE and column is _RECORD:
            return f"{item.key.record_id}.{item.key.revision}"
        if role == TONE_ROLE:
            return self._label(item, column).tone
        if role == PART_ROLE and column.bar:
            return item.offset / item.size if item.size else 0.0
        return None

    def _text(self, item: OutboxItem, column: Column) -> str:
        if column.name:
            return carried_for(item) if item.carried else self._names.get(item.key) or "–"
        if column.bar:
            return shown.percent(item.offset, item.size)
        return self._label(item, column).text

    def _label(self, item: OutboxItem, column: Column) -> Label:
        if column.label is None:
            return Label(column.text(item, self._now), "off")
        if column is STATE and item.key == self._progress.key:
            return Label(_("Being sent · {part}").format(part=shown.percent(item.offset, item.size)), "brand")
        return column.label(item, self._now)
