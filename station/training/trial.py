"""Simulated devices on a station that records real people: to see whether program, cable or scanner is at fault.

What is captured with them can be kept nowhere: they say that they are simulated, and the desk takes nothing of a
simulated device. Must not know windows or records. A real station loads this at its start, and what
draws and starts people only when somebody tries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock, Thread
from typing import TYPE_CHECKING

from station.capture.lab import Lab
from station.domain.biometrics import Capture, DeviceInfo
from station.domain.device import device_id
from station.domain.errors import SetupError
from station.domain.ports import CaptureDevice, Driver, Found, Order, Preview

if TYPE_CHECKING:
    from station.training.seating import Pace, Seating
    from station.training.simulator.process import Simulator

DRIVER = "simulator"
END_WAIT_S = 3.0


class SimulatorTrial:
    """`begin` starts a simulator, `end` ends it. Its authority is trusted on the way to it and nowhere else."""

    def __init__(self, lab: Lab, simulator: Simulator | None = None, pace: Pace | None = None) -> None:
        """`simulator` is one that runs already, and is left running."""
        self._lab, self._simulator, self._pace = lab, simulator, pace
        self._lock = Lock()
        self._seating: Seating | None = None

    def begin(self) -> tuple[Driver, tuple[Found, ...]]:
        """Takes seconds. SetupError `simulator.start` or `simulator.gone` when nothing answers."""
        from station.training.people import PEOPLE
        from station.training.seating import Pace, Seating

        seating = Seating(PEOPLE[0], self._pace or Pace(), self._simulator)
        with self._lock:
            before, self._seating = self._seating, seating
        if before is not None:
            before.close()
        seating.wait()  # SetupError here, and not as a look that finds nothing
        driver = MarkedDriver(seating.driver(self._lab))
        found = driver.look()
        if not found:
            raise SetupError("simulator.gone")
        return driver, found

    def end(self) -> None:
        """Callable from any thread. One that hangs is left behind: it ends with this program."""
        with self._lock:
            seating, self._seating = self._seating, None
        if seating is not None:
            ending = Thread(target=seating.close, name="trial-end", daemon=True)
            ending.start()
            ending.join(END_WAIT_S)


class MarkedDriver:
    """Every device that comes this way says that it is simulated; one that claims to be real does not come through."""

    name = DRIVER

    def __init__(self, inner: Driver) -> None:
        self._inner = inner
        self._behind: dict[str, Found] = {}

    def look(self) -> tuple[Found, ...]:
        seen = [found for found in self._inner.look() if found.info.simulated]
        told = {marked(found.info): found for found in seen}
        self._behind = {device_id(info): found for info, found in told.items()}
        return tuple(Found(device_id(info), info, found.trouble) for info, found in told.items())

    def device(self, found: Found) -> CaptureDevice:
        return MarkedDevice(self._inner.device(self._behind[found.device_id]))


class MarkedDevice:
    """A device whose captures say that they are simulated."""

    def __init__(self, inner: CaptureDevice) -> None:
        self._inner = inner

    @property
    def info(self) -> DeviceInfo:
        return marked(self._inner.info)

    def open(self) -> None:
        self._inner.open()

    def watch(self, order: Order, on_preview: Callable[[Preview], None]) -> None:
        self._inner.watch(order, on_preview)

    def capture(self, order: Order, on_preview: Callable[[Preview], None]) -> tuple[Capture, ...]:
        taken = self._inner.capture(order, on_preview)
        return tuple(replace(item, device=marked(item.device)) for item in taken)

    def self_test(self) -> None:
        self._inner.self_test()

    def cancel(self) -> None:
        self._inner.cancel()

    def close(self) -> None:
        self._inner.close()


def marked(info: DeviceInfo) -> DeviceInfo:
    """The same device, plainly as one of a simulator."""
    return replace(info, driver=DRIVER)
