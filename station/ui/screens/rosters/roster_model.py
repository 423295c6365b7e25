"""The target lists here as a Qt model. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont

from station.domain.mark import N_
from station.domain.target import RosterCard
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import theme
from station.ui.labels import Label
from station.ui.models.columns import ColumnsModel, Index
from station.ui.widgets.chip_delegate import TONE_ROLE

COLUMNS = (N_("Area"), N_("Code"), N_("Version"), N_("People"), N_("Made"), N_("Taken in"), N_("Expires"))
WIDTHS = (0, 120, 80, 110, 120, 210, 180)
NAME, EXPIRES = 0, 6
SOON = timedelta(days=3)


class RosterModel(ColumnsModel[RosterCard]):
    """One row a list, by area."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self._now: datetime | None = None

    def replace(self, cards: Sequence[RosterCard], now: datetime) -> None:
        """Other rows altogether."""
        self._now = now
        self.put(cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        card = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._text(card, index.column())
            case Qt.ItemDataRole.FontRole if index.column() == NAME:
                return theme.font("s", QFont.Weight.Bold)
            case _ if role == TONE_ROLE and index.column() == EXPIRES and self._now is not None:
                return expiry(card, self._now).tone
        return None

    def _text(self, card: RosterCard, column: int) -> str:
        assert self._now is not None  # there are no rows before the first `replace`
        match column:
            case 0:
                return card.area_name or card.area
            case 1:
                return card.area
            case 2:
                return str(card.version)
            case 3:
                return shown.thousands(card.people)
            case 4:
                return shown.day(card.made_at.astimezone())
            case 5:
                way = _("from a stick") if card.source == "usb" else _("from central")
                return f"{shown.day(card.imported_at.astimezone())} · {way}"
            case _:
                return expiry(card, self._now).text


def expiry(card: RosterCard, now: datetime) -> Label:
    """When the list is wiped: calm while it is far, a warning in the last days."""
    left = card.expires_at - now
    day = shown.day(card.expires_at.astimezone())
    if left > SOON:
        return Label(day, "off")
    days = max(0, left.days)
    return Label(
        ngettext("{day} · {n} day left", "{day} · {n} days left", days).format(day=day, n=days),
        "warn",
    )
