"""Trips in plain words: marks with their keys, what was made of a person, what is missing, what keeps a trip open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from station.desk.trip_readiness import Lack, Missing
from station.domain.mark import N_
from station.domain.reconciliation import Gap, Made, OpenPoint
from station.domain.trip import Mark, WhyNot
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.labels import Label, said

KEYS: Mapping[Mark, str] = {
    Mark.PRESENT: "H",
    Mark.ABSENT: "T",
    Mark.REFUSED: "M",
    Mark.MOVED: "P",
    Mark.DECEASED: "W",
}
"""One key each: the first letters of hadir, tidak hadir, menolak, pindah, wafat. Printed on the buttons."""

_MARKS: Mapping[Mark, Label] = {
    Mark.NONE: Label(N_("Not marked"), "off"),
    Mark.PRESENT: Label(N_("Present"), "ok"),
    Mark.ABSENT: Label(N_("Absent"), "warn"),
    Mark.REFUSED: Label(N_("Refused"), "bad"),
    Mark.MOVED: Label(N_("Moved"), "off"),
    Mark.DECEASED: Label(N_("Deceased"), "off"),
}
_MADE: Mapping[Made, Label] = {
    Made.NOTHING: Label("", "off"),
    Made.INCOMPLETE: Label(N_("Incomplete"), "warn"),
    Made.RECORDED: Label(N_("Recorded"), "ok"),
}
_WHY_NOT: Mapping[WhyNot, str] = {
    WhyNot.NONE: N_("Choose a reason"),
    WhyNot.ALREADY_RECORDED: N_("Already recorded"),
    WhyNot.NOT_OBLIGED: N_("Too young for a card"),
    WhyNot.PAPERS: N_("Papers missing"),
    WhyNot.REFERRED: N_("Referred to the office"),
    WhyNot.DEVICE: N_("Device broken"),
    WhyNot.UNABLE: N_("Ill or unable"),
    WhyNot.TOO_LATE: N_("Went home before their turn"),
    WhyNot.OTHER: N_("Another reason (write it)"),
}
_KIT: Mapping[str, str] = {
    "laptop": N_("Laptop and charger"),
    "camera": N_("Camera and tripod"),
    "fingerprint_scanner": N_("Fingerprint scanner"),
    "iris_scanner": N_("Iris scanner"),
    "signature_pad": N_("Signature pad"),
    "background_cloth": N_("Red and blue background cloth"),
    "lamp": N_("Lamp"),
    "batteries": N_("Batteries fully charged"),
    "generator": N_("Generator, fuel, extension cord"),
    "backup_medium": N_("Medium for the second copy"),
    "recovery_medium": N_("Restore medium, tried out"),
    "spare_cables": N_("Spare cables"),
    "lotion_alcohol": N_("Lotion, alcohol, tissues"),
    "printed_list": N_("Printed list per RT"),
    "home_visit_bag": N_("Bag for home visits"),
}
_GAPS: Mapping[Gap, str] = {
    Gap.UNMARKED: N_("not marked yet"),
    Gap.UNEXPLAINED: N_("present, not recorded, no reason given"),
    Gap.CONTRADICTED: N_("marked “{mark}”, but recorded on this trip"),
}
BRING = N_("Bring the original family card (KK) and the old KTP-el if there is one.")
FREE = N_("Recording is free of charge.")


def mark(which: Mark) -> Label:
    """A mark in a word."""
    return said(_MARKS[which])


def made(which: Made) -> Label:
    """What was made of somebody on the trip."""
    return said(_MADE[which])


def why_not(which: WhyNot) -> str:
    """Why somebody who came was not recorded."""
    return _(_WHY_NOT[which])


def kit(item: str) -> str:
    """Something to pack."""
    return _(_KIT[item])


def gap(point: OpenPoint) -> str:
    """Why this person keeps the trip open."""
    return _(_GAPS[point.gap]).format(mark=mark(point.person.mark).text)


def unit(text: str) -> str:
    """`RT 003/RW 001`."""
    rt, _slash, rw = text.partition("/")
    return f"RT {rt}/RW {rw}" if text else _("no RT")


def lack(missing: Missing) -> Label:
    """One missing thing as a sentence."""
    data = missing.data
    count = data.get("count")
    number = count if isinstance(count, int) else 0
    match missing.lack:
        case Lack.NO_LIST:
            return Label(_("There is no target list of this village. You can go; people are added by hand."), "bad")
        case Lack.LIST_EXPIRES:
            day = data["expires_at"]
            assert isinstance(day, datetime)
            text = _("The list expires on {day}, before the trip is over. Fetch it again.")
            return Label(text.format(day=shown.day(day)), "bad")
        case Lack.LIST_OLD:
            text = _("The list will be {days} days old. Fetch a newer one.")
            return Label(text.format(days=data["days"]), "warn")
        case Lack.LIST_NEWER:
            text = _("A newer list is here (version {version}). Saving takes it over.")
            return Label(text.format(version=data["version"]), "warn")
        case Lack.NOBODY_INVITED:
            return Label(_("Nobody is invited: everybody on the list is recorded, or no RT is chosen."), "warn")
        case Lack.NO_CREW:
            return Label(_("No crew is named yet."), "warn")
        case Lack.NO_PLACE:
            return Label(_("The place is not written down yet."), "warn")
        case Lack.KIT_OPEN:
            text = ngettext("{n} thing is not packed yet.", "{n} things are not packed yet.", number)
            return Label(text.format(n=number), "warn")
        case Lack.OUTBOX_WAITING:
            text = ngettext(
                "{n} packet waits to be sent. Send it before you leave.",
                "{n} packets wait to be sent. Send them before you leave.",
                number,
            )
            return Label(text.format(n=number), "warn")
        case Lack.OTHER_TRIP_OPEN:
            text = ngettext("{n} earlier trip is not closed yet.", "{n} earlier trips are not closed yet.", number)
            return Label(text.format(n=number), "warn")
