"""The physical minimum: how soon each station could be through if everything flowed, without a wait and without a word.

A fluid, shared max-min fairly: every station gets the same part of what central admits, or what its line carries when
that is less; what the slow leave is shared by the others; who is through takes only what it records. It knows nothing
of the simulated stations, of backoff or of admission: it is what they are measured by.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from station.fleet.plan import Plan


@dataclass
class _Group:
    rate: float
    stations: int
    left: float


def fair_drain_s(plan: Plan) -> dict[int, float]:
    """Line in kbit/s → seconds until a station with it is through; math.inf when it records more than that carries."""
    groups = {
        kbps: _Group(1 / plan.packet_s(kbps), stations, plan.backlog)
        for kbps, stations in Counter(plan.lines()).items()
    }
    found: dict[int, float] = {}
    second = 0.0
    while len(found) < len(groups):
        waiting = {kbps: group for kbps, group in groups.items() if kbps not in found}
        through = sum(groups[kbps].stations for kbps in found)
        level = _level(list(waiting.values()), plan.admit_per_s - through * plan.live_per_s)
        nets = {kbps: min(group.rate, level) - plan.live_per_s for kbps, group in waiting.items()}
        lasts = {kbps: waiting[kbps].left / net if net > 0 else math.inf for kbps, net in nets.items()}
        step_s = min(lasts.values())
        second += step_s
        for kbps, group in waiting.items():
            if math.isinf(step_s) or lasts[kbps] <= step_s * (1 + 1e-9):
                found[kbps] = second
            else:
                group.left -= nets[kbps] * step_s
    return found


def _level(groups: list[_Group], capacity: float) -> float:
    """Packets a second that each station may send at most, so that all together send `capacity`."""
    left, stations = capacity, sum(group.stations for group in groups)
    for group in sorted(groups, key=lambda one: one.rate):
        share = left / stations
        if group.rate >= share:
            return share
        left -= group.rate * group.stations
        stations -= group.stations
    return math.inf
