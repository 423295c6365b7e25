"""One device, one thread: blocking driver calls stay off the window. Knows no screen and no desk.

A plain `threading.Thread` with its own queue; what it says reaches the GUI thread as Qt signals.
"""

from __future__ import annotations

from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread

from PySide6.QtCore import QObject, Signal

from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Order, Preview
from station.log import get_logger

STOP_WAIT_S = 3.0
_STILL_WELL = frozenset({"device.cancelled", "device.timeout", "device.image_too_large"})
_log = get_logger(__name__)


@dataclass(frozen=True)
class _Asked:
    ticket: int
    order: Order


class DeviceThread(QObject):
    """Every answer carries the ticket of its order, so that a late one is known as late."""

    previewed = Signal()
    """A newer frame waits in `take_frame()`. Not said again before it was taken: frames never pile up."""
    captured = Signal(int, object)  # ticket, tuple[Capture, ...]
    failed = Signal(int, object)  # ticket, DeviceError

    def __init__(self, device: CaptureDevice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._device = device
        self._orders: SimpleQueue[_Asked | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._opened = False
        self._lock = Lock()
        self._frame: Preview | None = None
        self._ticket = 0
        self._answered = 0
        self._stopping = False

    @property
    def busy(self) -> bool:
        return self._answered < self._ticket

    def capture(self, order: Order) -> int:
        """Ask for one capture; the ticket comes back with the answer."""
        if self._thread is None or not self._thread.is_alive():
            self._orders = SimpleQueue()
            self._thread = Thread(target=self._work, args=(self._orders,), name=self._name(), daemon=True)
            self._thread.start()
        self._ticket += 1
        self._orders.put(_Asked(self._ticket, order))
        return self._ticket

    def cancel(self) -> None:
        """End a capture that is going on; its answer is a DeviceError as any other."""
        if self.busy:
            self._device.cancel()

    def take_frame(self) -> Preview | None:
        """The newest frame, once."""
        with self._lock:
            frame, self._frame = self._frame, None
        return frame

    def stop(self, wait_s: float = STOP_WAIT_S) -> None:
        """Cancel, close the device and end the thread; a driver that hangs is left behind and logged."""
        self._stopping = True
        if self._thread is None:
            return
        self._device.cancel()
        self._orders.put(None)
        self._thread.join(wait_s)
        if self._thread.is_alive():
            _log.error("device %s did not stop within %.0f s", self._device.info.model, wait_s)

    def _name(self) -> str:
        return f"device-{self._device.info.kind.value}"

    def _work(self, orders: SimpleQueue[_Asked | None]) -> None:
        try:
            while (asked := orders.get()) is not None:
                if not self._stopping:
                    self._serve(asked)
        finally:
            if self._opened:
                self._opened = False
                self._device.close()

    def _serve(self, asked: _Asked) -> None:
        problem: DeviceError | None = None
        captures: tuple[object, ...] | None = None
        try:
            if not self._opened:
                self._device.open()
                self._opened = True
            captures = self._device.capture(asked.order, self._keep_frame)
        except DeviceError as error:
            problem = error
            self._let_go(error)
        finally:
            # Also when a driver breaks in a way nobody named: the thread ends loudly, but the window is told.
            self._answered = asked.ticket
            if captures is None and problem is None:
                self._thread = None  # it is about to end: the next order starts another
            if not self._stopping:
                if captures is not None:
                    self.captured.emit(asked.ticket, captures)
                else:
                    self.failed.emit(asked.ticket, problem or DeviceError("device.broken"))

    def _let_go(self, error: DeviceError) -> None:
        """After trouble with the device itself it is opened afresh next time: it may have been plugged in again."""
        if self._opened and error.code not in _STILL_WELL:
            self._opened = False
            self._device.close()

    def _keep_frame(self, frame: Preview) -> None:
        with self._lock:
            waiting, self._frame = self._frame is not None, frame
        if not waiting and not self._stopping:
            self.previewed.emit()
