"""The newest frame of a source, and nothing older: who is slow misses frames instead of falling behind."""

from __future__ import annotations

from threading import Condition

from station.capture.camera.source import Frame
from station.domain.errors import DeviceError


class Newest:
    """`put` and `fail` come from the camera's thread, `stop` from anywhere, `take` from the device's thread."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._frame: Frame | None = None
        self._trouble: DeviceError | None = None
        self._stopped = False

    def put(self, frame: Frame) -> None:
        with self._changed:
            self._frame, self._trouble = frame, None
            self._changed.notify()

    def fail(self, trouble: DeviceError) -> None:
        with self._changed:
            self._trouble = trouble
            self._changed.notify()

    def clear(self) -> None:
        """Before a start: what an earlier one left is of no interest."""
        with self._changed:
            self._frame = self._trouble = None

    def stop(self) -> None:
        """Whoever takes, now or next, is told `device.cancelled`, until `go_on`."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def go_on(self) -> None:
        with self._changed:
            self._stopped = False

    def take(self, wait_s: float) -> Frame:
        """The newest frame, once. DeviceError: the source's own, `device.cancelled`, `device.timeout`."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._trouble or self._frame, wait_s)
            if self._stopped:
                raise DeviceError("device.cancelled")
            if self._trouble is not None:
                raise self._trouble
            frame, self._frame = self._frame, None
        if frame is None:
            raise DeviceError("device.timeout")
        return frame
