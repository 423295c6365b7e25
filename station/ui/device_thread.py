"""The lane to one kind of device: orders go in, answers come back as Qt signals. Knows no screen and no desk.

Blocking driver calls stay off the window. The device may be changed at any time; one that hangs is left behind.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from PySide6.QtCore import QObject, QTimer, Signal

from station.domain.biometrics import Capture
from station.domain.clocks import SKEWED
from station.domain.device import GOOD, Use
from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Order, Preview
from station.ui.device_worker import Job, Worker

STOP_WAIT_S = 3.0
AGAIN_MS = 50
"""A cancel that comes before the driver has begun is nobody's: it is said again until it was heard."""

Keep = Callable[[Preview], None]
Done = Callable[[int, Worker, object, DeviceError | None, int], None]


class DeviceThread(QObject):
    """Every answer carries the ticket of its order, so that a late one is known as late."""

    previewed = Signal()
    """A newer frame waits in `take_frame()`. Not said again before it was taken: frames never pile up."""
    captured = Signal(int, object)  # ticket, tuple[Capture, ...]
    failed = Signal(int, object)  # ticket, DeviceError: of a capture, or of watching
    ended = Signal(int)  # ticket: nothing more is shown of this watching
    tested = Signal(object)  # DeviceError, or None when it is well
    used = Signal(object)  # Use: said after every answer to a capture
    changed = Signal()
    """Another device serves from now on, or none."""

    def __init__(self, device: CaptureDevice | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ended: list[Worker] = []  # whose threads may still be in their drivers
        self._worker = self._begin(device)
        self._lock = Lock()
        self._frame: Preview | None = None
        self._ticket = 0
        self._answered = 0
        self._watch = 0
        self._turn = Lock()
        self._running = 0
        self._left = 0  # orders up to this ticket are wanted no more
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._end_left)

    @property
    def device(self) -> CaptureDevice | None:
        """The device that serves; None while there is none."""
        return self._worker.device if self._worker is not None else None

    @property
    def busy(self) -> bool:
        return self._answered < self._ticket

    def use(self, device: CaptureDevice | None) -> None:
        """Serve with another device from now on. A capture that is going on ends as a cancelled one."""
        if device is self.device:
            return
        same = device is not None and self.device is not None and device.info == self.device.info
        self._running = 0
        self._end()
        self._worker = self._begin(device)
        if self.busy:
            self._answered = self._ticket
            self.failed.emit(self._ticket, DeviceError("device.cancelled"))
        if not same:
            self.changed.emit()

    def start_afresh(self) -> None:
        """Leave a driver that hangs behind, and give the same device a new thread."""
        self._again.stop()
        self._answered, self._running = self._ticket, 0
        device = self.device
        self._end()
        self._worker = self._begin(device)

    def watch(self, order: Order) -> int:
        """Show what the device sees, until the next order or `cancel`; without a device `failed` tells."""
        self._watch = self._ask(lambda device, keep: device.watch(order, keep), self._watched)
        return self._watch

    def capture(self, order: Order) -> int:
        """Ask for one capture; the ticket comes back with the answer. Watching ends."""
        return self._ask(lambda device, keep: device.capture(order, keep), self._captured)

    def test(self) -> None:
        """Ask the device to test itself; `tested` tells. Watching ends."""
        self._ask(lambda device, _keep: device.self_test(), self._tested)

    def cancel(self) -> None:
        """End what is going on; the answer to a capture is a DeviceError as any other."""
        if self.busy and self._worker is not None:
            self._left = self._ticket
            self._again.start()
            self._end_left()

    def take_frame(self) -> Preview | None:
        """The newest frame, once."""
        with self._lock:
            frame, self._frame = self._frame, None
        return frame

    def stop(self, wait_s: float = STOP_WAIT_S) -> None:
        """Cancel, close the device and end the thread; a driver that hangs is left behind and logged."""
        old = self._worker
        self.start_afresh()
        if old is not None:
            old.wait(wait_s)

    def _begin(self, device: CaptureDevice | None) -> Worker | None:
        """A worker for `device`, which knows the one that may still be in the same driver."""
        self._ended = [item for item in self._ended if item.alive]
        before = next((item for item in reversed(self._ended) if item.device is device), None)
        return Worker(device, before) if device is not None else None

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._ended.append(self._worker)

    def _ask(self, do: Callable[[CaptureDevice, Keep], object], done: Done) -> int:
        if self._answered < self._watch:
            self._left = self._watch
            self._again.start()
            self._end_left()
        self._ticket += 1
        ticket, worker = self._ticket, self._worker
        if worker is None:  # said as every answer is said: after this call
            QTimer.singleShot(0, self, lambda: self._missing(ticket, done))
        else:
            worker.ask(
                Job(
                    lambda device: self._in_turn(ticket, worker, lambda keep: do(device, keep)),
                    lambda result, problem, ms: done(ticket, worker, result, problem, ms),
                )
            )
        return ticket

    def _end_left(self) -> None:
        with self._turn:
            if self._worker is not None and 0 < self._running <= self._left:
                self._worker.device.cancel()
        if self._answered >= self._left:
            self._again.stop()

    def _missing(self, ticket: int, done: Done) -> None:
        problem = DeviceError("device.missing")
        if done == self._tested:
            self._answered = max(self._answered, ticket)
            self.tested.emit(problem)
        else:
            self._answer(ticket, problem)

    # ------------------------------------------------------------------------------------- on the device's thread

    def _in_turn(self, ticket: int, worker: Worker, do: Callable[[Keep], object]) -> object:
        with self._turn:
            if ticket <= self._left or worker is not self._worker:
                raise DeviceError("device.cancelled")
            self._running = ticket
        try:
            return do(lambda frame: self._keep_frame(worker, frame))
        finally:
            with self._turn:
                if self._running == ticket:
                    self._running = 0

    def _captured(self, ticket: int, worker: Worker, result: object, problem: DeviceError | None, ms: int) -> None:
        captures = [item for item in result if isinstance(item, Capture)] if isinstance(result, tuple) else []
        quality = min((item.quality for item in captures), default=None)
        skewed = any(SKEWED in item.remarks for item in captures)
        if self._answer(ticket, problem):
            self.captured.emit(ticket, result)
        self.used.emit(Use(worker.device.info, ms, problem.code if problem else GOOD, quality, skewed))

    def _watched(self, ticket: int, _worker: Worker, _result: object, problem: DeviceError | None, _ms: int) -> None:
        stopped = problem is None or problem.code == "device.cancelled"
        self._answer(ticket, None if stopped else problem)
        if stopped:
            self.ended.emit(ticket)

    def _tested(self, ticket: int, _worker: Worker, _result: object, problem: DeviceError | None, _ms: int) -> None:
        self._answered = max(self._answered, ticket)
        self.tested.emit(problem)

    def _answer(self, ticket: int, problem: DeviceError | None) -> bool:
        """True when all went well; otherwise it has been told."""
        if not self._is_open(ticket):
            return False
        if problem is not None:
            self.failed.emit(ticket, problem)
        return problem is None

    def _is_open(self, ticket: int) -> bool:
        """False for an order that was answered already, as those of a device that was just changed."""
        with self._turn:
            if ticket <= self._answered:
                return False
            self._answered = ticket
            return True

    def _keep_frame(self, worker: Worker, frame: Preview) -> None:
        if worker is not self._worker or worker.ended:
            return  # of a device that was left behind
        with self._lock:
            waiting, self._frame = self._frame is not None, frame
        if not waiting:
            self.previewed.emit()
