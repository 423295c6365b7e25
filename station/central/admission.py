"""How much central lets in: never above the rate it was given, and everybody in turn.

Stations are let in by batches of announced packets, which are small questions: nobody sends a record to be turned away.
Who has to wait is told for how long, by its place in a line; a station has one place, so the fast do not push the slow
aside. Answers to whole packets are held for moments, so that never more are accepted than central can take.
Must not know HTTP, nor the database.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass

from station.central.appointments import SOON_S, SPREAD, Appointments
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
LONGEST_WAIT_S = 3600
"""Nobody is told to stay away for longer: what made the line so long may be gone by then."""
MOST_OWED = 500
"""So many promised packets of one station are remembered. An honest one owes far less."""
HELD_LONGEST_S = 15.0
"""No answer is held longer: stations give up after 25 s. Whoever comes whole then asks again, and loses no byte."""


@dataclass
class _Owed:
    """`at`: when one was promised or finished last. `told_at`: when its manifests were answered last."""

    packets: set[Hashable]
    at: float
    told_at: float


@dataclass(frozen=True)
class _Turn:
    due: float
    until: float


class Admission:
    """Both rates together: a packet takes the longer of its two times. Thread-safe; times are monotonic."""

    def __init__(self, per_s: float | None, kbps: float | None, clock: Clock) -> None:
        """`per_s`: packets a second. `kbps`: kbit/s. None: that is not limited; without both everybody may come."""
        self._packet_s = 1 / per_s if per_s else 0.0
        self._byte_s = 8 / (1000 * kbps) if kbps else 0.0
        self._clock = clock
        self._lock = threading.RLock()
        now = clock.monotonic()
        self._bucket = Bucket(DOOR, BURST_S, now)
        self._line = Appointments(DOOR)
        self._owed: dict[str, _Owed] = {}
        self._owing: dict[Hashable, str] = {}
        self._turns: dict[str, _Turn] = {}
        self._free_at = now

    @property
    def is_open(self) -> bool:
        """True when nothing limits anybody."""
        return not (self._packet_s or self._byte_s)

    def work_s(self, packets: int, size: int) -> float:
        """Seconds of central's time that so many packets of `size` bytes together take."""
        return max(packets * self._packet_s, size * self._byte_s)

    # ----------------------------------------------------------------------------------------------------- the door

    def ask(self, station_id: str, work_s: float, packets: Collection[Hashable] = ()) -> int:
        """0: it may announce its batch, these `packets`. Else in how many seconds it shall ask again."""
        if self.is_open:
            return 0
        with self._lock:
            now = self._clock.monotonic()
            again_s = self._again_s(station_id, packets, now)
            wait_s = self._wait_s(station_id, work_s, now) if again_s is None else again_s
            if not wait_s:
                self._bucket.take(work_s)
            return _told(wait_s)

    def promise(
        self, station_id: str, asked: Collection[Hashable], wanted: Collection[Hashable]
    ) -> Collection[Hashable]:
        """Of what was `asked` these are `wanted`. Those that were not promised before: only they are new work."""
        if self.is_open:
            return ()
        with self._lock:
            now = self._clock.monotonic()
            owed = self._owes(station_id, now)
            new = [packet for packet in dict.fromkeys(wanted) if packet not in owed]
            self.arrived(set(asked) - set(wanted))
            owed = self._owes(station_id, now)
            for packet in new[: max(0, MOST_OWED - len(owed))]:
                self.arrived([packet])  # another station may have carried it before
                owed.add(packet)
                self._owing[packet] = station_id
            if owed:
                self._owed[station_id] = _Owed(owed, now, now)
            return new

    def give_back(self, work_s: float) -> None:
        """Work that was asked for and is not needed."""
        with self._lock:
            self._bucket.give_back(work_s)

    def _again_s(self, station_id: str, packets: Collection[Hashable], now: float) -> float | None:
        """When it asks for nothing but what it was promised, whose answer was lost: seconds to wait. Else None."""
        owed = self._owes(station_id, now)
        if not packets or not owed.issuperset(packets):
            return None
        return max(0.0, self._owed[station_id].told_at + SOON_S - now)

    def _wait_s(self, station_id: str, work_s: float, now: float) -> float:
        place = self._line.of(station_id, now)
        full = self._bucket.is_full(now)
        idle = full and self._free_at <= now and len(self._line) == (place is not None)
        enough = len(self._owes(station_id, now)) >= ENOUGH and not idle
        if not enough and self._has_room(now) and (full or self._has_turn(station_id, now)):
            self._line.leave(station_id)
            return 0.0
        if place is not None and place.due > now:
            return place.due - now
        if enough or place is None:
            return self._line.put_last(station_id, work_s, now)
        return self._line.put_off(station_id, now)

    def _has_room(self, now: float) -> bool:
        return self._bucket.left_s(now) > 0 and self._free_at - now < BRAKE_S

    def _has_turn(self, station_id: str, now: float) -> bool:
        place = self._line.of(station_id, now)
        return len(self._line) == 0 if place is None else place.due <= now

    def _owes(self, station_id: str, now: float) -> set[Hashable]:
        owed = self._owed.get(station_id)
        if owed is not None and now - owed.at > FORGET_S:
            self.arrived(list(owed.packets))
            owed = None
        return set() if owed is None else owed.packets

    # --------------------------------------------------------------------------------------------------- the packets

    def behind_s(self, most_s: float = BEHIND_S) -> int:
        """0: no more than `most_s` of finished packets is held up. Else in how many seconds to come again."""
        late_s = self._free_at - self._clock.monotonic()
        return _told(late_s) if late_s > most_s else 0

    def hold_s(self, work_s: float) -> float:
        """For how many seconds the answer to what has come whole is held, so that it is accepted in its turn."""
        with self._lock:
            now = self._clock.monotonic()
            begins = max(self._free_at, now)
            self._free_at = begins + work_s
            return begins - now

    def turn_s(self, upload_id: str, work_s: float) -> float:
        """In how many seconds this whole packet is accepted. It has its place from the first time on, and loses it
        when it comes too late for it."""
        if self.is_open:
            return 0.0
        with self._lock:
            now = self._clock.monotonic()
            turn = self._turns.get(upload_id)
            if turn is None or turn.until < now:
                due = now + self.hold_s(work_s)
                turn = self._turns[upload_id] = _Turn(due, due + work_s)
            return max(0.0, turn.due - now)

    def over(self, upload_id: str, packet: Hashable) -> None:
        """This upload is finished, turned away or forgotten: nobody owes its packet any more."""
        with self._lock:
            self._turns.pop(upload_id, None)
            self.arrived([packet])

    def arrived(self, packets: Iterable[Hashable]) -> None:
        """These are owed no more."""
        with self._lock:
            for packet in packets:
                station_id = self._owing.pop(packet, None)
                if station_id is None:
                    continue
                owed = self._owed[station_id]
                owed.packets.discard(packet)
                owed.at = self._clock.monotonic()
                if not owed.packets:
                    del self._owed[station_id]


def come_before_s(wait_s: float) -> int:
    """When to come so that a turn in `wait_s` seconds is not missed: stations come up to a quarter later than told."""
    return _told(max(1.0, (wait_s - 1) / SPREAD // 1))


def _told(wait_s: float) -> int:
    return min(math.ceil(wait_s), LONGEST_WAIT_S)
