"""One lane per kind of device, for every screen: they follow the rack while the program runs.

Must not know what is captured; what every capture came to is handed on, never written here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from station.capture.rack import Rack
from station.domain.biometrics import Modality
from station.domain.device import Use, in_use
from station.domain.errors import DeviceError
from station.ui.device_thread import DeviceThread

_LOST = frozenset({"device.unplugged", "device.missing", "device.not_open", "device.broken"})


class Lanes(QObject):
    """`get` a lane at any time; a device that appears later serves in the same lane."""

    lost = Signal()
    """A device stopped answering: somebody should look what is there."""
    _rack_changed = Signal()

    def __init__(self, rack: Rack, note: Callable[[Use], None], parent: QObject | None = None) -> None:
        """`note` hears every capture that says something about its device, on the window's thread."""
        super().__init__(parent)
        self._rack = rack
        self._note = note
        self._lanes = {kind: DeviceThread(None, self) for kind in Modality}
        for kind, lane in self._lanes.items():
            lane.used.connect(self._used)
            lane.failed.connect(partial(self._failed, kind))
        self._rack_changed.connect(self.follow)  # from the thread that looked: queued to this one
        self._listener = self._rack_changed.emit
        rack.on_change.append(self._listener)
        self.follow()

    def get(self, kind: Modality) -> DeviceThread:
        return self._lanes[kind]

    def follow(self) -> None:
        """Every lane serves with the device the rack has for it now."""
        for kind, lane in self._lanes.items():
            lane.use(self._rack.device(kind))

    def stop(self) -> None:
        """Let go of every device; the lanes may be used again."""
        for lane in self._lanes.values():
            lane.stop()

    def close(self) -> None:
        """The program ends."""
        if self._listener in self._rack.on_change:
            self._rack.on_change.remove(self._listener)
        self.stop()

    def _used(self, use: Use) -> None:
        if in_use(use.outcome):
            self._note(use)

    def _failed(self, kind: Modality, _ticket: int, error: DeviceError) -> None:
        if error.code in _LOST and self._lanes[kind].device is not None:
            self._rack.doubt(kind)
            self.lost.emit()
