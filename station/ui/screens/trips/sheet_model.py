"""The sheet of a trip as a Qt model: who is shown follows what is typed, a unit and a mark. Reads nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont

from station.desk.trip_day import Sheet, SheetRow
from station.domain.mark import N_
from station.domain.reconciliation import Made
from station.domain.trip import Mark
from station.i18n import _
from station.ui import theme, trip_words
from station.ui.labels import Label
from station.ui.models.columns import ColumnsModel, Index
from station.ui.widgets.chip_delegate import TONE_ROLE
from station.ui.widgets.table import COPY_ROLE, WITHHELD

COLUMNS = (N_("Name"), N_("RT/RW"), N_("Born"), N_("Mark"), N_("Recording"))
WIDTHS = (0, 90, 70, 150, 190)
NAME, MARK, MADE = 0, 3, 4


class Group(StrEnum):
    """Who is shown: everybody, one mark, who is not marked, or who came unasked."""

    ALL = "all"
    NONE = "none"
    PRESENT = "present"
    ABSENT = "absent"
    REFUSED = "refused"
    MOVED = "moved"
    DECEASED = "deceased"
    WALK_INS = "walk_ins"

    def holds(self, row: SheetRow) -> bool:
        match self:
            case Group.ALL:
                return True
            case Group.WALK_INS:
                return not row.person.invited
            case Group.NONE:
                return row.person.invited and row.mark is Mark.NONE
            case _:
                return row.person.invited and row.mark.value == self.value


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `text` matches names by words and NIKs by digits."""

    text: str = ""
    unit: str | None = None
    group: Group = Group.ALL

    def fits(self, row: SheetRow) -> bool:
        person = row.person
        words = self.text.upper().split()
        said = f"{person.name.upper()} {person.nik}"
        return (
            (self.unit is None or person.unit == self.unit)
            and self.group.holds(row)
            and all(word in said for word in words)
        )


class SheetModel(ColumnsModel[SheetRow]):
    """`rows` are those that are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self.wanted = Wanted()
        self._all: tuple[SheetRow, ...] = ()

    def replace(self, sheet: Sheet) -> None:
        """Other people altogether."""
        self._all = sheet.rows
        self.look_for(self.wanted)

    def look_for(self, wanted: Wanted) -> None:
        """Show who fits."""
        self.wanted = wanted
        self.put([row for row in self._all if wanted.fits(row)])

    def count(self, group: Group) -> int:
        """How many people belong to a group, whatever is typed."""
        return sum(group.holds(row) for row in self._all)

    def row_of(self, key: str) -> int:
        """The row that shows the person with this key, or -1."""
        return next((at for at, row in enumerate(self.rows) if key_of(row) == key), -1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return _text(row, column)
            case Qt.ItemDataRole.FontRole if column == NAME:
                return theme.font("s", QFont.Weight.Bold)
            case _ if role == COPY_ROLE and column == NAME:
                return WITHHELD
            case _ if role == TONE_ROLE and column in (MARK, MADE):
                return (mark_of(row) if column == MARK else made_of(row)).tone
        return None


def key_of(row: SheetRow) -> str:
    """What names a row: the NIK, or the record of somebody without one."""
    return row.person.nik or row.record_id


def mark_of(row: SheetRow) -> Label:
    """The mark as shown; who came unasked has none."""
    return trip_words.mark(row.mark) if row.person.invited else Label(_("Walk-in"), "brand")


def made_of(row: SheetRow) -> Label:
    """What their records say, or why there is none."""
    if row.made is not Made.NOTHING:
        return trip_words.made(row.made)
    if row.elsewhere:
        return Label(_("Recorded before"), "ok")
    if row.mark is Mark.PRESENT:
        text = trip_words.why_not(row.person.why_not) if row.person.explained else _("Not recorded yet")
        return Label(text, "off" if row.person.explained else "warn")
    return Label("", "off")


def _text(row: SheetRow, column: int) -> str:
    match column:
        case 0:
            return row.person.name or _("No name yet")
        case 1:
            return row.person.unit or "–"
        case 2:
            return row.person.birth_date[:4] or "–"
        case 3:
            return mark_of(row).text
        case _:
            return made_of(row).text
