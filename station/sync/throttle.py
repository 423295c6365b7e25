"""The cap on uploads: a bucket that fills at the allowed rate and is emptied by the bytes that were really written."""

from __future__ import annotations

from collections.abc import Callable

from station.domain.ports import Clock

PIECE = 8 * 1024
"""What is handed over at once. TLS makes a record of it, and of a record that breaks off central can keep nothing."""
SMALLEST_PIECE = 1300
"""About what one packet of a line carries: smaller ones would cost more in headers than the cap is worth."""
SMOOTH_S = 0.5
"""A piece is so many seconds of the allowed rate: the line is used evenly."""
SAVED_S = 0.5
"""So many seconds of sending may be made up for after a pause, such as waiting for an answer."""


class Throttle:
    """`bps` is what is allowed at this moment in bytes per second, None for no cap; it may change between two calls."""

    def __init__(self, clock: Clock, pause: Callable[[float], object]) -> None:
        """`pause` waits for so many seconds, or less when the program ends."""
        self._clock = clock
        self._pause = pause
        self._balance = 0.0
        self._counted_at = clock.monotonic()

    def piece_bytes(self, bps: float | None) -> int:
        """How much to hand over at once."""
        return PIECE if bps is None else int(min(max(bps * SMOOTH_S, SMALLEST_PIECE), PIECE))

    def wait(self, bps: float | None) -> None:
        """Wait until what was written is paid for."""
        self._fill(bps)
        if bps is not None and self._balance < 0:
            self._pause(-self._balance / bps)
            self._fill(bps)

    def spent(self, count: int) -> None:
        """`count` bytes were written."""
        self._balance -= count

    def _fill(self, bps: float | None) -> None:
        now = self._clock.monotonic()
        passed, self._counted_at = max(0.0, now - self._counted_at), now
        self._balance = 0.0 if bps is None else min(self._balance + passed * bps, bps * SAVED_S)
