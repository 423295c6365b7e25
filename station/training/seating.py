"""Who sits in front of the simulated devices: starts the simulator in the background and tells it, in order.

Nobody at the window waits for it. It must not know windows or records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import overload

from station.capture.lab import Lab
from station.capture.sbi.driver import SbiDriver
from station.capture.sbi.house import House
from station.capture.sbi.names import Environment
from station.capture.sbi.reader import LabReader
from station.capture.sbi.trust import Trust
from station.domain.errors import SetupError
from station.domain.ports import CaptureDevice, Found
from station.log import get_logger
from station.training.patient_device import PatientDevice
from station.training.people import Person
from station.training.simulator.faults import Fault
from station.training.simulator.process import Simulator

_log = get_logger(__name__)


@dataclass(frozen=True)
class Pace:
    """How fast the simulated devices work."""

    frame_ms: int = 50
    capture_ms: int = 1200


class Seating:
    """Callable from any thread. A simulator that was given is left running at the end."""

    def __init__(self, person: Person, pace: Pace, simulator: Simulator | None = None) -> None:
        self._given, self._pace = simulator, pace
        self._seated = person
        self._usher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="usher")
        self._lock = Lock()
        self._simulator: Future[Simulator] | None = None

    @property
    def simulator(self) -> Simulator:
        """Started when it is first needed; waits until it is there. SetupError when it does not come up."""
        with self._lock:
            if self._simulator is None:
                self._simulator = self._usher.submit(self._start)
        return self._simulator.result()

    def wait(self) -> None:
        """Until the simulator is there. SetupError when it does not come up."""
        _there = self.simulator

    @property
    def person(self) -> Person:
        """Who sits there, or is on the way to the chair."""
        return self._seated

    def seat(self, person: Person) -> None:
        """The next person sits down."""
        if person != self._seated:
            self._seated = person
            self._tell(lambda running: running.seat(person))

    def expect(self, person: Person) -> None:
        """They are next: they are drawn in the background."""
        self._tell(lambda running: running.expect(person))

    @property
    def names(self) -> tuple[str, ...]:
        """The faults that can be practised."""
        return tuple(fault.value for fault in Fault)

    def choose(self, name: str) -> None:
        """This is wrong with the devices from now on and nothing else; '' for nothing."""

        def tell(running: Simulator) -> None:
            running.mend()
            if name:
                running.fault(Fault(name))

        self._tell(tell)

    def settle(self) -> None:
        """Wait until everything that was told so far has been done; not after `close`, when nobody is told any more."""
        with suppress(RuntimeError):
            self._usher.submit(lambda: None).result()

    def driver(self, lab: Lab) -> SimulatorDriver:
        """The way to the devices, through SBI like any other."""
        return SimulatorDriver(self, lab)

    def _start(self) -> Simulator:
        if self._given is not None:
            self._given.seat(self._seated)
            return self._given
        return Simulator(frame_ms=self._pace.frame_ms, capture_ms=self._pace.capture_ms, person=self._seated)

    def close(self) -> None:
        """End the simulator when everything that was told has been done."""
        self._usher.shutdown(wait=True)
        running = self._simulator
        if self._given is None and running is not None and running.exception() is None:
            running.result().close()

    def _tell(self, what: Callable[[Simulator], None]) -> None:
        """Nothing before it is there: it is started with whoever sits there then."""
        running = self._simulator
        if running is None:
            return

        def told() -> None:
            try:
                what(running.result())
            except SetupError as problem:
                _log.warning("the simulator was not told: %s", problem.code)

        self._usher.submit(told)


class SimulatorDriver:
    """The devices of one simulator and of no other, whoever else runs one on this computer."""

    name = "sbi"

    def __init__(self, seating: Seating, lab: Lab) -> None:
        self._seating, self._lab = seating, lab
        self._lock = Lock()
        self._made: SbiDriver | None = None

    def look(self) -> tuple[Found, ...]:
        try:
            return self._driver().look()
        except SetupError as problem:
            _log.error("no simulated devices: %s", problem.code)
            return ()

    def device(self, found: Found) -> CaptureDevice:
        return PatientDevice(self._driver().device(found), self._seating.settle)

    def _driver(self) -> SbiDriver:
        with self._lock:
            if self._made is None:
                simulator = self._seating.simulator
                house = House(
                    reader=LabReader(self._lab),
                    trust=Trust(simulator.trust),
                    environment=Environment.DEVELOPER,
                    ports=_Ports(simulator),
                )
                self._made = SbiDriver(house)
            return self._made


class _Ports(Sequence[int]):
    """Where the simulator was first, and where it is now that another program may have taken that port."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._first = simulator.port

    def __len__(self) -> int:
        return len({self._first, self._simulator.port})

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...

    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return sorted({self._first, self._simulator.port})[index]
