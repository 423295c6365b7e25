"""The ways to devices that a real station has. A new kind of driver is a line here.

It must not know windows, records or training. Loading a driver takes time, so it is loaded when it first looks; but the
cameras make classes of Qt, and those are made by the thread that loads this file: the window's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from station.capture.camera.driver import CameraDriver
from station.capture.lab import Lab
from station.domain.ports import CaptureDevice, Clock, Driver, Found, SystemClock

AUTHORITIES = "device-authorities"
"""Folder of PEM files: whose devices this station believes."""


def station_drivers(
    lab: Lab, data_dir: Path, environment: str = "Production", clock: Clock | None = None
) -> tuple[Driver, ...]:
    """Services that speak SBI on this computer and are set up for `environment`, and its cameras."""

    def sbi() -> Driver:
        from station.capture.sbi.driver import SbiDriver
        from station.capture.sbi.house import House
        from station.capture.sbi.names import Environment
        from station.capture.sbi.reader import LabReader
        from station.capture.sbi.trust import Trust

        trust = Trust(data_dir / AUTHORITIES)
        return SbiDriver(House(LabReader(lab), trust, Environment(environment), clock=clock or SystemClock()))

    return LateDriver("sbi", sbi), CameraDriver(lab, clock=clock)


class LateDriver:
    """A driver that is made by the thread that first looks through it."""

    def __init__(self, name: str, make: Callable[[], Driver]) -> None:
        self.name = name
        self._make = make
        self._lock = Lock()
        self._made: Driver | None = None

    def look(self) -> tuple[Found, ...]:
        return self._driver().look()

    def device(self, found: Found) -> CaptureDevice:
        return self._driver().device(found)

    def _driver(self) -> Driver:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made
