"""The thread of one device: opens it, lets one job after another use it, closes it. Knows no Qt and no job.

A driver that hangs is left behind with its thread; what it says later is heard by nobody, and it closes nothing that
another thread has opened since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread, current_thread
from time import monotonic

from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice
from station.log import get_logger

_STILL_WELL = frozenset({"device.cancelled", "device.timeout", "device.image_too_large"})
_log = get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """Something to be done with the open device; `done` hears result, trouble and milliseconds on its thread."""

    do: Callable[[CaptureDevice], object]
    done: Callable[[object, DeviceError | None, int], None]


CLOSING_S = 2.0
"""How long a thread waits for the one before it, which is closing the same device."""


class Worker:
    """Ask it; `end` it. After trouble of the driver that nobody named, the next job gets a new thread."""

    def __init__(self, device: CaptureDevice, before: Worker | None = None) -> None:
        """`before` had the same device and was ended; it may still be in the driver."""
        self.device = device
        self._before = before
        self._turn = Lock()
        self._succeeded = False
        self._closing = False
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._opened = False
        self.ended = False

    def ask(self, job: Job) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._jobs = SimpleQueue()
            name = f"device-{self.device.info.kind.value}"
            self._thread = Thread(target=self._work, args=(self._jobs,), name=name, daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def end(self) -> None:
        """Say no more; cancel, close the device and end the thread as soon as the driver lets go."""
        self.ended = True
        if self._thread is not None:
            self.device.cancel()
            self._jobs.put(None)

    def wait(self, seconds: float) -> None:
        """Wait for the end; a driver that hangs is left behind and logged."""
        if self._thread is not None:
            self._thread.join(seconds)
            if self._thread.is_alive():
                _log.error("device %s did not stop within %.0f s", self.device.info.model, seconds)

    @property
    def alive(self) -> bool:
        """Its thread has not come back yet."""
        return self._thread is not None and self._thread.is_alive()

    def _work(self, jobs: SimpleQueue[Job | None]) -> None:
        try:
            self._take_over()
            while (job := jobs.get()) is not None:
                if not self.ended:
                    self._serve(job)
        finally:
            # After a driver broke in a way nobody named it is closed already, and may have been opened anew since.
            if self._thread is current_thread():
                self._close()

    def _serve(self, job: Job) -> None:
        started = monotonic()
        result: object = None
        problem: DeviceError | None = DeviceError("device.broken")
        try:
            if not self._opened:
                self.device.open()
                self._opened = True
            result, problem = job.do(self.device), None
        except DeviceError as error:
            problem = error
            # After trouble with the device itself it is opened afresh: it may have been plugged in again.
            if error.code not in _STILL_WELL:
                self._close()
        except BaseException:
            # It is about to end, loudly. The next job starts another thread as soon as this one is answered.
            try:
                self._close()
            finally:
                self._thread = None
            raise
        finally:
            if not self.ended:
                job.done(result, problem, round((monotonic() - started) * 1000))

    def _close(self) -> None:
        with self._turn:
            if not self._opened or self._succeeded:
                return
            self._opened, self._closing = False, True
        try:
            self.device.close()
        finally:
            self._closing = False

    def _take_over(self) -> None:
        """From here on the device is closed by this thread only; one that is closing it already is waited for."""
        before, self._before = self._before, None
        if before is None:
            return
        with before._turn:
            before._succeeded, closing = True, before._closing
            # What the one before had opened is closed before it is opened again, also when it never comes back.
            self._opened = before._opened
        if closing:
            before.wait(CLOSING_S)
        self._close()
