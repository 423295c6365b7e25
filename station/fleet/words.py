"""What came of the runs, as a table that a head of service reads. Knows no drawing and plays nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from station.fleet.findings import LONGEST, MOST_CONTACTS_PER_S, Findings, days
from station.fleet.minimum import fair_drain_s
from station.fleet.plan import MIX, Plan, Policy
from station.i18n import _, language, ngettext
from station.ui import format as shown


def policy_name(policy: Policy) -> str:
    return {
        Policy.OURS: _("This program, paced"),
        Policy.NO_PACING: _("Without pacing, if central took it all"),
        Policy.PEER: _("Fixed schedule"),
    }[policy]


def heading(plan: Plan) -> list[str]:
    """What was played, and with which assumptions."""
    least = fair_drain_s(plan)
    return [
        ngettext(
            "{n} station, {records} records a day each, packets of {size} KB, central away for {days} days",
            "{n} stations, {records} records a day each, packets of {size} KB, central away for {days} days",
            plan.stations,
        ).format(
            n=shown.thousands(plan.stations),
            records=plain(plan.per_day),
            size=plain(plan.size / 1000),
            days=plain(plan.days),
        ),
        _("Waiting when central is back: {n} packets. Central admits {rate} packets a second.").format(
            n=shown.thousands(round(plan.backlog * plan.stations)), rate=plain(plan.admit_per_s)
        ),
        _("Physical minimum: {slow} days with the slowest line ({kbps} kbit/s), {fast} days with the fastest.").format(
            slow=_days(least[min(least)]), fast=_days(least[max(least)]), kbps=min(least)
        ),
        _("Lines assumed: {lines}").format(
            lines=", ".join(f"{kbps} kbit/s {share * 100:.0f} %" for kbps, share in MIX)
        ),
    ]


def table(found: Sequence[Findings]) -> list[str]:
    """One line for each policy under a line of heads, in columns."""
    heads = [
        _("How"),
        _("contacts/s"),
        _("packets/s"),
        _("last station through"),
        _("64 kbit/s ÷ 4 Mbit/s"),
        _("worst ÷ minimum"),
        _("goals"),
    ]
    rows = [heads, *(_row(one) for one in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return ["  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(one: Findings) -> list[str]:
    return [
        policy_name(one.policy),
        number(one.contacts_peak, 1),
        number(one.accepted_peak, 1),
        last_through(one),
        _ratio(one.fairness),
        _ratio(max(one.ratios)),
        _("all met") if one.held else _("missed: {names}").format(names=", ".join(missed(one))),
    ]


def last_through(one: Findings) -> str:
    """When the last station was through, or how many were not."""
    if one.not_through:
        return ngettext(
            "{n} station not after {days} days", "{n} stations not after {days} days", one.not_through
        ).format(n=shown.thousands(one.not_through), days=f"{one.plan.horizon_days:g}")
    return _("{days} days").format(days=_days(one.all_drained_s))


def missed(one: Findings) -> list[str]:
    """The goals that were missed, in words."""
    names = {
        "contacts": _("first contacts at most {n}/s in any ten seconds").format(n=f"{MOST_CONTACTS_PER_S:g}"),
        "admitted": _("never over the admitted rate"),
        "minimum": _("every station within {n} × its minimum").format(n=number(LONGEST)),
    }
    return [names[goal] for goal, met in one.goals.items() if not met]


def notes(one: Findings) -> list[str]:
    """What stands behind the figures of this program's own run."""
    ledger = one.ledger
    return [
        _("Contacts are the most in any ten seconds; the worst single second had {n}.").format(
            n=f"{ledger.contacts.peak():.0f}"
        ),
        _("Told to come again: {refused} of {asked} small questions. No record was sent to be turned away.").format(
            refused=shown.thousands(ledger.refused), asked=shown.thousands(ledger.asked)
        ),
        _("The longest that an answer to a whole packet was held: {n} s.").format(n=number(ledger.longest_hold_s, 1)),
    ]


def number(value: float, digits: int = 2) -> str:
    """As the language in use writes it; `–` for what has no end."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:,.{digits}f}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def plain(value: float) -> str:
    """With as many digits as it has, two at most."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def _days(seconds: float) -> str:
    return number(days(seconds))


def _ratio(value: float) -> str:
    return f"× {number(value)}" if math.isfinite(value) else "–"
