"""The pace of an import: tells how far it is, stops when asked, and gives way to a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from time import monotonic

from station.domain.errors import RuleError

Progress = Callable[[int, int], None]
"""People taken in, and how many there will be. At most five times a second, on the thread that imports. When both are
equal, the import still sorts for a while."""

_TOLD_EVERY_S = 0.2
_LONGEST_WAIT_S = 1.0


class Steps:
    """`at` is called by the import every few milliseconds."""

    def __init__(self, total: int, on_progress: Progress, stops: Sequence[Event], way_free: Event) -> None:
        self._total, self._on_progress, self._stops, self._way_free = total, on_progress, stops, way_free
        self._told_at = 0.0

    def at(self, done: int) -> None:
        """`done` people are in. RuleError `roster.stopped` when a person does not want it any more, or signs out."""
        self.pause()
        now = monotonic()
        if now - self._told_at >= _TOLD_EVERY_S:
            self._told_at = now
            self._on_progress(min(done, self._total), self._total)

    def pause(self) -> None:
        """The same where there is nothing to tell yet: RuleError `roster.stopped`."""
        if any(stop.is_set() for stop in self._stops):
            raise RuleError("roster.stopped")
        self._way_free.wait(_LONGEST_WAIT_S)
