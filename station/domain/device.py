"""A device of the station over time: what it did and how well. Knows no person and no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.biometrics import DeviceInfo
from station.domain.fault import Ticket

GOOD = ""
"""The outcome of a capture or a test that went well; otherwise it is the code of the DeviceError."""
NOT_ITS_FAULT = frozenset({
    "device.cancelled", "device.missing", "device.wrong_part", "device.not_open", "scanner.stopped", "scanner.none",
    "scanner.no_paper", "scanner.cover_open", "scanner.busy", "scanner.denied", "document.too_large",
})  # fmt: skip
"""Outcomes that say nothing about the device: somebody stopped it, or it was not there or not ready to be asked."""
MANY_FAILURES, ENOUGH_USES = 20, 10
"""So many of a hundred are too many, once there are enough to judge by."""
SLOWER_TIMES = 2.0
"""A median that grows this much in a week opens a ticket by itself: the device is wearing out."""
MISSED_DAYS = 5
"""A device that served is missed after so many days of work without it: a week of an office."""


def device_id(info: DeviceInfo) -> str:
    """The same for the same device, whoever found it and at whatever address."""
    return f"{info.driver}/{info.kind.value}/{info.serial or info.model}"[:120]


class Condition(StrEnum):
    """How a device is, in one word."""

    REPORTED = "reported"
    TROUBLE = "trouble"
    WORN = "worn"
    UNTESTED = "untested"
    READY = "ready"


@dataclass(frozen=True)
class Use:
    """What came of one capture: nothing of whom."""

    device: DeviceInfo
    took_ms: int
    outcome: str = GOOD
    quality: int | None = None
    skewed: bool = False
    """The device said another time than this computer's."""


@dataclass(frozen=True)
class UseLine:
    """One use as it is remembered."""

    at: datetime
    took_ms: int
    outcome: str
    quality: int | None


@dataclass(frozen=True)
class Health:
    """What the station remembers of one device."""

    device_id: str
    info: DeviceInfo
    seen_at: datetime
    good_at: datetime | None = None
    tested_at: datetime | None = None
    test_outcome: str = GOOD
    uses: int = 0
    failures: int = 0
    median_ms: int | None = None
    week_ms: tuple[int | None, ...] = ()
    """Median of each week, the oldest first; the last is the seven days up to now. None: not used that week."""
    ticket: Ticket | None = None

    @property
    def failures_of_100(self) -> int | None:
        """Failures of a hundred captures; None before the first."""
        return None if self.uses == 0 else round(100 * self.failures / self.uses)

    @property
    def failed_test(self) -> str:
        """What the last test found, until a capture has proven it wrong."""
        tested = self.tested_at is not None and (self.good_at is None or self.good_at < self.tested_at)
        return self.test_outcome if tested else GOOD

    @property
    def slower_times(self) -> float | None:
        """This week's median against the usual of the weeks before; None when there is too little of either."""
        before = sorted(ms for ms in self.week_ms[:-1] if ms)
        this = self.week_ms[-1] if self.week_ms else None
        return this / before[len(before) // 2] if this and before else None

    @property
    def is_wearing_out(self) -> bool:
        return (self.slower_times or 0.0) >= SLOWER_TIMES

    @property
    def condition(self) -> Condition:
        """The worst that is known of it."""
        if self.ticket is not None:
            return Condition.REPORTED
        if self.failed_test:
            return Condition.TROUBLE
        if self.is_wearing_out or self.often_fails:
            return Condition.WORN
        return Condition.READY if self.tested_at or self.good_at else Condition.UNTESTED

    @property
    def often_fails(self) -> bool:
        return self.uses >= ENOUGH_USES and self.failures * 100 >= MANY_FAILURES * self.uses


def in_use(outcome: str) -> bool:
    """False for what says nothing about the device, and is not remembered."""
    return outcome not in NOT_ITS_FAULT
