"""The driver of everything that speaks SBI: looks for services, makes devices. Knows no window and no person."""

from __future__ import annotations

from threading import Lock

from station.capture.sbi.chains import Chains
from station.capture.sbi.device import SbiDevice
from station.capture.sbi.discovery import DRIVER, Spot, discover
from station.capture.sbi.house import House
from station.capture.sbi.identity import state_trouble
from station.capture.sbi.line import Line
from station.capture.sbi.names import BUSY, REGISTRATION
from station.capture.sbi.troubles import refused
from station.domain.device import device_id
from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Found


class SbiDriver:
    """Callable from any thread. All its devices share the chains: what one captured, the next one continues."""

    name = DRIVER

    def __init__(self, house: House) -> None:
        self._house = house
        self._chains = Chains()
        self._lock = Lock()
        self._spots: dict[str, Spot] = {}

    def look(self) -> tuple[Found, ...]:
        line = Line()
        try:
            spots = {device_id(spot.info): spot for spot in discover(line, self._house.ports)}
        finally:
            line.close()
        with self._lock:
            self._spots = spots
        return tuple(Found(name, spot.info, _trouble(spot)) for name, spot in spots.items())

    def device(self, found: Found) -> CaptureDevice:
        """DeviceError `device.missing` when the last look did not see it."""
        with self._lock:
            spot = self._spots.get(found.device_id)
        if spot is None:
            raise DeviceError("device.missing")
        return SbiDevice(spot, self._house, self._chains)


def _trouble(spot: Spot) -> str:
    """Why it cannot be used now. Busy is no trouble: mostly it is we who look through it."""
    entry = spot.entry
    if entry.device_status == BUSY:
        return ""
    if entry.error.is_error:
        return refused(entry.error).code
    return state_trouble(entry.device_status) or ("" if entry.purpose == REGISTRATION else "sbi.wrong_purpose")
