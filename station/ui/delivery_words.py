"""The facts of the top strip in words: link, what waits, how long the disk lasts. Knows no widget."""

from __future__ import annotations

from datetime import datetime

from station.domain.delivery import Counts, Link, LinkState, Progress
from station.domain.disk import AMBER_DAYS, RED_DAYS
from station.domain.isolation import WARNED_AT_DAYS, warned_at
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.labels import Label
from station.ui.link_words import link_label

_MANY_DAYS = 999


def link_fact(link: Link, now: datetime) -> Label:
    """`No network · since 08.12`."""
    label = link_label(link)
    if link.state is LinkState.UNKNOWN:
        return label
    return Label(f"{label.text} · {shown.since(link.since, now)}", label.tone)


def next_try(link: Link, now: datetime) -> str:
    """`next try in 47 s`, or nothing when none is planned."""
    if link.up or link.next_try_at is None or link.next_try_at <= now:
        return ""
    return _("next try in {span}").format(span=shown.span(link.next_try_at - now))


def under_way(link: Link, counts: Counts, progress: Progress) -> int:
    """How many packets of this station move at this moment: what was sent in part and stands still is waiting."""
    return min(counts.waiting, 1) if link.up and progress.key is not None else 0


def waiting_fact(counts: Counts) -> Label:
    """`23 waiting · 6,4 MB`."""
    if not counts.waiting:
        return Label(_("Nothing waiting"), "ok")
    text = ngettext("{n} waiting to be sent", "{n} waiting to be sent", counts.waiting)
    return Label(f"{text.format(n=shown.thousands(counts.waiting))} · {shown.size(counts.waiting_bytes)}", "warn")


def repair_fact(counts: Counts) -> Label:
    """`2 need attention`: refused by central or on hold; nothing when there is none."""
    troubled = counts.rejected + counts.parked
    if not troubled:
        return Label("", "off")
    text = ngettext("{n} needs repair", "{n} need repair", troubled)
    return Label(text.format(n=shown.thousands(troubled)), "bad")


def notice_fact(unread: int) -> Label:
    """`1 new notice`: central has told something that nobody here has read; nothing when there is none."""
    if not unread:
        return Label("", "off")
    return Label(ngettext("{n} new notice", "{n} new notices", unread).format(n=unread), "brand")


def alone_fact(days: int) -> Label:
    """`14 days without central`, from the first warning on; nothing before."""
    mark = warned_at(days)
    if not mark:
        return Label("", "off")
    tone = "bad" if mark == WARNED_AT_DAYS[-1] else "warn"
    return Label(ngettext("{n} day without central", "{n} days without central", days).format(n=days), tone)


def alone_remedy(counts: Counts) -> str:
    """What to do about it, and what need not worry anybody."""
    if not counts.waiting:
        return _("Recording goes on and nothing is lost. News and policy of central are old; look for a line.")
    text = ngettext(
        "Recording goes on and nothing is lost. {n} packet waits: take it to central by stick, under Delivery.",
        "Recording goes on and nothing is lost. {n} packets wait: take them to central by stick, under Delivery.",
        counts.waiting,
    )
    return text.format(n=shown.thousands(counts.waiting))


def disk_fact(days: float | None) -> Label:
    """`Disk lasts 41 days`; nothing while it is not known."""
    if days is None:
        return Label("", "off")
    if days <= 0:
        return Label(_("Disk full: nobody new"), "bad")
    whole = int(days)
    if whole > _MANY_DAYS:
        return Label(_("Disk has plenty of room"), "off")
    tone = "bad" if days <= RED_DAYS else "warn" if days <= AMBER_DAYS else "off"
    return Label(ngettext("Disk lasts {n} day", "Disk lasts {n} days", whole).format(n=whole), tone)
