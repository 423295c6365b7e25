"""Two clocks that differ, the device's and this computer's: which of them is wrong, as far as that can be known.

Must not know how the time of central or of a device is learnt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from station.domain.biometrics import DeviceInfo

SKEWED = "clock.skew"
"""The remark about a capture whose time, as the device signed it, is far from this computer's."""
TOLERANCE = timedelta(minutes=5)
BLAMED_FOR = timedelta(hours=1)
"""So long after central's last word this computer's clock may be called wrong: somebody may have set it since."""
TRUSTED_FOR = timedelta(hours=24)
"""So long after central's last word it may be called right: a clock that was right stays so for a day."""


class Wrong(StrEnum):
    """Whose clock is wrong."""

    COMPUTER = "computer"
    DEVICE = "device"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """What central's signed time showed: `offset` is its clock minus ours, when ours read `at`."""

    offset: timedelta
    at: datetime

    @property
    def true_time(self) -> datetime:
        """What time it was at central."""
        return self.at + self.offset


@dataclass(frozen=True)
class Skew:
    """A device whose last capture bore another time than this computer's. `offset` is how far ours is off, if it is."""

    device: DeviceInfo
    since: datetime
    wrong: Wrong
    offset: timedelta = timedelta()


def skew(device: DeviceInfo, since: datetime, check: Check | None, now: datetime) -> Skew:
    """Judge by central's last word on our clock; without one of today nobody is blamed."""
    if check is None:
        return Skew(device, since, Wrong.UNKNOWN)
    behind, age = check.true_time - now, now - check.at
    if behind > TOLERANCE and age < timedelta():  # it was later already when central last spoke: ours went back
        return Skew(device, since, Wrong.COMPUTER, behind)
    if abs(check.offset) > TOLERANCE:
        known = timedelta() <= age <= BLAMED_FOR
        return Skew(device, since, Wrong.COMPUTER if known else Wrong.UNKNOWN, check.offset if known else timedelta())
    known = timedelta() <= age <= TRUSTED_FOR
    return Skew(device, since, Wrong.DEVICE if known else Wrong.UNKNOWN)
