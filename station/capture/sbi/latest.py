"""One place for the newest frame: whoever is slow misses frames instead of falling behind. Knows nothing of frames."""

from __future__ import annotations

from threading import Condition
from time import monotonic

from station.domain.errors import DeviceError


class Latest:
    """Written by one thread, taken by another."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._frame: tuple[bytes, float] | None = None
        self._ended = False
        self._why: DeviceError | None = None

    def put(self, frame: bytes) -> None:
        with self._changed:
            self._frame = frame, monotonic()
            self._changed.notify()

    def end(self, why: DeviceError | None = None) -> None:
        """No more will come."""
        with self._changed:
            self._ended, self._why = True, why
            self._changed.notify()

    def take(self) -> tuple[bytes, float] | None:
        """The newest frame and when it came; waits for one. None at the end; DeviceError when that was trouble."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None or self._ended)
            frame, self._frame = self._frame, None
            if frame is None and self._why is not None:
                raise self._why
            return frame
