"""Whose turn it is: being called by number, before others only for a reason, and what a day of the queue was.

Must not know how people wait or where it is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

LEAST_WORDS = 5
"""Letters of a reason in own words: a full stop is no reason."""
MAX_WORDS = 200


class Why(StrEnum):
    """For what somebody may be called before others. The values are a promise to scripts."""

    ELDERLY = "lansia"
    DISABILITY = "disabilitas"
    PREGNANT = "hamil"  # or with a baby
    NO_ANSWER = "dilewati"  # those before were called and did not come
    OTHER = "lain"  # in own words


@dataclass(frozen=True)
class Because:
    """The reason that was given, if any."""

    why: Why | None = None
    words: str = ""

    @property
    def holds(self) -> bool:
        """Something was chosen, and own words say something."""
        enough = sum(char.isalpha() for char in self.words) >= LEAST_WORDS
        return self.why is not None and (self.why is not Why.OTHER or enough)


NO_REASON = Because()


@dataclass(frozen=True)
class Turn:
    """How somebody stands in the queue: their number (0 when they have none of today), how many of today wait before
    them, and the number of the first of those (0 when nobody does).
    """

    ticket: int
    ahead: int
    first: int

    @property
    def is_theirs(self) -> bool:
        return self.ahead == 0


class Jump(StrEnum):
    """In which way the order was left, or was to be left."""

    CALLED = "called"  # before others, for a reason
    REFUSED = "refused"  # tried without one
    NO_NUMBER = "no_number"  # recorded without ever standing in the queue, while others waited


@dataclass(frozen=True)
class OutOfTurn:
    """One line of the report. `ahead` people waited before; `first` was the number whose turn it was."""

    at: datetime
    operator_id: str
    jump: Jump
    ticket: int
    first: int
    ahead: int
    because: Because = NO_REASON


@dataclass(frozen=True)
class QueueDay:
    """The queue of one local day: numbers given out, people called in, and every time the order was left."""

    day: date
    given: int
    called: int
    lines: tuple[OutOfTurn, ...]

    def count(self, jump: Jump) -> int:
        return sum(line.jump is jump for line in self.lines)

    @property
    def in_turn(self) -> int:
        """Called when it was their turn."""
        return max(0, self.called - self.count(Jump.CALLED))
