"""Packets of the outbox as a Qt model. Which columns a tab shows is a tuple of Column. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
from station.ui.widgets.chip_delegate import PART_ROLE, TONE_ROLE

Text = Callable[[OutboxItem, datetime], str]


@dataclass(frozen=True)
class Column:
    """A title, a width in design pixels (0: what is left), and how to say it. `label` makes it a chip."""

    title: str
    width: int
    text: Text = lambda _item, _now: ""
    label: Callable[[OutboxItem], Label] | None = None
    name: bool = False
    bar: bool = False


def _next(item: OutboxItem, now: datetime) -> str:
    if item.next_attempt_at is None or item.next_attempt_at <= now:
        return _("at once")
    return _("in {span}").format(span=shown.span(item.next_attempt_at - now))


def _received(item: OutboxItem, now: datetime) -> str:
    return shown.when(item.received_at, now) if item.received_at else "–"


def _central(item: OutboxItem) -> Label:
    if not item.central_code:
        return labels.stage(Stage.RECEIPTED)
    status = central_status(item.central_code)
    return Label(_(status.label), status.tone.value)


def why(item: OutboxItem, _now: datetime) -> str:
    """Why it does not go on: what central refused, or what parked it."""
    if item.reasons:
        return " · ".join(words.of_reason(reason).title for reason in item.reasons)
    return words.of_note(item.last_note) if item.last_note else "–"


_RECORD = Column(N_("Record"), 120, lambda item, _now: short_key(item.key))
_APPLICANT = Column(N_("Applicant"), 0, name=True)
_SEALED = Column(N_("Sealed"), 130, lambda item, now: shown.when(item.sealed_at, now))
_SIZE = Column(N_("Size"), 84, lambda item, _now: shown.size(item.size))
_AGE = Column(N_("Waiting for"), 118, lambda item, now: shown.span(now - item.sealed_at))
_PROGRESS = Column(N_("Progress"), 160, bar=True)
STATE = Column(N_("State"), 170, label=labels.delivery_state)

QUEUE = (_RECORD, _APPLICANT, _SEALED, _SIZE, _AGE, _PROGRESS, Column(N_("Next attempt"), 130, _next), STATE)
REPAIR = (
    _RECORD,
    Column(N_("Applicant"), 220, name=True),
    _SEALED,
    _SIZE,
    Column(N_("Reason"), 0, why),
    Column(N_("State"), 150, label=labels.delivery_state),
)
HISTORY = (
    _RECORD,
    _APPLICANT,
    _SIZE,
    Column(N_("Received at central"), 160, _received),
    Column(N_("Receipt"), 200, lambda item, _now: item.receipt_no),
    Column(N_("Central says"), 220, label=_central),
)


class PacketsModel(ColumnsModel[OutboxItem]):
    """`more_wanted` carries the offset from which rows are missing."""

    more_wanted = Signal(int)

    def __init__(self, columns: Sequence[Column], page: int, parent: QObject | None = None) -> None:
        super().__init__([column.title for column in columns], parent)
        self.columns = tuple(columns)
        self._page = page
        self._moving: RecordKey | None = None
        self._names: dict[RecordKey, str] = {}
        self._now = datetime.now().astimezone()
        self._more = False

    def replace(self, items: Sequence[OutboxItem], names: Mapping[RecordKey, str], now: datetime, more: bool) -> None:
        """What the outbox holds now. Rows that stay keep their place, so selection and scrolling stay too."""
        self._now, self._more = now, more
        self._names.update(names)
        if [item.key for item in items] == [item.key for item in self.rows]:
            self.refresh(items)
        else:
            self.put(items)

    def append(self, items: Sequence[OutboxItem], names: Mapping[RecordKey, str], more: bool) -> None:
        """The page that was asked for."""
        known = {item.key for item in self.rows}
        fresh = [item for item in items if item.key not in known]
        self._more = more
        self._names.update(names)
        self.add(fresh)

    def show_progress(self, progress: Progress) -> None:
        """Move one bar without reading anything."""
        self._moving = progress.key
        for at, item in enumerate(self.rows):
            if item.key == progress.key:
                self.rows[at] = replace(item, offset=progress.offset, stage=Stage.SENDING)
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))
                return

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        self._more = False
        self.more_wanted.emit(len(self.rows))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item, column = self.rows[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(item, column)
        if role == TONE_ROLE and column.label is not None:
            return column.label(item).tone
        if role == PART_ROLE and column.bar:
            return item.offset / item.size
        return None

    def _text(self, item: OutboxItem, column: Column) -> str:
        if column.name:
            return self._names.get(item.key) or "–"
        if column.bar:
            return shown.percent(item.offset, item.size)
        if column is STATE and item.key == self._moving:
            return _("Being sent · {part}").format(part=shown.percent(item.offset, item.size))
        return column.label(item).text if column.label is not None else column.text(item, self._now)


def short_key(key: RecordKey) -> str:
    """The end of a record id and the revision: enough to find it in a log, short enough to read aloud."""
    return f"{key.record_id[-8:]}.{key.revision}"
