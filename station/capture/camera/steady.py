"""Holds a hint still: a sentence that changes ten times a second is read by nobody. Knows no words."""

from __future__ import annotations

HOLD_S = 0.35


class Steady:
    """A new code is said once it has held for `hold_s`; the first at once."""

    def __init__(self, hold_s: float = HOLD_S) -> None:
        self._hold_s = hold_s
        self._said: str | None = None
        self._next = ""
        self._since = 0.0

    def say(self, code: str, now: float) -> str:
        """What to say at `now` when `code` was measured."""
        if self._said is None or code == self._said:
            self._said = self._next = code
        elif code != self._next:
            self._next, self._since = code, now
        elif now - self._since >= self._hold_s:
            self._said = code
        return self._said
