"""Looks at the clock every few seconds and says when it jumped. Must not know what a window does about it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from station.desk.clock_guard import ClockWatch
from station.domain.clock_jump import Jump
from station.domain.ports import Clock
from station.ui.timer import timer

LOOK_EVERY_MS = 10_000
SEE_EVERY = 30
"""So many looks, and the time is remembered: what it read last is known after a power cut too."""


class ClockKeeper(QObject):
    """`jumped` carries a Jump; `see` asks to remember the time."""

    jumped = Signal(object)
    see = Signal()

    def __init__(self, clock: Clock, watch: ClockWatch | None = None) -> None:
        super().__init__()
        self._watch = watch or ClockWatch(clock)
        self._looks = 0
        self._timer = timer(self, LOOK_EVERY_MS, self.look, repeat=True)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def look(self) -> None:
        """Whether it jumped since the last look."""
        self._looks += 1
        found: Jump | None = self._watch.look()
        if found is not None:
            self.jumped.emit(found)
        elif self._looks % SEE_EVERY == 0:
            self.see.emit()
