"""Speed rules as a person types them: times and speeds read, and what is wrong with them. Knows no sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from station.domain.speed import Metered, SpeedRules, Window

LEAST_KBPS, MOST_KBPS = 8, 1_000_000
"""Below a kilobyte a second nothing would ever arrive; above a gigabit nothing is capped."""
MOST_HOURS = 8
_TIME = re.compile(r"(\d{1,2})[.:\s]?(\d{2})?")


class Fault(StrEnum):
    """What is wrong with a field."""

    NO_TIME = "no-time"
    NO_SPEED = "no-speed"
    TOO_SLOW = "too-slow"
    SAME_TIME = "same-time"
    OVERLAP = "overlap"
    NEVER = "never"  # these rules leave no minute of the day to send in


class Kind(StrEnum):
    """What holds in some hours."""

    FREE = "free"
    CAPPED = "capped"
    CLOSED = "closed"


@dataclass(frozen=True)
class HoursEntry:
    """One line as typed; `kbps` matters for CAPPED only."""

    start: str
    end: str
    kind: Kind
    kbps: str = ""


@dataclass(frozen=True)
class Complaint:
    """A fault in `field` (`kbps`, `start`, `end`) of a line of hours, or of no line (-1)."""

    fault: Fault
    field: str
    line: int = -1


def read_rules(
    kbps: str, hours: Sequence[HoursEntry], metered: Metered, records_over_metered: bool
) -> SpeedRules | Complaint:
    """The rules, or the first thing that is wrong with them."""
    general = _speed(kbps) if kbps.strip() else None
    if isinstance(general, Fault):
        return Complaint(general, "kbps")
    windows: list[Window] = []
    for line, entry in enumerate(hours):
        found = _window(entry, line)
        if isinstance(found, Complaint):
            return found
        if any(_overlap(found, before) for before in windows):
            return Complaint(Fault.OVERLAP, "start", line)
        windows.append(found)
    rules = SpeedRules(general, tuple(windows), metered, records_over_metered)
    return rules if _leaves_time(rules) else Complaint(Fault.NEVER, "start", len(windows) - 1)


def hours_of(window: Window) -> HoursEntry:
    """A window as it is typed."""
    kind = Kind.FREE if window.kbps is None else Kind.CAPPED if window.kbps else Kind.CLOSED
    return HoursEntry(shown_time(window.start), shown_time(window.end), kind, str(window.kbps or ""))


def shown_time(value: time) -> str:
    """`07.30`."""
    return f"{value:%H.%M}"


def read_time(text: str) -> time | None:
    """`7`, `7.30`, `07:30` or `0730`; None for anything else. 24.00 is the midnight at the end of the day."""
    typed = text.strip()
    if len(typed) == 3 and typed.isdigit():
        typed = f"0{typed}"
    found = _TIME.fullmatch(typed)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if (hour, minute) == (24, 0):
        return time(0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _window(entry: HoursEntry, line: int) -> Window | Complaint:
    start, end = read_time(entry.start), read_time(entry.end)
    if start is None or end is None:
        return Complaint(Fault.NO_TIME, "start" if start is None else "end", line)
    if start == end:
        return Complaint(Fault.SAME_TIME, "end", line)
    if entry.kind is not Kind.CAPPED:
        return Window(start, end, None if entry.kind is Kind.FREE else 0)
    speed = _speed(entry.kbps)
    return Complaint(speed, "kbps", line) if isinstance(speed, Fault) else Window(start, end, speed)


def _speed(text: str) -> int | Fault:
    typed = "".join(text.split()).replace(".", "")
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 7 or int(typed) > MOST_KBPS:
        return Fault.NO_SPEED
    return Fault.TOO_SLOW if int(typed) < LEAST_KBPS else int(typed)


def _overlap(one: Window, other: Window) -> bool:
    return one.holds(other.start) or other.holds(one.start)


def _leaves_time(rules: SpeedRules) -> bool:
    """A cap only changes at the edges of windows, so looking there is looking everywhere."""
    edges = [time(0), *(edge for window in rules.windows for edge in (window.start, window.end))]
    return any(rules.cap_kbps(edge) != 0 for edge in edges)
