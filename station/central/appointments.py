"""Who was told to come again, and when: a line of stations in the order in which they first asked.

It gives times and decides nothing; it knows no packet. It is in memory only: after a restart all simply ask again.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

SPREAD = 1.25
"""A station that is told to wait comes up to a quarter later."""
MEAN_SPREAD = (1 + SPREAD) / 2
GRACE_S = 300.0
"""Who has not come so long after that has given up its place."""
SOON_S = 15.0
"""Whoever came in time when there was no room asks again no sooner."""


@dataclass
class Appointment:
    """A place in the line: not before `due`, gone after `until`. `late`: was there in time, and there was no room."""

    due: float
    until: float
    work_s: float
    late: bool = False


class Appointments:
    """One for each station that waits. Times are monotonic seconds; work is in seconds of central's time."""

    def __init__(self, rate: float) -> None:
        """`rate`: seconds of work that are begun in a second."""
        self._rate = rate
        self._places: dict[str, Appointment] = {}
        self._ends: list[tuple[float, str]] = []
        self._work_s = self._late_s = 0.0

    def __len__(self) -> int:
        return len(self._places)

    def of(self, station_id: str, now: float) -> Appointment | None:
        """The place of a station, if it has one."""
        self._forget_absent(now)
        return self._places.get(station_id)

    def put_last(self, station_id: str, work_s: float, now: float) -> float:
        """A place behind all others. Seconds to wait, such that with what stations add they come on time on average."""
        self.leave(station_id)
        return self._put(station_id, work_s, (self._work_s + work_s) / self._rate / MEAN_SPREAD, now)

    def put_off(self, station_id: str, now: float) -> float:
        """It came in time and there is no room: it keeps its turn, behind those who came before it. Seconds to wait."""
        place = self.leave(station_id)
        wait_s = max(SOON_S, self._late_s / self._rate)
        return self._put(station_id, place.work_s if place else 0.0, wait_s, now, late=True)

    def leave(self, station_id: str) -> Appointment | None:
        """It had its turn."""
        place = self._places.pop(station_id, None)
        if place is not None:
            self._work_s = max(0.0, self._work_s - place.work_s)
            self._late_s = max(0.0, self._late_s - place.work_s * place.late)
        return place

    def _put(self, station_id: str, work_s: float, wait_s: float, now: float, *, late: bool = False) -> float:
        wait_s = max(wait_s, SOON_S)
        place = Appointment(now + wait_s, now + wait_s * SPREAD + GRACE_S, work_s, late)
        self._places[station_id] = place
        self._work_s += work_s
        self._late_s += work_s * late
        heapq.heappush(self._ends, (place.until, station_id))
        return wait_s

    def _forget_absent(self, now: float) -> None:
        while self._ends and self._ends[0][0] < now:
            until, station_id = heapq.heappop(self._ends)
            place = self._places.get(station_id)
            if place is not None and place.until == until:
                self.leave(station_id)
