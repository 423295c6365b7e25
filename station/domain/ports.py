"""What the outside must offer: clock, capture devices and printer. Everything else in the tests is the real thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

from station.domain.biometrics import Capture, DeviceInfo, Part
from station.domain.errors import DeviceError
from station.domain.paper import Paper


class Clock(Protocol):
    """Wall time in UTC for what people read, monotonic seconds for every wait."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic()


@dataclass(frozen=True)
class Preview:
    """One live frame: raw 8-bit pixels, row by row (`channels` 1 grey, 3 RGB), and a hint code for the coach or ''."""

    pixels: bytes
    width: int
    height: int
    channels: int
    hint: str = ""


class CaptureDevice(Protocol):
    """A device that captures some parts. Calls block; they run on the device's own thread.

    `capture` returns one Capture per target, or raises DeviceError: never fewer, never other parts. `attempt` counts
    from 1. `on_preview` is called from the device's thread.
    """

    @property
    def info(self) -> DeviceInfo: ...

    def open(self) -> None: ...

    def capture(
        self, targets: tuple[Part, ...], attempt: int, on_preview: Callable[[Preview], None]
    ) -> tuple[Capture, ...]: ...

    def cancel(self) -> None: ...

    def close(self) -> None: ...


class Printer(Protocol):
    """The printers of this computer. Calls block, also for long; they run on a thread of their own."""

    def names(self) -> tuple[str, ...]:
        """Printers that are set up here, the usual one first; empty when there is none."""
        ...

    def print(self, paper: Paper, name: str) -> None:
        """Hand `paper` to the printer `name`. DeviceError `printer.*`: nothing was printed, nothing is lost."""
        ...


class NoPrinter:
    """A computer without a printer."""

    def names(self) -> tuple[str, ...]:
        return ()

    def print(self, paper: Paper, name: str) -> None:
        raise DeviceError("printer.missing")
