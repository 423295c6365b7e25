"""How long the disk lasts, measured and not guessed, and from when on nothing new is begun on it. Pure rules.

Must not know how a disk is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

MIB = 1024 * 1024
MEASURED_DAYS = 14
"""Working days of which the use is measured: days on which something was sealed here."""
LEAST_DAYS = 3
"""With fewer of them nothing is foretold: one busy morning is no measure."""
AMBER_DAYS, RED_DAYS = 14, 3
RESERVE_PART = 0.05
"""Of a small disk: two of 32 gigabytes kept free would be a tenth of an old tablet for nothing."""


class Tone(StrEnum):
    """How urgent it is."""

    CALM = "off"
    AMBER = "warn"
    RED = "bad"


@dataclass(frozen=True)
class Room:
    """Bytes of the disk that holds the data folder."""

    total: int
    free: int


@dataclass(frozen=True)
class DayUse:
    """What one working day has put on the disk as packets."""

    day: date
    sealed: int


@dataclass(frozen=True)
class Forecast:
    """How long it lasts. `per_day` is what a working day adds in bytes, None while too few were measured."""

    room: Room
    reserve: int
    measured_days: int = 0
    per_day: float | None = None

    @property
    def spare(self) -> int:
        """Bytes until nothing new is begun; 0 when that is so already."""
        return max(0, self.room.free - self.reserve)

    @property
    def stopped(self) -> bool:
        """Nobody new may be begun."""
        return self.room.free < self.reserve

    @property
    def days(self) -> float | None:
        """Working days until nothing new is begun; None while it is not known, or when nothing grows."""
        if self.stopped:
            return 0.0
        return self.spare / self.per_day if self.per_day else None

    @property
    def tone(self) -> Tone:
        """Red from three days on, amber from fourteen."""
        if self.stopped or (self.days is not None and self.days <= RED_DAYS):
            return Tone.RED
        return Tone.AMBER if self.days is not None and self.days <= AMBER_DAYS else Tone.CALM


@dataclass(frozen=True)
class Takes:
    """What takes the room, in bytes."""

    unsent: int = 0
    received: int = 0
    carried: int = 0
    lists: int = 0
    databases: int = 0
    logs: int = 0
    aside: int = 0
    last: int = 0
    """Preallocated, and let go when the disk is full in the middle of a sealing."""


@dataclass(frozen=True)
class Aside:
    """Something that was put aside when it was found broken, or replaced."""

    path: Path
    size: int
    at: datetime


def reserve_of(total: int, wanted: int) -> int:
    """What stays free on a disk of so many bytes."""
    return min(wanted, int(total * RESERVE_PART))


def daily_use(days: Sequence[DayUse], purged: int, others: Mapping[date, int]) -> float | None:
    """What a working day adds, in bytes; None with fewer than `LEAST_DAYS` of them.

    `purged` is what retention took away in the same time. `others` are the sizes of databases and lists as they were
    on some days: their growth is shared among the days that were worked in between.
    """
    if len(days) < LEAST_DAYS:
        return None
    packets = (sum(day.sealed for day in days) - purged) / len(days)
    return max(0.0, packets + _growth([day.day for day in days], others))


def _growth(worked: Sequence[date], sizes: Mapping[date, int]) -> float:
    known = sorted(day for day in sizes if day >= min(worked))
    if len(known) < 2:
        return 0.0
    first, last = known[0], known[-1]
    between = sum(first < day <= last for day in worked) or 1
    return (sizes[last] - sizes[first]) / between
