"""What the operator of central switches while it runs: maintenance, busy, status, pacing. Kept in memory only."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from station.central.problems import Refused
from station.wire import Pacing, Problem, ServiceStatus


@dataclass
class Switches:
    """Read by every request, set from any thread."""

    pacing: Pacing
    status: ServiceStatus = field(default_factory=ServiceStatus)
    maintenance: tuple[datetime | None, str] | None = None
    """Until when, and the message; `until` is a promise, not a timer."""
    busy_retry_after_s: int | None = None

    def shown_status(self) -> ServiceStatus:
        """The service status for hello: maintenance shows there too."""
        if self.maintenance is None:
            return self.status
        return self.status.model_copy(update={"receiving": "maintenance", "message": self.maintenance[1]})

    def refusal(self, now: datetime) -> Refused | None:
        """Why nobody is served now, or None."""
        if self.maintenance is not None:
            until, message = self.maintenance
            wait_s = 60 if until is None else max(1, math.ceil((until - now).total_seconds()))
            return Refused(
                Problem.MAINTENANCE,
                "Central is being maintained.",
                headers={"Retry-After": str(wait_s)},
                until=until,
                message=message,
            )
        if self.busy_retry_after_s is not None:
            return busy(self.busy_retry_after_s)
        return None


def busy(retry_after_s: int) -> Refused:
    return Refused(Problem.BUSY, "Central is busy.", headers={"Retry-After": str(retry_after_s)})
