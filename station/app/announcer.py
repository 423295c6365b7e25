"""What the window hears of delivery, and how often."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QObject, QTimer

from station.desk import delivery, healing
from station.desk.devices import note_seen
from station.ui.context import Context

NEWS_EVERY_MS = 200
"""The window hears of delivery at most five times a second, however fast packets move."""


class Announcer(QObject):
    """Turns the engine's many calls from its own thread into a few signals with fresh facts."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._news = Event()
        self._asked = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(NEWS_EVERY_MS)

    def mark(self) -> None:
        """Something changed. Callable from any thread."""
        self._news.set()

    def note_devices(self) -> None:
        """Remember what is connected. Emitted by the thread that looks, so it may arrive after the end: the receiver is
        a QObject, with which what is still on its way goes too.
        """
        if self._timer.isActive():
            context = self._context
            context.tasks.run(lambda: note_seen(context.depot, context.rack, context.clock.now()))

    def stop(self) -> None:
        """Look no more. A timer that still runs must not be thrown away by another thread's garbage collector."""
        self._timer.stop()

    def _look(self) -> None:
        if self._news.is_set() and not self._asked:
            self._news.clear()
            self._asked = True
            self._context.tasks.run(self._read, self._tell, self._failed)

    def _read(self) -> tuple[delivery.Delivery, int]:
        office = self._context.office
        moved = healing.catch_up(office) if office is not None else 0
        return delivery.delivery(self._context.depot, self._context.clock.now()), moved

    def _tell(self, found: tuple[delivery.Delivery, int]) -> None:
        self._asked = False
        self._context.bridge.delivery_changed.emit(found[0])
        self._context.bridge.records_changed.emit()

    def _failed(self, problem: Exception) -> None:
        self._asked = False
        self._context.tasks.failed.emit(problem)
