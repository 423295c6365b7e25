"""People found by name, as a table: how they stand, who they are, where they live; the NIK masked. Knows no desk."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from station.domain.mark import N_
from station.domain.nik import mask_nik
from station.domain.standing import Candidate, Sign
from station.ui import format as shown
from station.ui.labels import Label, said
from station.ui.models.columns import ColumnsModel, Index
from station.ui.widgets.chip_delegate import TONE_ROLE
from station.ui.widgets.table import COPY_ROLE, WITHHELD

_HEADS = (N_("Name"), N_("Born"), N_("Village · RT"), N_("NIK"), N_("Status"))
NAME, BORN = 0, 1
STATUS = 4
_SIGNS = {
    Sign.FREE: Label(N_("May be recorded"), "ok"),
    Sign.DRAFT: Label(N_("Open recording"), "warn"),
    Sign.HERE: Label(N_("Recorded here"), "bad"),
    Sign.RECORDED: Label(N_("Recorded"), "bad"),
    Sign.TOO_YOUNG: Label(N_("Too young"), "off"),
}


class PeopleModel(ColumnsModel[Candidate]):
    """One row a person."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_HEADS, parent)

    def data(self, index: Index, role: int = 0) -> object:
        found = self.rows[index.row()]
        if role == TONE_ROLE and index.column() == STATUS:
            return _SIGNS[found.sign].tone
        if role == COPY_ROLE and index.column() in (NAME, BORN):
            return WITHHELD
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return ", ".join(_cells(found))
        return _cells(found)[index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def _cells(found: Candidate) -> tuple[str, ...]:
    target = found.target
    place = found.village.name if found.village else target.village
    unit = f" · RT {target.rt}" if target.rt else ""
    return (
        target.name,
        shown.iso_day(target.birth_date),
        f"{place}{unit}",
        mask_nik(target.nik),
        said(_SIGNS[found.sign]).text,
    )
