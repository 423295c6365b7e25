"""What a page does with its device: watch, capture, stop. Late answers of an earlier look are dropped.

Must not know which parts they are, nor what is shown.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview
from station.ui.device_thread import DeviceThread

HANGS_MS = 5000
"""A driver that has not let go by then is left behind; the next look gets a new thread."""


class Looking(QObject):
    """One page's use of one device's thread; None where the station has no such device."""

    frame = Signal()  # a newer frame waits in `take_frame`
    captured = Signal(object)  # tuple[Capture, ...]
    failed = Signal(object)  # DeviceError of a capture
    lost = Signal(object)  # DeviceError: it cannot be watched either
    ended = Signal()  # the device shows nothing more by itself
    changed = Signal()  # another device serves from now on, or none

    def __init__(self, lane: DeviceThread | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._ticket = 0
        self._watch = 0
        self._watched: Order | None = None
        self._answered = 0
        self._left = 0  # was stopped, and must answer
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(HANGS_MS)
        self._patience.timeout.connect(self._leave_behind)
        if lane is not None:
            lane.previewed.connect(self._previewed)
            lane.captured.connect(self._captured)
            lane.failed.connect(self._failed)
            lane.ended.connect(self._ended)
            lane.changed.connect(self.changed)

    @property
    def missing(self) -> bool:
        return self._lane is None or self._lane.device is None

    @property
    def capturing(self) -> bool:
        return bool(self._ticket)

    @property
    def watching(self) -> bool:
        return bool(self._watch)

    def watch(self, order: Order | None) -> None:
        """See live what is ordered; of nothing: see nothing. Watching the same already changes nothing."""
        if self._lane is None or (self._watch and order == self._watched):
            return
        self.stop()
        self._watched = order
        if order is not None:
            self._lane.take_frame()  # of an earlier look: it must not hold up the first one of this
            self._watch = self._lane.watch(order)

    def capture(self, order: Order) -> None:
        if self._lane is not None:
            self._watch = 0
            self._lane.take_frame()
            self._ticket = self._lane.capture(order)

    def stop(self) -> bool:
        """True when there was something to stop."""
        ticket = self._ticket or self._watch
        self._ticket = self._watch = 0
        if ticket and self._lane is not None:
            self._lane.cancel()
            self._left = ticket
            self._patience.start()
        return bool(ticket)

    def take_frame(self) -> Preview | None:
        """The newest frame, once; None when nobody looks any more."""
        return self._lane.take_frame() if self._lane and (self._ticket or self._watch) else None

    def _previewed(self) -> None:
        if self._ticket or self._watch:  # another page may look through the same device
            self.frame.emit()

    def _captured(self, ticket: int, captures: object) -> None:
        self._answered = max(self._answered, ticket)
        if ticket == self._ticket:
            self._ticket = 0
            self.captured.emit(captures)

    def _failed(self, ticket: int, error: DeviceError) -> None:
        self._answered = max(self._answered, ticket)
        if ticket and ticket in (self._ticket, self._watch):
            say = self.failed if ticket == self._ticket else self.lost
            self._ticket = self._watch = 0
            say.emit(error)

    def _ended(self, ticket: int) -> None:
        self._answered = max(self._answered, ticket)
        if ticket == self._watch and ticket:
            self._watch = 0
            self.ended.emit()

    def _leave_behind(self) -> None:
        if self._answered < self._left and self._lane is not None:
            self._lane.start_afresh()
            if self._ticket or self._watch:  # waited behind the driver that hangs, and is gone with it
                self._ticket = self._watch = 0
                self.lost.emit(DeviceError("device.unplugged"))
