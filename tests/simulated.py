"""The simulator for tests: one process for all tests of this one, and its devices through real SBI."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path

from station.capture.lab import Lab
from station.capture.sbi.driver import SbiDriver
from station.capture.sbi.house import House
from station.capture.sbi.names import Environment
from station.capture.sbi.reader import LabReader
from station.capture.sbi.trust import Trust
from station.domain.biometrics import Modality
from station.domain.ports import CaptureDevice
from station.training.simulator.process import Simulator


@cache
def the_simulator() -> Simulator:
    """Captures at once, but few live frames: painting them costs. Whoever breaks it mends it."""
    made = Simulator(frame_ms=100, capture_ms=0)
    atexit.register(made.close)
    return made


class Elsewhere(Simulator):
    """A simulator that another process has started, and ends."""

    def __init__(self, port: int, trust: Path) -> None:
        self.port, self.trust = port, trust


def devices(lab: Lab, simulator: Simulator, *, capture_s: float = 20.0) -> dict[Modality, CaptureDevice]:
    """Its slap scanner, iris camera and face camera, opened by nobody yet."""
    trust = Trust(simulator.trust)
    house = House(LabReader(lab), trust, Environment.DEVELOPER, ports=(simulator.port,), capture_s=capture_s)
    driver = SbiDriver(house)
    found: dict[Modality, CaptureDevice] = {}
    for item in driver.look():
        found.setdefault(item.info.kind, driver.device(item))
    return found
