"""The virtual clock with what is planned: time passes from one planned moment to the next. Knows nothing of anybody."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

RETURN = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
"""Second 0: central is back."""


class Agenda:
    """A clock for the real parts of station and central; seconds are monotonic, and negative before the return."""

    def __init__(self, begin_s: float) -> None:
        self.second = begin_s
        self._planned: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return RETURN + timedelta(seconds=self.second)

    def monotonic(self) -> float:
        return self.second

    def plan(self, wait_s: float, do: Callable[[], None]) -> None:
        """Do it in so many seconds."""
        self._count += 1
        heapq.heappush(self._planned, (self.second + wait_s, self._count, do))

    def go_on(self, until_s: float, *, over: Callable[[], bool] = lambda: False) -> None:
        """Let time pass until nothing is planned, `until_s`, or `over` says so."""
        while self._planned and self._planned[0][0] <= until_s and not over():
            self.second, _, do = heapq.heappop(self._planned)
            do()
