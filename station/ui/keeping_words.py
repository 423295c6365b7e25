"""The disk and what is kept on it, in words. Knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from station.desk.retention import Outlook, Run
from station.domain.disk import LEAST_DAYS, Forecast, Room, Takes
from station.domain.mark import N_
from station.domain.retention import DRAFT_DAYS, Draft, Hold, by_day
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.labels import Label

_HOLDS: dict[Hold, str] = {
    Hold.RECEIPT: N_("its receipt does not prove that central has exactly this file"),
    Hold.FILE: N_("its file cannot be read"),
    Hold.OPEN: N_("somebody works on this record, or central wants it again"),
}


def room_line(room: Room) -> str:
    """`38,2 GB of 252,0 GB free`."""
    return _("{free} of {total} free").format(free=shown.size(room.free), total=shown.size(room.total))


def forecast_line(found: Forecast) -> Label:
    """How long it lasts, and how that is known; or that it is not known yet."""
    if found.stopped:
        text = _("Less than {reserve} is free: nobody new is begun. Who has begun can be finished and saved.")
        return Label(text.format(reserve=shown.size(found.reserve)), "bad")
    if found.per_day is None:
        text = ngettext(
            "It is not known yet how many days it lasts: only {n} of {least} working days was measured.",
            "It is not known yet how many days it lasts: only {n} of {least} working days were measured.",
            found.measured_days,
        )
        return Label(text.format(n=found.measured_days, least=LEAST_DAYS), "off")
    if found.days is None:
        return Label(_("It does not fill up: as much goes as comes."), "ok")
    text = ngettext(
        "It lasts about {n} working day: {rate} a day, measured over the last {measured}.",
        "It lasts about {n} working days: {rate} a day, measured over the last {measured}.",
        int(found.days),
    )
    told = text.format(
        n=shown.thousands(int(found.days)), rate=shown.size(round(found.per_day)), measured=found.measured_days
    )
    return Label(told, found.tone.value)


def reserve_line(found: Forecast) -> str:
    return _("{reserve} stay free for what has begun.").format(reserve=shown.size(found.reserve))


def takes_lines(takes: Takes) -> list[tuple[str, str]]:
    """What takes room, with its size, largest first; what takes none is left out."""
    named = (
        (_("Packets not confirmed yet"), takes.unsent),
        (_("Packets that central has"), takes.received),
        (_("Packets of other stations"), takes.carried),
        (_("Target lists"), takes.lists),
        (_("Databases"), takes.databases),
        (_("Logs"), takes.logs),
        (_("Put aside for the technician"), takes.aside),
        (_("Put by for a full disk"), takes.last),
    )
    used = sorted((item for item in named if item[1]), key=lambda item: -item[1])
    return [(name, shown.size(size)) for name, size in used]


def rule_line(days: int) -> str:
    """What the rule is."""
    if days == 0:
        return _("Packets of finished records are deleted on the next day. Number, status and receipt stay.")
    text = ngettext(
        "Packets of finished records are deleted after {n} day. Number, status and receipt stay.",
        "Packets of finished records are deleted after {n} days. Number, status and receipt stay.",
        days,
    )
    return text.format(n=days)


def audit_line(years: int) -> str:
    text = ngettext(
        "The list of records and the audit trail are kept for {n} year; then an archivist decides.",
        "The list of records and the audit trail are kept for {n} years; then an archivist decides.",
        years,
    )
    return text.format(n=years)


def coming(found: Outlook) -> list[tuple[date, int]]:
    """How many packets go on which of the next days."""
    counted = found.counted
    if counted is None:
        return []
    return [(day, len(items)) for day, items in by_day(found.partings, counted).items()]


def coming_line(day: date, count: int) -> str:
    """`24-11-2026: 12 packets`."""
    return ngettext("{day}: {n} packet", "{day}: {n} packets", count).format(
        day=shown.day(day), n=shown.thousands(count)
    )


def nothing_line(found: Outlook) -> str:
    """Why nothing goes in the next days."""
    if found.counted is None:
        return _("Central has not told this station the time yet; until then nothing is deleted.")
    return _("Nothing will be deleted in the next 14 days.")


def done_line(done: Run) -> str:
    """What a run has done."""
    if not done.gone:
        return _("Nothing was deleted.")
    text = ngettext("{n} packet was deleted, {size}.", "{n} packets were deleted, {size}.", done.gone)
    return text.format(n=shown.thousands(done.gone), size=shown.size(done.gone_bytes))


def held_line(done: Run) -> str:
    """What stays although its days are over, and why; nothing when there is none."""
    if not done.held:
        return ""
    reasons = "; ".join(dict.fromkeys(_(_HOLDS[hold]) for _key, hold in done.held))
    text = ngettext("{n} packet stays: {reasons}.", "{n} packets stay: {reasons}.", len(done.held))
    return text.format(n=len(done.held), reasons=reasons)


def drafts_line(drafts: Sequence[Draft]) -> str:
    """`3 drafts were left for more than 10 days, 1 of them may be wiped`; nothing when there is none."""
    if not drafts:
        return ""
    over = sum(draft.over and draft.wipeable for draft in drafts)
    text = ngettext(
        "{n} draft was left for ten days or more. Somebody should finish it.",
        "{n} drafts were left for ten days or more. Somebody should finish them.",
        len(drafts),
    ).format(n=len(drafts))
    if not over:
        return text
    more = ngettext(
        "After {days} days {n} may be wiped, with a reason.", "After {days} days {n} may be wiped, with a reason.", over
    )
    return f"{text} {more.format(days=DRAFT_DAYS, n=over)}"


def purged_line(at: date, receipt_no: str) -> str:
    """What the page of a record says whose data are gone."""
    return _("The data were deleted by the rule on {day}; receipt {number}.").format(
        day=shown.day(at), number=receipt_no
    )
