"""What came of the runs for machines: members are added, never taken away. Infinite is null."""

from __future__ import annotations

import math
from typing import Any

from station.fleet.findings import Findings
from station.fleet.minimum import fair_drain_s


def plain_findings(one: Findings) -> dict[str, Any]:
    """Times are in seconds after central's return."""
    plan, ledger, least = one.plan, one.ledger, fair_drain_s(one.plan)
    return {
        "policy": one.policy.value,
        "stations": plan.stations,
        "days": plan.days,
        "per_day": plan.per_day,
        "packet_bytes": plan.size,
        "admit_per_s": plan.admit_per_s,
        "seed": plan.seed,
        "contacts_peak_per_s": one.contacts_peak,
        "contacts_worst_second": ledger.contacts.peak(),
        "arrived_peak_per_s": ledger.arrived.peak(),
        "accepted_peak_per_s": one.accepted_peak,
        "drained_s": _finite(one.all_drained_s),
        "not_through": one.not_through,
        "slow_over_fast": _finite(one.fairness),
        "worst_over_minimum": _finite(max(one.ratios)),
        "asked": ledger.asked,
        "refused": ledger.refused,
        "longest_hold_s": ledger.longest_hold_s,
        "lines": [
            {"kbps": kbps, "median_s": _finite(took), "minimum_s": _finite(least[kbps])}
            for kbps, took in one.by_line.items()
        ],
        "goals": one.goals,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
