"""Garbage is collected on the GUI thread only. Knows nothing of what is collected.

Python's cycle collector runs on whatever thread happens to make the next object. When that is the desk or the sync
thread and the garbage holds a widget, Qt destroys it off the GUI thread, and sooner or later the program dies.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 2000


class Collector(QObject):
    """While it lives, no other thread collects. `stop` gives the collector back to Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.collect()
        gc.freeze()  # what the start has made stays for ever: looking at it again each time would only cost time
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_EVERY_MS)

    def look(self) -> None:
        """Collect the oldest generation that is due, as Python would have done by itself."""
        counts = gc.get_count()
        due = [number for number in range(3) if counts[number] > self._thresholds[number] > 0]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
