"""Which days count for the queue now: numbers begin anew each morning, and a clock that jumps makes no morning."""

from __future__ import annotations

from station.desk.office import Office
from station.domain.errors import StoreError
from station.log import get_logger

log = get_logger(__name__)


def today(office: Office) -> str:
    """The local day as ISO."""
    return office.local_now().date().isoformat()


def counted(office: Office) -> frozenset[str]:
    """Today, and the days out of which this computer's clock jumped into it: who waited then still does."""
    day = office.local_now().date()
    try:
        jumps = office.depot.clocks.jumps
    except StoreError as problem:  # people are recorded whatever is known of the clock
        log.error("what is known of the clock cannot be read: %s", problem.code)
        jumps = ()
    before = {(item.at - item.by).astimezone().date() for item in jumps if item.at.astimezone().date() == day}
    return frozenset(item.isoformat() for item in {day, *before})
