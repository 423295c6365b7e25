"""A peer's station, for comparison: at fixed hours it sends all it has, and what fails twice waits for the next hour.

As the desktop client of a widely used registration system does it by default: two tries a second apart, then every
eleven hours by the clock. Told in its favour: its line never breaks, and clocks are off by up to a minute, so that not
all come in the same second. It knows no Retry-After.
"""

from __future__ import annotations

import random

from station.central.bucket import Bucket
from station.fleet.agenda import Agenda
from station.fleet.ledger import Ledger
from station.fleet.plan import Plan

EVERY_S = 11 * 3600.0
AGAIN_S = 1.0
CLOCK_OFF_S = 60.0
BURST_S = 10.0


class PeerCentral:
    """Takes what it can and refuses the rest; says nothing about when to come again."""

    def __init__(self, plan: Plan, agenda: Agenda) -> None:
        self.ledger = Ledger()
        self._agenda, self._packet_s = agenda, 1 / plan.admit_per_s
        self._bucket = Bucket(1.0, BURST_S, agenda.monotonic())

    def takes(self) -> bool:
        """Whether it takes one more packet now."""
        self.ledger.asked += 1
        if self._bucket.left_s(self._agenda.second) < self._packet_s:
            self.ledger.refused += 1
            return False
        self._bucket.take(self._packet_s)
        return True


class PeerStation:
    """One of them."""

    def __init__(self, number: int, kbps: float, plan: Plan, agenda: Agenda, central: PeerCentral) -> None:
        self._number, self._plan, self._agenda, self._central = number, plan, agenda, central
        self._packet_s = plan.packet_s(kbps)
        self._sent = 0
        self._hour_s = 0.0

    def begin(self) -> None:
        """The first fixed hour after central's return is half a period away on average; here it is the luckiest."""
        off_s = random.uniform(0, 2 * CLOCK_OFF_S)  # noqa: S311  # no secret
        self._hour_s = off_s
        self._agenda.plan(off_s, self._job)

    def _job(self) -> None:
        self._hour_s += EVERY_S
        self._central.ledger.contacts.add(self._agenda.second)
        self._try(last=False)

    def _try(self, *, last: bool) -> None:
        if self._waiting() < 1:
            self._central.ledger.drained.setdefault(self._number, self._agenda.second)
            self._wait_for_the_hour()
        elif self._central.takes():
            self._central.ledger.arrived.add(self._agenda.second + self._packet_s)
            self._central.ledger.accepted.add(self._agenda.second + self._packet_s)
            self._sent += 1
            self._agenda.plan(self._packet_s, self._next)
        elif last:
            self._wait_for_the_hour()
        else:
            self._agenda.plan(AGAIN_S, self._last_try)

    def _next(self) -> None:
        self._try(last=False)

    def _last_try(self) -> None:
        self._try(last=True)

    def _wait_for_the_hour(self) -> None:
        while self._hour_s <= self._agenda.second:  # an hour that came while it was still sending is left out
            self._hour_s += EVERY_S
        self._agenda.plan(self._hour_s - self._agenda.second, self._job)

    def _waiting(self) -> float:
        return (self._agenda.second + self._plan.away_s) * self._plan.live_per_s - self._sent
