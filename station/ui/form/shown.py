"""An answer as people read it. Must not know where answers are kept; a village is shown as its code."""

from __future__ import annotations

from station.domain.form import Field, Kind
from station.ui.form.date_entry import shown_date
from station.ui.form.number_entry import grouped


def shown(field: Field, value: str) -> str:
    """`value` of `field` with its label, grouping or date."""
    match field.kind:
        case Kind.NUMBER:
            return grouped(value)
        case Kind.DATE:
            return shown_date(value)
        case Kind.CODE:
            return field.codes.label(value) if field.codes else value
        case _:
            return value
