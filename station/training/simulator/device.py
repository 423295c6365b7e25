"""One simulated device as it stands: its state, what it says of its pictures, and who uses it.

It must not know of HTTP or of drawings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import Lock

from station.capture.sbi.names import BUSY, READY
from station.training.simulator.faults import Fault, Faults
from station.training.simulator.identity import Authority, DeviceKey
from station.training.simulator.models import Model


class Stream:
    """A live view that somebody has opened. `gone` says whether they still look."""

    def __init__(self, gone: Callable[[], bool]) -> None:
        self.gone = gone
        self.ended = False

    @property
    def is_open(self) -> bool:
        return not self.ended and not self.gone()


class Device:
    """`status`, `score` and `delays` are what the admin calls turn. Callable from any thread."""

    def __init__(self, model: Model, authority: Authority) -> None:
        self.model = model
        self.faults = Faults()
        self.status = READY
        self.score: float | None = None
        self.delays: dict[str, float] = {}
        self._authority = authority
        self._lock = Lock()
        self._capturing = False
        self._stream: Stream | None = None

    @cached_property
    def key(self) -> DeviceKey:
        """Made when it is first needed: it takes a moment."""
        return DeviceKey(self._authority, self.model.serial)

    @property
    def plugged(self) -> bool:
        return not self.faults.has(Fault.UNPLUGGED)

    @property
    def state(self) -> str:
        """As discovery tells it: a device that is looked at or captures is busy."""
        taken = self._capturing or self.streams or self.faults.has(Fault.BUSY)
        return BUSY if self.status == READY and taken else self.status

    @property
    def captures(self) -> bool:
        """True while somebody captures, or seems to."""
        return self._capturing or self.status == BUSY or self.faults.has(Fault.BUSY)

    @property
    def streams(self) -> bool:
        stream = self._stream
        return stream is not None and stream.is_open

    @contextmanager
    def capture(self) -> Iterator[Stream | None]:
        """While inside it captures; gives the stream that was open. BusyError when it captures already."""
        with self._lock:
            if self.captures:
                raise BusyError
            self._capturing = True
            stream = self._stream if self.streams else None
        try:
            yield stream
        finally:
            self._capturing = False

    def open_stream(self, gone: Callable[[], bool]) -> Stream:
        self._stream = Stream(gone)
        return self._stream

    def end_stream(self) -> None:
        if self._stream is not None:
            self._stream.ended = True

    def replug(self) -> None:
        """The cable is in again."""
        self.faults.switch(Fault.UNPLUGGED, 0)


class BusyError(Exception):
    """The device captures for somebody else."""
