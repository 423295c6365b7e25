"""A date typed as 05071990 and shown as 05-07-1990. Must not know which dates make sense."""

from __future__ import annotations

from station.domain.form import clean_date, parse_date
from station.ui.form.entry import Entry


def shown_date(value: str) -> str:
    """A stored answer as people write it; what is no date stays as typed."""
    day = parse_date(value)
    return f"{day:%d-%m-%Y}" if day is not None else value


class DateEntry(Entry):
    """Takes every usual way of writing a date."""

    def value(self) -> str:
        return clean_date(self.text())

    def show_value(self, value: str) -> None:
        super().show_value(shown_date(value))
