"""The list of trips as a Qt model, the latest day first. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont

from station.desk.trips import TripRow
from station.domain.mark import N_
from station.i18n import _
from station.ui import format as shown
from station.ui import theme
from station.ui.labels import Label
from station.ui.models.columns import ColumnsModel, Index
from station.ui.widgets.chip_delegate import TONE_ROLE

COLUMNS = (N_("Day"), N_("Village"), N_("Place"), N_("Invited"), N_("Recorded"), N_("State"))
WIDTHS = (110, 260, 0, 90, 90, 200)
VILLAGE, STATE = 1, 5


class TripModel(ColumnsModel[TripRow]):
    """Rows in the desk's order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self._today = date.min

    def replace(self, rows: Sequence[TripRow], today: date) -> None:
        """Other rows altogether."""
        self._today = today
        self.put(rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._text(row, index.column())
            case Qt.ItemDataRole.FontRole if index.column() == VILLAGE:
                return theme.font("s", QFont.Weight.Bold)
            case _ if role == TONE_ROLE and index.column() == STATE:
                return state(row, self._today).tone
        return None

    def _text(self, row: TripRow, column: int) -> str:
        plan = row.trip.plan
        match column:
            case 0:
                return shown.day(plan.day)
            case 1:
                return f"{row.village.name} · {row.village.district}" if row.village else plan.village
            case 2:
                return plan.place or "–"
            case 3:
                return shown.thousands(row.trip.report.get("invited", row.sums.invited))
            case 4:
                report = row.trip.report
                closed = report.get("recorded", 0) + report.get("walk_ins_recorded", 0)
                return shown.thousands(row.sums.recorded if row.trip.open else closed)
            case _:
                return state(row, self._today).text


def state(row: TripRow, today: date) -> Label:
    """Where a trip stands, in words."""
    if row.trip.closed_at is not None:
        return Label(_("Closed"), "ok")
    if row.current:
        return Label(_("Under way"), "brand")
    if row.trip.plan.day < today:
        return Label(_("Not closed yet"), "warn")
    return Label(_("Next today") if row.trip.plan.day == today else _("Prepared"), "off")
