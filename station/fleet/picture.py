"""The runs as one page: who came when, what central had to do, and how soon everybody was through."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from station.fleet import words
from station.fleet.findings import MOST_CONTACTS_PER_S, Findings
from station.fleet.frame import Frame, Scale
from station.fleet.ledger import Seconds
from station.fleet.minimum import fair_drain_s
from station.fleet.page import MARGIN, QUIET, Page, begin
from station.fleet.plan import DAY_S, Policy
from station.i18n import _
from station.ui import format as shown
from station.ui.theme import LIGHT

COLOURS = {Policy.OURS: LIGHT.brand, Policy.NO_PACING: LIGHT.warn, Policy.PEER: LIGHT.bad}
GOAL = LIGHT.ok
_TOP, _HIGH, _BETWEEN, _FOOT = 124.0, 250.0, 26.0, 50.0
_HOUR_MIN = 60
_DAYS_STEPS = (0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)


def draw(found: Sequence[Findings], path: Path) -> None:
    """`found`: one run for each policy, all of one plan. StoreError as `write_file`."""
    qt = begin()
    page = Page(_TOP + 3 * (_HIGH + _BETWEEN) + _FOOT)
    plan = found[0].plan
    page.text(MARGIN, 44, _("All stations come back"), 22, strong=True)
    for line, text in enumerate(words.heading(plan)[:2]):
        page.text(MARGIN, 66 + 18 * line, text, 12.5, colour=QUIET)
    _legend(page, found)
    span = _span_days(found)
    for place, one in enumerate((_contacts, _packets, _through)):
        one(page, _TOP + place * (_HIGH + _BETWEEN), found, span)
    bottom = _TOP + 3 * (_HIGH + _BETWEEN)
    page.text(MARGIN, bottom + 22, words.heading(plan)[3], 11, colour=QUIET)
    page.save(path)
    del qt


def _legend(page: Page, found: Sequence[Findings]) -> None:
    x = MARGIN
    for one in found:
        page.line([(x, 104), (x + 22, 104)], COLOURS[one.policy], 3)
        x = page.text(x + 30, 108, words.policy_name(one.policy), 12.5, strong=True) + 26


def _contacts(page: Page, top: float, found: Sequence[Findings], _span: float) -> None:
    """The first hour, by ten seconds."""
    curves = {one.policy: one.ledger.contacts.means(10) for one in found}
    highest = max([2 * MOST_CONTACTS_PER_S, *(max(curve, default=0) for curve in curves.values())])
    across = Scale(0, _HOUR_MIN, [(minute, str(minute)) for minute in range(0, _HOUR_MIN + 1, 10)])
    frame = Frame(page, top, _HIGH, across, _even(highest))
    frame.head(
        _("Stations that look for central, in each second"),
        _("First contacts after central is back. A crowd at the door makes it close again."),
    )
    frame.grid(_("minutes after central is back"))
    for policy, means in reversed(curves.items()):
        padded = [*means, *([0.0] * max(0, _HOUR_MIN * 6 + 1 - len(means)))]
        frame.curve([(place / 6, value) for place, value in enumerate(padded)], COLOURS[policy])
    frame.level(MOST_CONTACTS_PER_S, _("goal: at most {n}").format(n=f"{MOST_CONTACTS_PER_S:g}"), GOAL)


def _packets(page: Page, top: float, found: Sequence[Findings], span: float) -> None:
    admitted = found[0].plan.admit_per_s
    highest = 10 ** math.ceil(math.log10(max(2 * admitted, *(one.accepted_peak for one in found))))
    low = min(1.0, 10 ** math.floor(math.log10(admitted / 10)))
    powers = range(round(math.log10(low)), round(math.log10(highest)) + 1)
    up = Scale(low, highest, [(10.0**power, words.number(10.0**power, max(0, -power))) for power in powers], True)
    frame = Frame(page, top, _HIGH, _days_scale(span), up)
    frame.head(
        _("Packets that central accepts, in each second"),
        _("Each line upwards is ten times as much. Above the dashed line central has more to do than it can."),
    )
    frame.grid(_("days after central is back"))
    for one in reversed(found):
        frame.curve(_by_day(one.ledger.accepted, span), COLOURS[one.policy])
    frame.level(admitted, _("admitted: {n}").format(n=words.plain(admitted)), GOAL)


def _through(page: Page, top: float, found: Sequence[Findings], span: float) -> None:
    plan = found[0].plan
    up = Scale(0, 100, [(part, f"{part} %") for part in (0, 25, 50, 75, 100)])
    frame = Frame(page, top, _HIGH, _days_scale(span), up)
    frame.head(
        _("Stations whose records are all at central"),
        _("The dashed line is the physical minimum: lines and central used without a pause, shared fairly."),
    )
    frame.grid(_("days after central is back"))
    least = [took for took in fair_drain_s(plan).values() if math.isfinite(took)]
    if least and max(least) < span * DAY_S:
        day = max(least) / DAY_S
        frame.moment(day, _("physical minimum {days} days").format(days=words.number(day)))
    for one in reversed(found):
        done = sorted(one.drained)
        days = [span * step / 400 for step in range(401)]
        frame.curve([(day, 100 * bisect_right(done, day * DAY_S) / len(done)) for day in days], COLOURS[one.policy])


def _span_days(found: Sequence[Findings]) -> float:
    """So much is shown: a good bit more than the longest drain that ended, or than the minimum."""
    least = [took for took in fair_drain_s(found[0].plan).values() if math.isfinite(took)]
    longest = [max((took for took in one.drained if math.isfinite(took)), default=0.0) for one in found[:2]]
    return 1.35 * max([*least, *longest]) / DAY_S


def _days_scale(span: float) -> Scale:
    step = next((step for step in _DAYS_STEPS if span / step <= 9), 30)
    ticks = [step * count for count in range(int(span / step) + 1)]
    return Scale(0, span, [(tick, words.plain(tick)) for tick in ticks])


def _even(highest: float) -> Scale:
    step = next(step for step in (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 10**6) if highest / step <= 6)
    top = step * math.ceil(highest / step)
    return Scale(0, top, [(tick, shown.thousands(tick)) for tick in range(0, top + 1, step)])


def _by_day(seconds: Seconds, span: float) -> list[tuple[float, float]]:
    """Averages of a few minutes, in days; a peak that is shorter is told by the table."""
    over_s = max(10, int(span * DAY_S / 600))
    return [(place * over_s / DAY_S, value) for place, value in enumerate(seconds.means(over_s))]
