"""The five numbers of the panel with their remarks. Reads nothing itself."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.desk.panel import Panel
from station.domain.delivery import Counts, Link, Progress
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.delivery_words import under_way
from station.ui.widgets.counter_card import CounterCard


class Counters(QWidget):
    """`show_counts` with the numbers, what moves now, and the rest of the picture once it was read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = {
            "queued": CounterCard("sync.count.queued", _("Waiting to be sent")),
            "sending": CounterCard("sync.count.sending", _("Being sent"), "brand"),
            "receipted": CounterCard("sync.count.receipted", _("With receipt"), "ok"),
            "repair": CounterCard("sync.count.repair", _("Needs repair"), "bad"),
            "print_ready": CounterCard("sync.count.print_ready", _("Ready to print (PRR)")),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for card in self._cards.values():
            row.addWidget(card, 1)

    def show_counts(self, counts: Counts, link: Link, progress: Progress, panel: Panel | None) -> None:
        """The numbers and their remarks. What is being sent waits too, until central has confirmed it."""
        cards = self._cards
        moving = under_way(link, counts, progress)
        cards["queued"].show_number(counts.waiting, _waiting(counts), _about_carried(counts))
        cards["sending"].show_number(moving, shown.rate(progress.rate_bps) if moving and progress.rate_bps else "")
        today = _("today {n}").format(n=shown.thousands(counts.receipted_today))
        cards["receipted"].show_number(counts.receipted, today)
        cards["repair"].show_number(counts.rejected + counts.parked, _troubled(counts))
        cards["print_ready"].show_number(counts.print_ready, _printing(counts, panel))


def _waiting(counts: Counts) -> str:
    parts = [shown.size(counts.waiting_bytes)] if counts.waiting else []
    if counts.carried:
        carried = ngettext("{n} for others", "{n} for others", counts.carried)
        parts.append(carried.format(n=shown.thousands(counts.carried)))
    return " · ".join(parts)


def _about_carried(counts: Counts) -> str:
    """What the short word beside the number means."""
    if not counts.carried:
        return ""
    text = ngettext("{n} carried for other stations, {size}", "{n} carried for other stations, {size}", counts.carried)
    return text.format(n=shown.thousands(counts.carried), size=shown.size(counts.carried_bytes))


def _troubled(counts: Counts) -> str:
    """How many only need a press of a button, and how many were voided for good."""
    parts = []
    if counts.parked:
        parts.append(ngettext("{n} on hold", "{n} on hold", counts.parked).format(n=counts.parked))
    if counts.voided:
        parts.append(ngettext("{n} voided", "{n} voided", counts.voided).format(n=counts.voided))
    return " · ".join(parts)


def _printing(counts: Counts, panel: Panel | None) -> str:
    """Who is ready but too young, and with what the others can be printed."""
    later = ngettext("{n} at the 17th birthday", "{n} at their 17th birthdays", counts.print_later)
    young = later.format(n=shown.thousands(counts.print_later)) if counts.print_later else ""
    return " · ".join(part for part in (young, _blanks(panel)) if part)


def _blanks(panel: Panel | None) -> str:
    if panel is None or panel.stock is None:
        return ""
    blanks = panel.stock.blanks
    return ngettext("{n} blank card left", "{n} blank cards left", blanks).format(n=shown.thousands(blanks))
