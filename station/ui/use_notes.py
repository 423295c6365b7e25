"""What devices did, written down when the window has a moment: right after a capture the next page is being opened.

Must not know what is remembered of a use. A history that is lost stops nobody, so nothing waits for it.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject

from station.desk import devices
from station.desk.office import Depot
from station.domain.device import Use
from station.domain.errors import StationError
from station.domain.ports import Clock
from station.log import get_logger
from station.ui.tasks import Tasks
from station.ui.timer import timer

LATER_MS = 2_000
"""A capture is followed by a key, a page and a row in the database; then by somebody moving their fingers."""

_log = get_logger(__name__)


class UseNotes(QObject):
    """Every capture that says something about its device, told on the window's thread."""

    def __init__(self, depot: Depot, tasks: Tasks, clock: Clock) -> None:
        super().__init__()
        self._depot, self._tasks, self._clock = depot, tasks, clock
        self._noted: list[tuple[Use, datetime]] = []
        self._later = timer(self, LATER_MS, self.settle)

    def note(self, use: Use) -> None:
        """It is written two seconds after the first that waits, however many come meanwhile."""
        self._noted.append((use, self._clock.now()))
        if not self._later.isActive():
            self._later.start()

    def settle(self) -> None:
        """Write what waits, on the desk's thread: a slow disk delays no capture."""
        self._later.stop()
        noted, self._noted = self._noted, []
        if noted:
            self._tasks.run(lambda: self._write(noted))

    def _write(self, noted: list[tuple[Use, datetime]]) -> None:
        for use, at in noted:
            try:
                devices.note_use(self._depot, use, at)
            except StationError as problem:
                _log.warning("what a device did was not noted: %s", problem.code)
