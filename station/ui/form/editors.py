"""Which editor a kind of field gets: the one place to extend when a kind is added."""

from __future__ import annotations

from station.domain.form import Field, Kind
from station.i18n import _
from station.ui.form.code_entry import CodeEntry
from station.ui.form.date_entry import DateEntry
from station.ui.form.entry import Entry, UpperEntry
from station.ui.form.number_entry import NumberEntry
from station.ui.form.village_entry import VillageEntry, VillageSource


def editor_for(field: Field, villages: VillageSource) -> Entry:
    """The editor of `field`, named `form.<key>`."""
    editor = _editor(field, villages)
    editor.setObjectName(f"form.{field.key}")
    editor.setAccessibleName(_(field.label))
    return editor


def _editor(field: Field, villages: VillageSource) -> Entry:
    match field.kind:
        case Kind.NUMBER:
            return NumberEntry()
        case Kind.DATE:
            entry = DateEntry()
            entry.setPlaceholderText(_("dd-mm-yyyy"))
            return entry
        case Kind.CODE:
            assert field.codes is not None
            return CodeEntry(field.codes)
        case Kind.VILLAGE:
            return VillageEntry(villages)
        case Kind.DIGITS:
            return Entry()
        case Kind.NAME | Kind.TEXT | Kind.UNIT:
            return UpperEntry()
