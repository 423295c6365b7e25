"""One clock for a station and its central, in memory that both processes share: it does not die with either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.support import TODAY


@dataclass
class SharedClock:
    """Moves only when a station waits. `passed` is a shared number of seconds; no death could leave a lock on it."""

    passed: Any

    def now(self) -> datetime:
        return TODAY + timedelta(seconds=self.passed.value)

    def monotonic(self) -> float:
        return 1000.0 + float(self.passed.value)

    def pass_time(self, seconds: float) -> None:
        self.passed.value += seconds
