"""The last 24 hours of the link as stretches a person can take in: connected, slow, cut, or not known.

Knows nothing of bytes, and of no widget.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from station.domain.delivery import LinkState

DAY = timedelta(hours=24)


class Way(StrEnum):
    """What the way to central was like."""

    CONNECTED = "connected"
    SLOW = "slow"
    CUT = "cut"
    UNKNOWN = "unknown"  # before the first try


@dataclass(frozen=True)
class Stretch:
    """One way from `start` to `end`."""

    way: Way
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


_WAYS = {"good": Way.CONNECTED, "slow": Way.SLOW, "busy": Way.SLOW, "unknown": Way.UNKNOWN}
"""By the state's own word; whatever else it is, nothing gets through."""


def way_of(state: LinkState) -> Way:
    """The way that belongs to a state of the link."""
    return _WAYS.get(state.value, Way.CUT)


def stretches(history: Sequence[tuple[datetime, LinkState]], now: datetime) -> tuple[Stretch, ...]:
    """The 24 hours before `now`, oldest first and without a gap. `history` holds changes, newest first."""
    start, end = now - DAY, now
    found: list[Stretch] = []
    for at, state in history:
        begins = max(at, start)
        if begins < end:
            found.append(Stretch(way_of(state), begins, end))
            end = begins
        if at <= start:
            break
    if end > start:
        found.append(Stretch(Way.UNKNOWN, start, end))
    return _joined(reversed(found))


def time_of(day: Sequence[Stretch], way: Way) -> timedelta:
    """How long it was so altogether."""
    return sum((stretch.length for stretch in day if stretch.way is way), timedelta())


def _joined(found: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Neighbours of one kind are one stretch."""
    made: list[Stretch] = []
    for stretch in found:
        if made and made[-1].way is stretch.way:
            made[-1] = Stretch(stretch.way, made[-1].start, stretch.end)
        else:
            made.append(stretch)
    return tuple(made)
