"""How much central lets in: never above the rate it was given, and everybody in turn.

Stations are let in by batches of announced packets, which are small questions: nobody sends a record to be turned away.
Who has to wait is told for how long, by its place in a line; a station has one place, so the fast do not push the slow
aside. Answers to whole packets are held for moments, so that never more are accepted than central can take.
Must not know HTTP, nor the database.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

from station.central.appointments import Appointments
from station.central.bucket import Bucket
from station.domain.ports import Clock

DOOR = 0.98
"""Of its time central promises away so much: what comes unevenly finds room, and answers are held for seconds only."""
BURST_S = 20.0
"""So many seconds of work may be promised at once after a quiet while."""
ENOUGH = 30
"""A station that still owes so many promised packets has enough to do: its line is slower than its share."""
FORGET_S = 1800.0
"""What was promised to a station that has finished no packet for so long counts for nothing: it may come by a stick."""
BRAKE_S = 5.0
"""With so much work held up nothing is promised until it is less."""
BEHIND_S = 10.0
"""With so much work held up no packet is begun any more."""
HELD_LONGEST_S = 15.0
"""No answer is held longer: stations give up after 25 s. Whoever comes whole then asks again, and loses no byte."""


@dataclass
class _Owed:
    packets: int
    at: float


class Admission:
    """Both rates together: a packet takes the longer of its two times. Thread-safe; times are monotonic."""

    def __init__(self, per_s: float | None, kbps: float | None, clock: Clock) -> None:
        """`per_s`: packets a second. `kbps`: kbit/s. None: that is not limited; without both everybody may come."""
        self._packet_s = 1 / per_s if per_s else 0.0
        self._byte_s = 8 / (1000 * kbps) if kbps else 0.0
        self._clock = clock
        self._lock = threading.Lock()
        now = clock.monotonic()
        self._bucket = Bucket(DOOR, BURST_S, now)
        self._line = Appointments(DOOR)
        self._owed: dict[str, _Owed] = {}
        self._free_at = now

    @property
    def is_open(self) -> bool:
        """True when nothing limits anybody."""
        return not (self._packet_s or self._byte_s)

    def work_s(self, packets: int, size: int) -> float:
        """Seconds of central's time that so many packets of `size` bytes together take."""
        return max(packets * self._packet_s, size * self._byte_s)

    # ----------------------------------------------------------------------------------------------------- the door

    def ask(self, station_id: str, work_s: float) -> int:
        """0: it may announce its batch. Else in how many seconds it shall ask again."""
        if self.is_open:
            return 0
        with self._lock:
            now = self._clock.monotonic()
            place = self._line.of(station_id, now)
            if self._owes(station_id, now) >= ENOUGH:
                wait_s = self._line.put_last(station_id, work_s, now)
            elif self._has_room(now) and (self._has_turn(station_id, now) or self._bucket.is_full(now)):
                self._line.leave(station_id)
                self._bucket.take(work_s)
                return 0
            elif place is None:
                wait_s = self._line.put_last(station_id, work_s, now)
            elif place.due > now:
                wait_s = place.due - now
            else:
                wait_s = self._line.put_off(station_id, now)
            return math.ceil(wait_s)

    def promise(self, station_id: str, packets: int, unused_s: float = 0.0) -> None:
        """So many packets of its batch are wanted; `unused_s` is the work that was asked for and is not needed."""
        if self.is_open:
            return
        with self._lock:
            now = self._clock.monotonic()
            self._owed[station_id] = _Owed(self._owes(station_id, now) + packets, now)
            self._bucket.give_back(unused_s)

    def _has_room(self, now: float) -> bool:
        return self._bucket.left_s(now) > 0 and self._free_at - now < BRAKE_S

    def _has_turn(self, station_id: str, now: float) -> bool:
        place = self._line.of(station_id, now)
        return len(self._line) == 0 if place is None else place.due <= now

    def _owes(self, station_id: str, now: float) -> int:
        owed = self._owed.get(station_id)
        return 0 if owed is None or now - owed.at > FORGET_S else owed.packets

    # --------------------------------------------------------------------------------------------------- the packets

    def behind_s(self, most_s: float = BEHIND_S) -> int:
        """0: no more than `most_s` of finished packets is held up. Else in how many seconds to come again."""
        late_s = self._free_at - self._clock.monotonic()
        return math.ceil(late_s) if late_s > most_s else 0

    def hold_s(self, work_s: float) -> float:
        """For how many seconds the answer to what has come whole is held, so that it is accepted in its turn."""
        with self._lock:
            now = self._clock.monotonic()
            begins = max(self._free_at, now)
            self._free_at = begins + work_s
            return begins - now

    def arrived(self, station_id: str, packets: int = 1) -> None:
        """So many of its packets have been accepted."""
        if self.is_open:
            return
        with self._lock:
            now = self._clock.monotonic()
            left = self._owes(station_id, now) - packets
            self._owed.pop(station_id, None)
            if left > 0:
                self._owed[station_id] = _Owed(left, now)
