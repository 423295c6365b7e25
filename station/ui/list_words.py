"""Why the record list is empty, and what to do about it. Knows no widget."""

from __future__ import annotations

from station.domain.rows import Filter
from station.domain.sought import misheard
from station.i18n import _


def nothing_found(text: str, which: Filter, *, narrowed: bool) -> tuple[str, str]:
    """A title and a next step for a list without rows. `narrowed`: some days, services or officers are left out."""
    if misheard(text):
        return (
            _("One digit is wrong"),
            _("The check digit does not fit this number. Ask for it once more, digit by digit."),
        )
    if text:
        return _("Nothing found"), _("Type fewer letters, or part of the NIK or registration number.")
    if narrowed:
        return _("No records here"), _("Only some days, services or officers are shown now.")
    if which is Filter.INCOMPLETE:
        return _("Nobody has to come back"), _("Everybody who sat in front of the devices was captured completely.")
    if which is Filter.NEEDS_REPAIR:
        return _("Nothing to repair"), _("Central has refused no record.")
    if which is Filter.QUIET:
        return _("Nothing to follow up"), _("Central has said something of every record within 14 days.")
    return _("No records here"), _("Choose another filter to see the others.")
