"""A simulated device that looks only when whoever was called has sat down. Must not know who sits there.

A real applicant is in the chair before anybody presses a key. Here the chair is told over HTTP, and on a busy computer
a quick operator would be faster than that.
"""

from __future__ import annotations

from collections.abc import Callable

from station.domain.biometrics import Capture, DeviceInfo
from station.domain.ports import CaptureDevice, Order, Preview


class PatientDevice:
    """Any device of the simulator. `seated` blocks until everybody who was called sits there."""

    def __init__(self, device: CaptureDevice, seated: Callable[[], None]) -> None:
        self.device, self._seated = device, seated

    @property
    def info(self) -> DeviceInfo:
        return self.device.info

    def open(self) -> None:
        self.device.open()

    def watch(self, order: Order, on_preview: Callable[[Preview], None]) -> None:
        self._seated()
        self.device.watch(order, on_preview)

    def capture(self, order: Order, on_preview: Callable[[Preview], None]) -> tuple[Capture, ...]:
        self._seated()
        return self.device.capture(order, on_preview)

    def self_test(self) -> None:
        self.device.self_test()

    def cancel(self) -> None:
        self.device.cancel()

    def close(self) -> None:
        self.device.close()
