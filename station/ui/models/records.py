"""The record list as a Qt model: pages of rows in the desk's order. Asks for more by a signal; reads nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont

from station.domain.mark import N_
from station.domain.next_step import is_late
from station.domain.nik import mask_nik
from station.domain.rows import Order, Page, RecordRow, View
from station.i18n import _
from station.ui import format as shown
from station.ui import labels, theme
from station.ui.models.columns import ColumnsModel, Index
from station.ui.widgets.chip_delegate import TONE_ROLE
from station.ui.widgets.table import COPY_ROLE, WITHHELD

PAGE = 200
COLUMNS = (N_("Registration"), N_("Name"), N_("NIK"), N_("Where"), N_("Recorded"), N_("State"), N_("News"))
NAME, STATE, NEWS = 1, 5, 6
ORDERS = {0: Order.STARTED, NAME: Order.NAME, 3: Order.PLACE, 4: Order.STARTED, STATE: Order.STATE, NEWS: Order.NEWS}
"""What a click on a heading orders by. A NIK has no order anybody would look for."""


@dataclass(frozen=True)
class Found:
    """A page together with the names of its villages."""

    page: Page
    villages: Mapping[str, str] = field(default_factory=dict)


class RecordsModel(ColumnsModel[RecordRow]):
    """`more_wanted` carries the offset from which rows are missing."""

    more_wanted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self.total = 0
        self._villages: dict[str, str] = {}
        self._now = datetime.now().astimezone()
        self._asked = 0
        self._view = View()

    def show_view(self, view: View) -> None:
        """Mark the heading by which the rows are ordered."""
        self._view = view
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def replace(self, found: Found, now: datetime) -> None:
        """Other rows. Where the same records stand in the same order, selection and scrolling stay too."""
        self._now = now
        self._villages.update(found.villages)
        rows, self.total = list(found.page.rows), found.page.total
        self._asked = len(rows)
        if [row.record.record_id for row in rows] == [row.record.record_id for row in self.rows]:
            self.refresh(rows)
        else:
            self.put(rows)

    def append(self, found: Found) -> None:
        """The page that was asked for; one that does not fit any more is dropped.

        Records that moved between two pages while they were read are not shown twice; the next news puts them right.
        """
        page = found.page
        if page.offset != self._asked - PAGE:
            return
        known = {row.record.record_id for row in self.rows}
        fresh = [row for row in page.rows if row.record.record_id not in known]
        self.total = page.total - (len(page.rows) - len(fresh))
        self._villages.update(found.villages)
        self.add(fresh)
        self._asked = len(self.rows)

    def row_of(self, record_id: str) -> int:
        """The row that shows a record, or -1."""
        return next((at for at, row in enumerate(self.rows) if row.record.record_id == record_id), -1)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and len(self.rows) < self.total and self._asked == len(self.rows)

    def fetchMore(self, parent: Index) -> None:
        self._asked = len(self.rows) + PAGE
        self.more_wanted.emit(len(self.rows))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        title = super().headerData(section, orientation, role)
        ordered = title is not None and ORDERS.get(section) is self._view.order
        return f"{title} {'↓' if self._view.descending else '↑'}" if ordered else title

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return self._explained(row, index.column())
            case Qt.ItemDataRole.FontRole if index.column() == NAME or self._late(row, index.column()):
                return theme.font("s", QFont.Weight.Bold)
            case Qt.ItemDataRole.ForegroundRole if self._late(row, index.column()):
                return QColor(theme.tokens().warn)
            case _ if role == COPY_ROLE and index.column() == NAME:
                return WITHHELD
            case _ if role == TONE_ROLE and index.column() == STATE:
                return labels.record_state(row).tone
        return None

    def _text(self, row: RecordRow, column: int) -> str:
        record = row.record
        match column:
            case 0:
                return short_number(record.registration_no, self._now)
            case 1:
                return record.name or "–"
            case 2:
                return mask_nik(record.nik) or "–"
            case 3:
                return self._villages.get(record.village, record.village) or "–"
            case 4:
                return _moment(record.started_at, self._now)
            case 5:
                return labels.record_state(row).text
            case _:
                return shown.span(self._now - row.news_at) if row.news_at else "–"

    def _late(self, row: RecordRow, column: int) -> bool:
        return column == NEWS and is_late(row, self._now)

    def _explained(self, row: RecordRow, column: int) -> str:
        """The tooltip. What people typed is text, whatever it looks like."""
        said = row.record.registration_no if column == 0 else self._text(row, column)
        if column == NEWS and row.news_at is not None:
            said = f"{said} · {shown.when(row.news_at, self._now)}"
            said = said + " · " + _("longer than usual") if self._late(row, column) else said
        return f"<span>{escape(said)}</span>"


def short_number(registration_no: str, now: datetime) -> str:
    """`0042-7` of `R-330725-02-20261121-0042-7` today, `20-11 · 0042-7` later: numbers begin again every day.

    Office and station are in the strip.
    """
    parts = registration_no.split("-")
    if len(parts) < 6:
        return registration_no
    day, number = parts[3], "-".join(parts[-2:])
    today = now.astimezone()
    if day == f"{today:%Y%m%d}":
        return number
    year = "" if day[:4] == f"{today:%Y}" else f"-{day[:4]}"
    return f"{day[6:]}-{day[4:6]}{year} · {number}"


def _moment(at: datetime, now: datetime) -> str:
    local, today = at.astimezone(), now.astimezone().date()
    return shown.clock(at) if local.date() == today else f"{local:%d-%m} {shown.clock(at)}"
