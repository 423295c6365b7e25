"""A bucket of time: what may be begun now so that on average no more is begun than there is time for.

It knows neither stations nor packets, only seconds of central's work.
"""

from __future__ import annotations


class Bucket:
    """Empty at first; fills at `rate` seconds of work a second, up to `most_s`. Times are monotonic seconds."""

    def __init__(self, rate: float, most_s: float, now: float) -> None:
        self._rate, self._most_s = rate, most_s
        self._left_s, self._filled_at = 0.0, now

    def left_s(self, now: float) -> float:
        """Seconds of work that may be begun; below 0 when more has been begun than there was."""
        passed_s, self._filled_at = max(0.0, now - self._filled_at), max(now, self._filled_at)
        self._left_s = min(self._left_s + passed_s * self._rate, self._most_s)
        return self._left_s

    def is_full(self, now: float) -> bool:
        return self.left_s(now) >= self._most_s

    def take(self, work_s: float) -> None:
        """Begin so much."""
        self._left_s -= work_s

    def give_back(self, work_s: float) -> None:
        """So much of it was not needed."""
        self._left_s = min(self._left_s + work_s, self._most_s)
