"""The test of devices: one after another, each within its limit, so that all together stay below a minute.

One at a time on purpose: together they draw more current than a generator or a hub gives. Knows no widget and no disk.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from station.domain.biometrics import DeviceInfo, Modality
from station.domain.errors import DeviceError
from station.ui.device_thread import DeviceThread
from station.ui.lanes import Lanes
from station.ui.timer import timer

ALTOGETHER_S = 60


class Checkup(QObject):
    """`start` it; it tells of each device and of the end. Without a device the kind counts as missing."""

    testing = Signal(object, int, int)  # Modality, how many are done, of how many
    told = Signal(object, object, object)  # Modality, DeviceInfo or None, DeviceError or None when it is well
    finished = Signal()

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._waiting: list[Modality] = []
        self._total = 0
        self._now: Modality | None = None
        self._limit = timer(self, ALTOGETHER_S * 1000, self._too_slow)

    @property
    def running(self) -> bool:
        return self._now is not None

    def start(self, kinds: Sequence[Modality]) -> None:
        """Test these; nothing happens while a test is going on."""
        if self.running or not kinds:
            return
        self._waiting, self._total = list(kinds), len(kinds)
        self._limit.setInterval(ALTOGETHER_S * 1000 // len(kinds))
        self._next()

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._waiting.clear()
        if self._now is not None:
            lane = self._leave(self._now)
            lane.cancel()

    def _next(self) -> None:
        if not self._waiting:
            self._now = None
            self.finished.emit()
            return
        self._now = self._waiting.pop(0)
        self.testing.emit(self._now, self._total - len(self._waiting) - 1, self._total)
        lane = self._lanes.get(self._now)
        lane.tested.connect(self._tested)
        self._limit.start()
        lane.test()

    def _tested(self, problem: DeviceError | None) -> None:
        if self._now is not None:
            self._tell(problem)

    def _too_slow(self) -> None:
        if self._now is not None:
            self._lanes.get(self._now).start_afresh()
            self._tell(DeviceError("device.no_answer"))

    def _tell(self, problem: DeviceError | None) -> None:
        kind = self._now
        assert kind is not None
        device = self._leave(kind).device
        info: DeviceInfo | None = device.info if device is not None else None
        self.told.emit(kind, info, problem)
        self._next()

    def _leave(self, kind: Modality) -> DeviceThread:
        self._limit.stop()
        lane = self._lanes.get(kind)
        lane.tested.disconnect(self._tested)
        self._now = None
        return lane
