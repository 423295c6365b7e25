"""Looks after disk and retention while somebody is signed in: soon after sign-in, then every hour, a little at a time.

Knows no widget. What it destroys is the desk's decision.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from station.desk import disk_guard, retention
from station.desk.office import Office
from station.desk.retention import Run
from station.domain.errors import StationError
from station.log import get_logger
from station.ui.bridge import Bridge
from station.ui.tasks import Tasks
from station.ui.timer import timer

log = get_logger(__name__)

FIRST_MS, HOUR_MS = 20_000, 3_600_000
"""Not in the moment of sign-in: the first person waits already."""
NEXT_MS = 2_000
AT_ONCE = 3
"""Each packet costs some hundredths of a second of the desk's time."""


class Caretaker(QObject):
    """`looked` carries the Run after each look."""

    looked = Signal(object)

    def __init__(self, bridge: Bridge, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._bridge = tasks, bridge
        self._office: Office | None = None
        self._first = timer(self, FIRST_MS, self.look)
        self._hour = timer(self, HOUR_MS, self.look, repeat=True)
        self._next = timer(self, NEXT_MS, self.look)
        bridge.signed_in.connect(self._signed_in)
        bridge.signed_out.connect(self.stop)

    def look(self) -> None:
        """Look now: announce what will go, let go what is due."""
        office = self._office
        if office is not None:
            self._tasks.run(lambda: _look(office), self._told, _failed)

    def stop(self) -> None:
        """Nobody is signed in any more, or the program ends."""
        self._office = None
        for each in (self._first, self._hour, self._next):
            each.stop()

    def _signed_in(self, office: Office) -> None:
        self._office = office
        self._first.start()
        self._hour.start()

    def _told(self, done: Run) -> None:
        if done.gone:
            self._bridge.records_changed.emit()
        if done.more and self._office is not None:
            self._next.start()
        self.looked.emit(done)


def _look(office: Office) -> Run:
    disk_guard.look_after(office)
    retention.announce(office)
    return retention.run(office, AT_ONCE)


def _failed(problem: StationError) -> None:
    log.warning("disk and retention could not be looked after: %s", problem.code)
