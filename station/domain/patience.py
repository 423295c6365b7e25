"""How long a status may stand before somebody should ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

QUIET_DAYS = 14
"""Without any change of central for so long, a record is followed up whatever its status."""
_SATURDAY = 5


@dataclass(frozen=True)
class Patience:
    """A number of days; `working` leaves out Saturdays and Sundays. Public holidays are not known here."""

    days: int
    working: bool = False

    def ends(self, since: datetime) -> datetime:
        """The moment from which what stands since `since` is late, in the zone of this computer."""
        moment = since.astimezone()
        if not self.working:
            return moment + timedelta(days=self.days)
        moment = _at_work(moment)
        for _ in range(self.days):
            moment = _at_work(moment + timedelta(days=1))
        return moment


def _at_work(moment: datetime) -> datetime:
    """The same hour of the first day from `moment` on that is no Saturday or Sunday."""
    while moment.weekday() >= _SATURDAY:
        moment += timedelta(days=1)
    return moment


QUIET = Patience(QUIET_DAYS)
