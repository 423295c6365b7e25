"""How long a packet stays here once central has finished with its record, and what keeps it longer. Pure rules.

Must not know where anything is kept, nor how a receipt is proved: whoever asks has proved it a moment ago.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from station.domain.clocks import Check
from station.domain.policy import BOUNDS
from station.domain.record import RecordKey

FINAL = frozenset({"PRINT_READY_RECORD", "SENT_FOR_CARD_PRINTING", "CARD_PRINTED", "CARD_SHIPPED", "CARD_ISSUED"})
"""Codes after which central never asks for the packet again: one person, one record, the card may be printed.

Written exactly so. A duplicate, an examination, every failure and every code that is not known here is no decision yet:
the cure for those is to send the packet once more, so it stays.
"""
NOTICE = timedelta(days=1)
"""What will be destroyed is shown for so long before."""
SHOWN_DAYS = 14
LONGEST_DAYS = BOUNDS["retention_days"][1]
"""Also for somebody who is to come again for a finger or an eye: that visit needs what was sealed before."""
DRAFT_WARNED_DAYS, DRAFT_DAYS = 10, 14
"""A draft that nobody has touched for so long is asked about, and may be wiped by a person, with a reason."""


class Hold(StrEnum):
    """Why a packet that central has finished with stays all the same."""

    RECEIPT = "receipt"  # the receipt does not prove, today, that central has exactly this file
    FILE = "file"  # the file here cannot be read, or is not what was sealed
    OPEN = "open"  # somebody works on this record: a draft, a correction, a packet that is not confirmed yet


@dataclass(frozen=True)
class Parting:
    """A packet that central has finished with. `due_at` is when its days are over; `held` why it stays beyond them."""

    key: RecordKey
    size: int
    receipt_no: str
    final_at: datetime
    due_at: datetime
    announced_at: datetime | None = None
    begun: bool = False
    """Its identity is destroyed already: the power went out in the middle."""
    held: Hold | None = None

    def may_go(self, counted: datetime) -> bool:
        """Whether it may be destroyed by itself at `counted`: its days are over, and it was shown for a day before."""
        if self.held is not None:
            return False
        shown = self.announced_at is not None and self.announced_at + NOTICE <= counted
        return self.begun or (self.due_at <= counted and shown)

    def may_go_now(self, counted: datetime) -> bool:
        """Whether a person may destroy it before its hour: its days are over."""
        return self.held is None and (self.begun or self.due_at <= counted)

    def goes_at(self, counted: datetime) -> datetime:
        """When it goes by itself, as far as is known now."""
        shown = (self.announced_at or counted) + NOTICE
        return max(self.due_at, shown)


@dataclass(frozen=True)
class Draft:
    """A draft that nobody has touched for long. `wipeable` when it was never sealed: nobody else knows of it."""

    record_id: str
    registration_no: str
    name: str
    nik: str
    untouched_days: int
    wipeable: bool

    @property
    def over(self) -> bool:
        """Its days are over: it may be wiped."""
        return self.untouched_days >= DRAFT_DAYS


def counted_time(now: datetime, check: Check | None, confirmed_at: datetime | None) -> datetime | None:
    """The time by which days are counted; None while central has never said what time it is.

    Both clocks must agree that the days are over: this computer's, and the last one that central has signed, in a
    hello or on a receipt. A clock that jumped, here or there, destroys nothing; without central no day goes by.
    """
    signed = [moment for moment in (check.true_time if check else None, confirmed_at) if moment is not None]
    return min(now, max(signed)) if signed else None


def due_at(final_at: datetime, days: int) -> datetime:
    """When a packet goes whose record central finished with at `final_at`."""
    return final_at + timedelta(days=min(max(days, 0), LONGEST_DAYS))


def by_day(partings: Iterable[Parting], counted: datetime) -> dict[date, tuple[Parting, ...]]:
    """What goes on each of the next `SHOWN_DAYS` days of this computer's calendar, the first day first."""
    days: dict[date, tuple[Parting, ...]] = {}
    for item in partings:
        at = item.goes_at(counted)
        if item.held is None and at <= counted + timedelta(days=SHOWN_DAYS):
            day = max(at, counted).astimezone().date()
            days[day] = (*days.get(day, ()), item)
    return dict(sorted(days.items()))
