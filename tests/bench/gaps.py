"""How regularly a thread with an event loop comes round."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 4


class Gaps(QObject):
    """Counts from its making until `stop`. An undisturbed thread has gaps of about 4 ms."""

    def __init__(self) -> None:
        super().__init__()
        self._gaps_ms: list[float] = []
        self._last = perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def stop(self) -> dict[str, Any]:
        """Longest gap, 99th percentile and the five longest, in milliseconds."""
        self._timer.stop()
        found = sorted(self._gaps_ms)
        if len(found) < 100:
            raise SystemExit(f"only {len(found)} ticks: nothing was measured")
        longest = [round(gap, 1) for gap in found[:-6:-1]]
        return {"max_ms": found[-1], "p99_ms": found[int(len(found) * 0.99)], "longest_ms": longest}

    def _tick(self) -> None:
        now = perf_counter()
        self._gaps_ms.append((now - self._last) * 1000)
        self._last = now
