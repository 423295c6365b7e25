"""Faults of devices in words: what is reported, for how long, what its age asks for, what was done. Knows no widget."""

from __future__ import annotations

from datetime import datetime

from station.domain.fault import Fault, Remedy, Ticket
from station.domain.mark import N_
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.labels import Label

FAULTS: dict[Fault, str] = {
    Fault.DEAD: N_("Does not switch on"),
    Fault.DROPS_OUT: N_("Drops out again and again"),
    Fault.POOR_PICTURE: N_("Pictures are poor"),
    Fault.DIRTY_GLASS: N_("Glass is scratched or mouldy"),
    Fault.CABLE: N_("Cable or plug is damaged"),
    Fault.BROKEN_HOUSING: N_("Broken or fell down"),
    Fault.SLOW: N_("Has become slow"),
    Fault.GONE: N_("Lent out or gone"),
    Fault.OFTEN_FAILS: N_("Captures often fail"),
    Fault.FAILED_TEST: N_("Does not pass its test"),
    Fault.NOT_SEEN: N_("Served here and is no longer connected"),
}
REMEDIES: dict[Remedy, str] = {
    Remedy.CLEANED: N_("Cleaned"),
    Remedy.CABLE: N_("Cable or socket changed"),
    Remedy.RESTARTED: N_("Restarted or set up anew"),
    Remedy.REPAIRED: N_("Repaired"),
    Remedy.REPLACED: N_("Replaced by another device"),
    Remedy.NOT_HERE: N_("No longer at this station"),
    Remedy.NOTHING_FOUND: N_("Tried out: nothing is wrong"),
    Remedy.BY_ITSELF: N_("Works again"),
}
_TICKET_TONES = {"fresh": "brand", "late": "warn", "bad": "bad", "black": "black"}


def fault(code: Fault) -> str:
    return _(FAULTS[code])


def remedy(code: Remedy) -> str:
    return _(REMEDIES[code])


def ticket(found: Ticket, now: datetime) -> Label:
    """`Reported 12 days ago`: the older, the louder."""
    days = found.days(now)
    text = ngettext("Reported {n} day ago", "Reported {n} days ago", days).format(n=days)
    if days == 0:
        text = _("Reported today")
    return Label(text, _TICKET_TONES[found.tone(now)])


def ticket_sentence(found: Ticket, now: datetime) -> str:
    """What was reported, since when, and whether the program noticed it by itself."""
    said = f"{ticket(found, now).text}: {fault(found.fault)}"
    return _("{said} (noticed by this program)").format(said=said) if found.by_trend else said


def ticket_todo(found: Ticket, now: datetime) -> str:
    """What its age asks for."""
    match found.tone(now):
        case "black":
            return _("For more than three months. Ask the Dinas in writing for another device.")
        case "bad":
            return _("For more than a month. Call the Dinas: a device that stays broken is to be replaced.")
        case "late":
            return _("For more than a week. Ask the technician when somebody will come.")
        case _:
            return _("The Dinas sees it with the next connection.")


def closed(found: Ticket, now: datetime) -> str:
    """`12 Nov: Cable or plug is damaged → Cable or socket changed, after 12 days`."""
    days = found.days(now)
    done = remedy(found.remedy) if found.remedy is not None else _("closed")
    if days:
        done = ngettext("{done}, after {n} day", "{done}, after {n} days", days).format(done=done, n=days)
    return f"{shown.when(found.closed_at or now, now)}: {fault(found.fault)} → {done}"
