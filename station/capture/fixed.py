"""The driver of devices that somebody already holds in their hands: nothing to look for. Knows no rack."""

from __future__ import annotations

from collections.abc import Sequence

from station.domain.device import device_id
from station.domain.ports import CaptureDevice, Found


class Fixed:
    """The driver of devices that somebody already holds in their hands."""

    name = "fixed"

    def __init__(self, devices: Sequence[CaptureDevice]) -> None:
        self._devices = {device_id(device.info): device for device in devices}

    def look(self) -> tuple[Found, ...]:
        return tuple(Found(name, device.info) for name, device in self._devices.items())

    def device(self, found: Found) -> CaptureDevice:
        return self._devices[found.device_id]
