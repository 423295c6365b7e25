"""Devices that do at once what a test tells them: good captures, any trouble, or hanging."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event

from station.domain.biometrics import Capture, DeviceInfo, Modality
from station.domain.device import device_id
from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Found, Order, Preview
from tests.support import a_capture


def info(kind: Modality, serial: str, *, driver: str = "test", model: str = "") -> DeviceInfo:
    return DeviceInfo(kind, serial, "Pabrik", model or f"Model {serial}", driver)


class PlainDevice:
    """Captures meaningless bytes; `trouble` is what it complains about instead, `hangs` holds it until released."""

    def __init__(self, about: DeviceInfo, *, trouble: str = "", test: str = "") -> None:
        self._info = about
        self.trouble, self.test = trouble, test
        self.hangs = False
        self.released = Event()
        self.opened = 0
        self.closed = 0
        self.tests = 0

    @property
    def info(self) -> DeviceInfo:
        return self._info

    def open(self) -> None:
        self.opened += 1

    def watch(self, order: Order, on_preview: Callable[[Preview], None]) -> None: ...

    def capture(self, order: Order, on_preview: Callable[[Preview], None]) -> tuple[Capture, ...]:
        self._suffer(self.trouble)
        return tuple(replace(a_capture(part), device=self._info, attempts=order.attempt) for part in order.targets)

    def self_test(self) -> None:
        self.tests += 1
        self._suffer(self.test)

    def cancel(self) -> None: ...

    def close(self) -> None:
        self.closed += 1

    def _suffer(self, code: str) -> None:
        if self.hangs:
            self.released.wait(20)
        if code:
            raise DeviceError(code)


class Shelf:
    """A driver of devices that a test plugs in and pulls out."""

    name = "shelf"

    def __init__(self, *devices: PlainDevice) -> None:
        self.devices = list(devices)

    def look(self) -> tuple[Found, ...]:
        return tuple(Found(device_id(item.info), item.info) for item in self.devices)

    def device(self, found: Found) -> CaptureDevice:
        return next(item for item in self.devices if item.info == found.info)
