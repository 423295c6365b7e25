"""How much of a packet is under way: what keeps a slow line busy, and little more.

When a line dies in silence, what is under way on it was sent for nothing; systems let twice as much be there as a line
needs. It knows no packet and no request: only how fast the line took bytes while it was given some.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from station.domain.ports import Clock

SPARE_S = 0.75
"""So many seconds of the line's rate may be under way beyond its shortest round trip, so that it never stands still."""
LEAST_BYTES = 8 * 1024
"""Never less than this: with only a few packets under way a lost one is noticed late."""
MOST_BYTES = 32 * 1024
"""A line that needs more than this is none of the slow ones."""
WORTH_BYTES = 96 * 1024
"""Of fewer the rate says little: after a loss many are acknowledged at once."""
LOOK_S = 0.05
RECORD_BYTES = 22
"""What TLS adds to a piece."""


@dataclass(frozen=True)
class Flow:
    """What the system tells of a connection: bytes that wait or fly, without those known to be lost or to have come."""

    under_way: int
    round_trip_s: float
    """The shortest of late."""
    segment: int
    """Bytes in a full packet."""


class Telling(Protocol):
    """A line that tells what becomes of what it was given."""

    @property
    def written(self) -> int: ...

    def unacknowledged(self) -> int | None: ...

    def flow(self) -> Flow | None:
        """None where the system does not tell."""
        ...

    def lives(self, seconds: float) -> bool:
        """Wait so long; False, and at once, when the connection has ended on our side."""
        ...


class UnderWay:
    """Around every chunk `begin` and `end`, before every piece `wait`. Nothing is held back that is not understood."""

    def __init__(self, line: Telling, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self._rate_bps = 0.0
        self._begun: tuple[int, float] | None = None

    def forget(self) -> None:
        """This is another line."""
        self._rate_bps = 0.0

    def begin(self) -> None:
        """A chunk is about to be handed over."""
        self._begun = self._arrived()

    def end(self) -> None:
        """It was handed over. A line that got faster is believed at once, one that got slower by and by."""
        begun, ended = self._begun, self._arrived()
        if begun is None or ended is None or ended[0] - begun[0] < WORTH_BYTES or ended[1] <= begun[1]:
            return
        seen_bps = (ended[0] - begun[0]) / (ended[1] - begun[1])
        self._rate_bps = max(seen_bps, 0.7 * self._rate_bps + 0.3 * seen_bps)

    def piece_bytes(self, most: int) -> int:
        """So much of `most` as fills whole packets: on a slow line the rest would go as a packet of its own."""
        flow = self._slow_flow()
        whole = most // flow.segment * flow.segment - RECORD_BYTES if flow is not None and flow.segment > 0 else 0
        return whole if whole > most // 2 else most

    def wait(self, size: int) -> None:
        """Until a piece of `size` bytes may follow; while anything arrives, no longer than the line takes for it.

        So whatever makes round trips longer, a line is never made slower than it was.
        """
        begun = self._arrived()
        while begun is not None and self._is_enough():
            now = self._arrived()
            moves = now is not None and now[0] > begun[0]
            if now is None or (moves and now[1] - begun[1] >= size / self._rate_bps) or not self._line.lives(LOOK_S):
                return

    def _is_enough(self) -> bool:
        flow = self._slow_flow()
        return flow is not None and flow.under_way > (enough(self._rate_bps, flow.round_trip_s) or 0)

    def _slow_flow(self) -> Flow | None:
        """What the system tells, when this is known to be a slow line."""
        flow = self._line.flow() if self._rate_bps > 0 else None
        return flow if flow is not None and enough(self._rate_bps, flow.round_trip_s) is not None else None

    def _arrived(self) -> tuple[int, float] | None:
        waiting = self._line.unacknowledged()
        return None if waiting is None else (self._line.written - waiting, self._clock.monotonic())


def enough(rate_bps: float, round_trip_s: float) -> int | None:
    """Bytes that keep a line of this rate busy; None for a line that is not slow, or not known."""
    busy = int(rate_bps * (round_trip_s + SPARE_S))
    return max(busy, LEAST_BYTES) if 0 < busy <= MOST_BYTES else None
