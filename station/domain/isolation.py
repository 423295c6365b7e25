"""How long this station has been without central, and when somebody is warned of it. Must not know why."""

from __future__ import annotations

from datetime import datetime

from station.domain.delivery import Link

WARNED_AT_DAYS = (7, 14, 30)
"""The later, the louder. Nothing ends with any of them: a station works alone for as long as it must."""


def days_alone(link: Link, oldest_waiting_at: datetime | None, now: datetime) -> int:
    """Whole days since central was last reached; of a station that never was, since its oldest packet waits."""
    since = link.last_good_at or oldest_waiting_at
    return 0 if link.up or since is None else max(0, (now - since).days)


def warned_at(days: int) -> int:
    """Which of the warnings holds; 0 for none."""
    return max((mark for mark in WARNED_AT_DAYS if days >= mark), default=0)
