"""A computer clock that jumped: somebody set it, a battery on the board is empty, or the system put it right.

Must not know where time comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST = timedelta(minutes=1)
"""Less is a clock that is being put right a little, as every day."""


@dataclass(frozen=True)
class Jump:
    """`at` is what the clock read after it, `by` how far it went (negative: back). `off`: while the program was off, of
    which only going back can be known, and no less than this.
    """

    at: datetime
    by: timedelta
    off: bool = False


def jump(before: datetime, now: datetime, passed: timedelta) -> Jump | None:
    """What a clock did that read `before` and, after `passed` of steady time, reads `now`."""
    by = now - before - passed
    return Jump(now, by) if abs(by) >= LEAST else None


def jump_while_off(seen: datetime | None, now: datetime) -> Jump | None:
    """A clock that reads earlier than it was ever seen to read has gone back."""
    if seen is None or seen - now < LEAST:
        return None
    return Jump(now, now - seen, off=True)
