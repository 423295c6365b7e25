"""Keeps an eye on this computer's clock: jumps are noticed, kept, and told in every packet that was open meanwhile.

Time is never trusted for more than it can bear: nothing waits for a moment of the wall clock alone. Knows no person.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from station.desk.office import Office
from station.domain.clock_jump import Jump, jump, jump_while_off
from station.domain.clocks import Check
from station.domain.errors import StoreError
from station.domain.permission import Permission
from station.domain.ports import Clock
from station.domain.power import Saving
from station.log import get_logger
from station.store import audit

log = get_logger(__name__)


def steady_s() -> float:
    """Seconds that pass evenly, whatever anybody sets, and also while the computer sleeps."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class ClockWatch:
    """`look` now and then: it says when the wall clock did not go as far as steady time."""

    def __init__(self, clock: Clock, steady: Callable[[], float] = steady_s) -> None:
        self._clock, self._steady = clock, steady
        self._seen = clock.now(), steady()

    def look(self) -> Jump | None:
        """What happened since the last look."""
        (wall, steady), self._seen = self._seen, (self._clock.now(), self._steady())
        return jump(wall, self._seen[0], timedelta(seconds=self._seen[1] - steady))


@dataclass(frozen=True)
class ClockPicture:
    """What the technician sees: central's word on our clock, the last jumps, and when power is saved."""

    check: Check | None
    jumps: tuple[Jump, ...]
    saving: Saving


def picture(office: Office) -> ClockPicture:
    """Read the picture. AccessError."""
    office.require(Permission.READ_GUARD)
    depot = office.depot
    return ClockPicture(depot.clocks.check, depot.clocks.jumps, depot.power.saving)


def save_power(office: Office, choice: Saving) -> None:
    """When power is saved from now on. AccessError."""
    office.require(Permission.CHANGE_DELIVERY)
    office.depot.power.saving = choice


def note(office: Office, found: Jump) -> None:
    """Keep a jump, and tell it in the audit trail."""
    office.depot.clocks.note_jump(found)
    with office.applicants.write() as connection:
        by_s = round(found.by.total_seconds())
        who = office.operator.operator_id
        audit.append(connection, at=found.at, operator_id=who, action="clock_jump", by_s=by_s, off=found.off)


def note_start(office: Office) -> Jump | None:
    """Somebody signs in: has the clock gone back since it was last seen? It is kept if so."""
    found = jump_while_off(office.depot.clocks.newest_seen, office.now())
    if found is not None:
        note(office, found)
    office.depot.clocks.see(office.now())
    return found


def told(office: Office, since: datetime) -> dict[str, Any]:
    """What a packet says of the clock by which it was made: central's last word, and the jumps since `since`.

    A jump back may bear a time before `since`: it is told when it was noticed later, which the order of notice says.
    """
    try:
        check, jumps = office.depot.clocks.check, office.depot.clocks.jumps_after(since)
    except StoreError as problem:  # the record is worth more than what is known of the clock
        log.error("what is known of the clock cannot be read: %s", problem.code)
        return {}
    found: dict[str, Any] = {
        "jumps": [{"at": item.at.isoformat(), "by_s": round(item.by.total_seconds())} for item in jumps]
    }
    if check is not None:
        found["central_offset_s"] = round(check.offset.total_seconds(), 3)
        found["checked_at"] = check.at.isoformat()
    return found
