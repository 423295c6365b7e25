"""Looks for devices in the background: at the start, on demand, and again and again while one is missing.

The window never waits for it. Must not know windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread

from station.capture.rack import Rack
from station.domain.biometrics import Modality

AGAIN_S = 30.0
SOON_S = 1.0
STOP_WAIT_S = 0.5


class Lookout:
    """A thread that keeps the rack up to date. A driver that blocks does not hold up the end of the program."""

    def __init__(self, rack: Rack, needed: Sequence[Modality], *, again_s: float = AGAIN_S) -> None:
        self._rack = rack
        self._needed = tuple(needed)
        self._again_s = again_s
        self._wake, self._stopped = Event(), Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Look from now on; nothing when it does already."""
        if self._thread is not None:
            return
        self._thread = Thread(target=self._run, name="lookout", daemon=True)
        self._thread.start()

    def look_now(self) -> None:
        """Somebody asks, or a device stopped answering. Callable from any thread."""
        self._wake.set()

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(STOP_WAIT_S)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wake.clear()
            self._rack.look()
            while not self._wake.wait(SOON_S if self._rack.waiting else self._again_s):
                if self._rack.waiting or self._rack.missing(self._needed):
                    break
