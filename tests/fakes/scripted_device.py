"""A capture device that does what a test says: shows frames until it is told to stop, and gives what was put into it.

Its fingers have real minutiae records (ISO/IEC 19794-2:2005), the same for the same name and different for any other.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event

from station.domain.biometrics import Capture, DeviceInfo, Modality, Part, Stroke
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview

WIDTH, HEIGHT = 320, 200


@dataclass
class ScriptedDevice:
    """One device. Every field may be changed while it works."""

    kind: Modality
    quality: dict[Part, int] = field(default_factory=dict)
    whose: dict[Part, str] = field(default_factory=dict)
    """Whose finger lies where a part is asked for; the person's own when nothing is said."""
    prints: dict[Part, bytes] = field(default_factory=dict)
    """Minutiae of a part; made of whose finger it is when nothing is said."""
    person: str = "siti"
    trouble: DeviceError | None = None
    """Raised by every capture."""
    unplugged: bool = False
    crashes: bool = False
    hangs: bool = False
    """A capture lasts until it is cancelled."""
    hint: str = ""
    remarks: tuple[str, ...] = ()
    image: bytes = b"\xff\xa0 CONTOH"
    watched: list[Order] = field(default_factory=list)
    captured: list[Order] = field(default_factory=list)
    watching: bool = False
    shown: int = 0
    """Frames it has handed over while it was watched."""
    gate: Event = field(default_factory=Event)
    """Clear: a capture hangs until it is set, whatever is cancelled."""

    def __post_init__(self) -> None:
        self._stop = Event()
        self._opened = False
        self.gate.set()

    @property
    def info(self) -> DeviceInfo:
        return DeviceInfo(self.kind, f"UJI-{self.kind.value}", "Uji", "Uji", "test")

    def open(self) -> None:
        self._check()
        self._opened = True

    def close(self) -> None:
        self._opened = False
        self.cancel()

    def cancel(self) -> None:
        self._stop.set()

    def self_test(self) -> None:
        self._check()

    def watch(self, order: Order, on_preview: Callable[[Preview], None]) -> None:
        self._stop.clear()
        self._check()
        self.watched.append(order)
        self.watching = True
        try:
            while not self._stop.wait(0.005):
                self._check()
                on_preview(self._frame())
                self.shown += 1
        finally:
            self.watching = False

    def capture(self, order: Order, on_preview: Callable[[Preview], None]) -> tuple[Capture, ...]:
        if not self._opened:
            raise DeviceError("device.not_open")
        if not order.targets or any(part.modality is not self.kind for part in order.targets):
            raise DeviceError("device.wrong_part")
        self._stop.clear()
        self._check()
        self.captured.append(order)
        on_preview(self._frame())
        self.gate.wait(30)
        if self.hangs:
            self._stop.wait(30)
        self._check()
        if self._stop.is_set():
            raise DeviceError("device.cancelled")
        if self.trouble is not None:
            raise self.trouble
        if self.crashes:
            raise RuntimeError("the driver broke")
        return tuple(self._taken(part, order.attempt) for part in order.targets)

    def _check(self) -> None:
        if self.unplugged:
            raise DeviceError("device.unplugged")

    def _frame(self) -> Preview:
        return Preview(bytes([90]) * (WIDTH * HEIGHT), WIDTH, HEIGHT, 1, self.hint)

    def _taken(self, part: Part, attempt: int) -> Capture:
        whose = self.whose.get(part, f"{self.person} {part.value}")
        return Capture(
            part=part,
            image=self.image,
            width=400,
            height=500,
            quality=self.quality.get(part, 70),
            device=self.info,
            attempts=attempt,
            taken_at=datetime.now(UTC),
            strokes=(Stroke(((0.0, 0.0, 0, 0.5), (10.0, 5.0, 12, 0.75))),) if part is Part.SIGNATURE else (),
            template=self.prints.get(part, minutiae(whose)) if part.modality is Modality.FINGER else b"",
            remarks=self.remarks,
        )


def minutiae(whose: str) -> bytes:
    """A minutiae record that matches itself and no other name's."""
    dice = random.Random(zlib.crc32(whose.encode()))
    points = b"".join(
        struct.pack(
            ">HHBB",
            dice.choice((1, 2)) << 14 | dice.randrange(40, 360),
            dice.randrange(40, 460),
            dice.randrange(256),
            80,
        )
        for _ in range(45)
    )
    view = bytes([0, 0, 0, 45]) + points
    # As nbis writes and reads it: its header ends with the resolution, and there is no block of extended data.
    head = struct.pack(">4s4sIHHHI", b"FMR\0", b" 20\0", 22 + len(view), 0, 400, 500, 0x3900)
    return head + view
