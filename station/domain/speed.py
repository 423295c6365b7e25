"""How fast and when this station sends: a cap, hours, and what a metered line may carry. A person's choice here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum


class Metered(StrEnum):
    """Whether this line costs by the byte: as the operating system says, or as a person said."""

    SYSTEM = "system"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Window:
    """A cap that holds from `start` to `end` of every local day (over midnight when `end` is earlier).

    `kbps` None: no cap then; 0: records are not uploaded then (manifests still go).
    """

    start: time
    end: time
    kbps: int | None

    def holds(self, at: time) -> bool:
        """True when `at` is inside."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True)
class SpeedRules:
    """`kbps`: the cap in kilobits of a thousand bits per second outside of the windows; None for none."""

    kbps: int | None = None
    windows: tuple[Window, ...] = ()
    metered: Metered = Metered.SYSTEM
    records_over_metered: bool = False
    """Uploads go over a metered line too; otherwise only manifests and small talk do."""

    def cap_kbps(self, at: time) -> int | None:
        """The cap at this local time: that of the first window that holds, else the general one."""
        return next((window.kbps for window in self.windows if window.holds(at)), self.kbps)

    def opens_at(self, now: datetime) -> datetime | None:
        """The next moment of the local clock (without zone) at which records may be uploaded; None: never by itself."""
        if self.cap_kbps(now.time()) != 0:
            return now
        edges = {edge for window in self.windows for edge in (window.start, window.end)}
        days = (now.date(), now.date() + timedelta(days=1))
        moments = sorted(datetime.combine(day, edge) for day in days for edge in edges)
        return next((moment for moment in moments if moment > now and self.cap_kbps(moment.time()) != 0), None)
