"""Looks at the power every few seconds and says when it changes. Must not know what a window does about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from station.domain.power import Charge, PowerState, state_of
from station.ui.timer import timer

LOOK_EVERY_MS = 15_000


class PowerGuard(QObject):
    """`changed` with each new state or charge; `ran_low` once, when what is left has become little."""

    changed = Signal()
    ran_low = Signal()

    def __init__(self, charge: Callable[[], Charge | None]) -> None:
        super().__init__()
        self._read = charge
        self.charge: Charge | None = None
        self.state = PowerState.MAINS
        self._timer = timer(self, LOOK_EVERY_MS, self.look, repeat=True)

    @property
    def is_low(self) -> bool:
        return self.state is PowerState.LOW

    def start(self) -> None:
        """Look now, and from now on."""
        self.look()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """What is left now."""
        before, charge = self.state, self._read()
        state = state_of(charge, before)
        if (charge, state) == (self.charge, before):
            return
        self.charge, self.state = charge, state
        self.changed.emit()
        if state is PowerState.LOW and before is not PowerState.LOW:
            self.ran_low.emit()
