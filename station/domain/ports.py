"""What the outside must offer: clock, capture devices and printer. Everything else in the tests is the real thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

from station.domain.biometrics import Capture, DeviceInfo, Part
from station.domain.eligibility import Background
from station.domain.errors import DeviceError
from station.domain.paper import Paper
from station.domain.policy import STANDARD, Policy


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
    received_at: float = 0.0
    """Monotonic seconds when the frame came from the device; 0 when nobody measured."""
    ready: bool = False
    """The device has measured what it sees and finds nothing wrong: take it now."""


@dataclass(frozen=True)
class Order:
    """What to look at. `attempt` counts from 1.

    `subject` is the record id of the person being captured: a device that chains its captures (SBI) chains those of one
    person. `patient`: somebody who needs more time than others; limits of waiting are stretched. `background`: the
    colour a photo must have behind the person, when it is known. `still`: the camera's whole picture as it is, with no
    face looked for: a document, a bandaged hand. `policy`: what this person's pictures are judged by. `after`: the
    hash of the last statement about this person that was kept, for a device that does not remember its own.
    """

    targets: tuple[Part, ...]
    attempt: int = 1
    subject: str = ""
    patient: bool = False
    background: Background | None = None
    still: bool = False
    policy: Policy = STANDARD
    after: str = ""


class CaptureDevice(Protocol):
    """A device that captures some parts. Calls block; they run on the device's own thread.

    `watch` shows what the device sees until `cancel` (it returns then) or until the device ends it. `capture` returns
    one Capture per target, or raises DeviceError: never fewer, never other parts. `self_test` raises DeviceError with
    what is wrong, and may take seconds. `on_preview` is called from the device's thread. `cancel` and `close` may come
    from any thread.
    """

    @property
    def info(self) -> DeviceInfo: ...

    def open(self) -> None: ...

    def watch(self, order: Order, on_preview: Callable[[Preview], None]) -> None: ...

    def capture(self, order: Order, on_preview: Callable[[Preview], None]) -> tuple[Capture, ...]: ...

    def self_test(self) -> None: ...

    def cancel(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Found:
    """A device that a driver sees. `device_id` is stable, and says driver, kind and serial.

    `trouble` is a DeviceError code when the device is there but cannot be used now, else ''.
    """

    device_id: str
    info: DeviceInfo
    trouble: str = ""


class Driver(Protocol):
    """A way to devices: SBI services, cameras of the operating system. `look` blocks for a few seconds."""

    @property
    def name(self) -> str: ...

    def look(self) -> tuple[Found, ...]: ...

    def device(self, found: Found) -> CaptureDevice: ...


class Printer(Protocol):
    """The printers of this computer. Calls block, also for long; they run on a thread of their own."""

    def names(self) -> tuple[str, ...]:
        """Printers that are set up here, the usual one first; empty when there is none."""
        ...

    def describe(self, name: str) -> tuple[str, str]:
        """Make and model of the printer `name`, and the code of what keeps it from printing now or ''."""
        ...

    def print(self, paper: Paper, name: str) -> None:
        """Hand `paper` to the printer `name`. DeviceError `printer.*`: nothing was printed, nothing is lost."""
        ...


class NoPrinter:
    """A computer without a printer."""

    def names(self) -> tuple[str, ...]:
        return ()

    def describe(self, name: str) -> tuple[str, str]:
        return "", "printer.missing"

    def print(self, paper: Paper, name: str) -> None:
        raise DeviceError("printer.missing")
