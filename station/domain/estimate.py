"""How long it takes until everything is sent, at a measured rate and under this station's own speed rules.

Knows nothing of how a rate is measured, and promises nothing: lines change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from station.domain.speed import SpeedRules

LONGEST = timedelta(days=30)
_BYTES_PER_KBIT = 125
"""A kilobit of a thousand bits."""


@dataclass(frozen=True)
class Estimate:
    """`takes` is None when nothing was measured yet, or when the rules leave no time to send in."""

    waiting_bytes: int
    rate_bps: float
    takes: timedelta | None
    as_of: datetime

    @property
    def measured(self) -> bool:
        """True when a rate is known at all."""
        return self.rate_bps > 0


def estimate(waiting_bytes: int, rate_bps: float, rules: SpeedRules, now: datetime) -> Estimate:
    """`rate_bps` is in bytes per second while sending, 0 when nobody has measured; `now` with its zone."""
    known = rate_bps > 0 and waiting_bytes > 0
    takes = time_to_send(waiting_bytes, rate_bps, rules, now.astimezone()) if known else None
    return Estimate(waiting_bytes, rate_bps, takes, now)


def time_to_send(waiting_bytes: int, rate_bps: float, rules: SpeedRules, start: datetime) -> timedelta | None:
    """From local `start` to the last byte, caps and hours kept; None when it would take longer than LONGEST."""
    at, left = start, float(waiting_bytes)
    while at - start < LONGEST:
        until = _next_change(rules, at)
        cap = rules.cap_kbps(at.time())
        speed = rate_bps if cap is None else min(rate_bps, cap * _BYTES_PER_KBIT)
        if speed > 0 and (until is None or left / speed <= (until - at).total_seconds()):
            takes = at - start + timedelta(seconds=min(left / speed, 2 * LONGEST.total_seconds()))
            return takes if takes <= LONGEST else None
        if until is None:
            return None
        left -= speed * (until - at).total_seconds()
        at = until
    return None


def _next_change(rules: SpeedRules, at: datetime) -> datetime | None:
    """When a window of the rules next begins or ends; None without windows."""
    edges = {edge for window in rules.windows for edge in (window.start, window.end)}
    return min((_next(edge, at) for edge in edges), default=None)


def _next(edge: time, at: datetime) -> datetime:
    today = at.replace(hour=edge.hour, minute=edge.minute, second=edge.second, microsecond=0)
    return today if today > at else today + timedelta(days=1)
