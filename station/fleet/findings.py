"""What came of one run: peaks, how long it took, how fair it was, and whether the goals were met. Knows no words."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from station.fleet.ledger import Ledger
from station.fleet.minimum import fair_drain_s
from station.fleet.plan import DAY_S, Plan, Policy

MOST_CONTACTS_PER_S = 10.0
CONTACTS_OVER_S = 10
"""First contacts are counted over ten seconds: the goal is what a door can bear, not one unlucky second."""
LONGEST = 1.15
"""No station takes so many times its physical minimum."""
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Findings:
    """Times in seconds after central's return; math.inf for a station that was not through at the horizon."""

    plan: Plan
    policy: Policy
    ledger: Ledger

    @cached_property
    def contacts_peak(self) -> float:
        """Most first contacts a second, over ten seconds."""
        return self.ledger.contacts.peak(CONTACTS_OVER_S)

    @cached_property
    def accepted_peak(self) -> float:
        """Most packets accepted in any one second."""
        return self.ledger.accepted.peak()

    @cached_property
    def drained(self) -> list[float]:
        """Of each station, the slowest lines first."""
        return [self.ledger.drained.get(number, math.inf) for number in range(self.plan.stations)]

    @cached_property
    def ratios(self) -> list[float]:
        """How many times its physical minimum each station took."""
        minimum = fair_drain_s(self.plan)
        pairs = zip(self.drained, self.plan.lines(), strict=True)
        return [1.0 if math.isinf(minimum[kbps]) else took / minimum[kbps] for took, kbps in pairs]

    @cached_property
    def by_line(self) -> dict[int, float]:
        """Line in kbit/s → median time of its stations."""
        times: dict[int, list[float]] = defaultdict(list)
        for took, kbps in zip(self.drained, self.plan.lines(), strict=True):
            times[kbps].append(took)
        return {kbps: median(found) for kbps, found in times.items()}

    @property
    def all_drained_s(self) -> float:
        return max(self.drained)

    @property
    def not_through(self) -> int:
        return sum(math.isinf(took) for took in self.drained)

    @property
    def fairness(self) -> float:
        """How many times longer the slowest lines take than the fastest (medians)."""
        slowest, fastest = self.by_line[min(self.by_line)], self.by_line[max(self.by_line)]
        return math.inf if math.isinf(slowest) or math.isinf(fastest) else slowest / fastest

    @property
    def goals(self) -> dict[str, bool]:
        """Which of the promises held."""
        return {
            "contacts": self.contacts_peak <= MOST_CONTACTS_PER_S,
            "admitted": self.accepted_peak <= self.plan.admit_per_s + _ROUNDING,
            "minimum": not self.not_through and max(self.ratios) <= LONGEST,
        }

    @property
    def held(self) -> bool:
        return all(self.goals.values())


def days(seconds: float) -> float:
    return seconds / DAY_S
