"""Garbage is collected on the GUI thread only. Knows nothing of what is collected.

Python's cycle collector runs on whatever thread happens to make the next object. When that is the desk or the sync
thread and the garbage holds a widget, Qt destroys it off the GUI thread, and sooner or later the program dies.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject

from station.ui.timer import timer

LOOK_EVERY_MS = 250
"""Often: what the young generations cost grows with what was made since the last look, and the window waits for it."""
LATEST_LOOKS = 4 * 60 * 15
"""Everything is looked at when nobody is in front of the devices; after a quarter of an hour also when somebody is."""
SETTLE_MS = 1000
"""After a screen was made: what it reads is there too."""
_OLDEST = 2


class Collector(QObject):
    """From its making on, no other thread collects. Nor after `stop`: what is left of the window becomes garbage later,
    while other threads still run.

    `quiet` is true when a pause of a tenth of a second is seen by nobody.
    """

    def __init__(self, parent: QObject | None = None, *, quiet: Callable[[], bool] = lambda: True) -> None:
        super().__init__(parent)
        self._quiet = quiet
        self._waits = 0  # looks since everything was due
        self._thresholds = gc.get_threshold()
        self._freezes = gc.isenabled()  # whoever disabled it before us decides what is garbage and what stays
        gc.disable()
        if self._freezes:
            # What the start has made stays for ever: looking at it even once would only make the start longer. Of two
            # hundred thousand objects less than a thousand are garbage by now.
            gc.freeze()
        self._settling = timer(self, SETTLE_MS, self._settle)
        self._releasing = timer(self, SETTLE_MS, self._release)
        self._timer = timer(self, LOOK_EVERY_MS, self.look, repeat=True)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due, as Python would have done by itself; the oldest one in quiet."""
        counts = gc.get_count()
        due = [number for number in range(_OLDEST + 1) if counts[number] > self._thresholds[number] > 0]
        if _OLDEST in due and not self._now():
            due.remove(_OLDEST)
        if due:
            gc.collect(max(due))

    def settle(self) -> None:
        """A screen was made. It stays until somebody signs out: no look at everything has to go through it."""
        if self._freezes:
            self._settling.start()

    def release(self) -> None:
        """Somebody signed out: what had settled is garbage now, and nobody works."""
        self._settling.stop()
        if self._freezes:
            self._releasing.start()

    def stop(self) -> None:
        for each in (self._timer, self._settling, self._releasing):
            each.stop()
        if self._freezes:
            gc.unfreeze()

    def _settle(self) -> None:
        gc.collect(_OLDEST - 1)
        gc.freeze()

    def _release(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def _now(self) -> bool:
        self._waits += 1
        if not self._quiet() and self._waits < LATEST_LOOKS:
            return False
        self._waits = 0
        return True
