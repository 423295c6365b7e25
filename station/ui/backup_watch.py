"""The thread of the second copy, as the window knows it: started, told who is signed in, its facts handed on.

Runs on a real station only. Knows no medium.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from station.desk.backup_thread import BackupThread
from station.desk.office import Depot, Office
from station.domain.backup import BackupFacts
from station.domain.ports import Clock
from station.ui.bridge import Bridge
from station.ui.timer import timer

LOOK_MS = 15_000
"""A copy that hangs says nothing: whether it is slow is seen by looking."""


class BackupWatch(QObject):
    """Emits `backup_changed` of the bridge with BackupFacts, and `data_damaged` with the error."""

    _news = Signal()
    _damage = Signal(object)

    def __init__(self, depot: Depot, clock: Clock, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.thread_ = BackupThread(depot, clock, changed=self._news.emit, damaged=self._damage.emit)
        self._news.connect(self._tell)
        self._damage.connect(bridge.data_damaged)
        self._timer = timer(self, LOOK_MS, self._tell, repeat=True)
        bridge.signed_in.connect(self._signed_in)
        bridge.signed_out.connect(self.thread_.signed_out)
        self.thread_.start()
        self._timer.start()

    @property
    def facts(self) -> BackupFacts:
        """How it stands now."""
        return self.thread_.facts()

    def now(self) -> None:
        """A backup is wanted at once."""
        self.thread_.snap_now()

    def stop(self) -> None:
        """The program ends; a medium that hangs is not waited for."""
        self._timer.stop()
        self.thread_.stop()

    def _signed_in(self, office: Office) -> None:
        self.thread_.signed_in(office)
        self._tell()

    def _tell(self) -> None:
        if self._timer.isActive():
            self._bridge.backup_changed.emit(self.facts)
