"""What a day of packets comes to: how many, and one number that no other set of packets has. Knows no database.

Two sides that have the same sum for a day have the same packets, without naming a single one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

_HEX_DIGITS = 64


@dataclass(frozen=True)
class DaySum:
    """Packets sealed on one day (UTC): their number, and their sha256 combined by XOR, as 64 hex digits."""

    day: date
    count: int
    xor: str


def day_of(sealed_at: datetime) -> date:
    """The day a packet belongs to: that of its sealing, in UTC, whatever the zone of the station."""
    return sealed_at.astimezone(UTC).date()


def sum_of(day: date, hashes: str) -> DaySum:
    """The sum of the packets of `day`: their sha256 (64 hex digits each), one after the other in any order."""
    combined = 0
    for start in range(0, len(hashes), _HEX_DIGITS):
        combined ^= int(hashes[start : start + _HEX_DIGITS], 16)
    return DaySum(day, len(hashes) // _HEX_DIGITS, f"{combined:0{_HEX_DIGITS}x}")


def start_of(day: date) -> datetime:
    """The first moment of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
