"""Faults of devices: what is reported, by whom, how long it has been open, and what was done about it. Knows no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FINE_DAYS, LATE_DAYS, SHAMEFUL_DAYS = 7, 30, 90


class Fault(StrEnum):
    """What somebody, or the program itself, reports of a device. Codes, so that nothing personal can be written."""

    DEAD = "dead"
    DROPS_OUT = "drops_out"
    POOR_PICTURE = "poor_picture"
    DIRTY_GLASS = "dirty_glass"
    CABLE = "cable"
    BROKEN_HOUSING = "broken_housing"
    SLOW = "slow"
    GONE = "gone"
    OFTEN_FAILS = "often_fails"
    FAILED_TEST = "failed_test"
    NOT_SEEN = "not_seen"


REPORTED = tuple(fault for fault in Fault if fault not in (Fault.OFTEN_FAILS, Fault.FAILED_TEST, Fault.NOT_SEEN))
"""What a person can say; the others only the program can count."""


class Remedy(StrEnum):
    """What was done about a fault when its ticket was closed."""

    CLEANED = "cleaned"
    CABLE = "cable"
    RESTARTED = "restarted"
    REPAIRED = "repaired"
    REPLACED = "replaced"
    NOT_HERE = "not_here"
    NOTHING_FOUND = "nothing_found"
    BY_ITSELF = "by_itself"


DONE = tuple(remedy for remedy in Remedy if remedy is not Remedy.BY_ITSELF)
"""What a person can say; that it works again by itself only the program can see."""


@dataclass(frozen=True)
class Ticket:
    """Something is wrong with a device until somebody closes it."""

    number: int
    device_id: str
    opened_at: datetime
    fault: Fault
    by_trend: bool = False
    """The program noticed it by itself."""
    closed_at: datetime | None = None
    remedy: Remedy | None = None

    def days(self, now: datetime) -> int:
        """How long it has been open, or was."""
        return max(0, ((self.closed_at or now) - self.opened_at) // timedelta(days=1))

    def tone(self, now: datetime) -> str:
        """`fresh`, then `late` after 7 days, `bad` after 30, `black` after 90."""
        days = self.days(now)
        if days >= SHAMEFUL_DAYS:
            return "black"
        if days >= LATE_DAYS:
            return "bad"
        return "late" if days >= FINE_DAYS else "fresh"
