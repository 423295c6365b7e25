"""The driver of everything that speaks SBI: looks for services, makes devices. Knows no window and no person."""

from __future__ import annotations

from threading import Lock

from station.capture.sbi.chains import Chains
from station.capture.sbi.claims import Claim, claims
from station.capture.sbi.device import SbiDevice
from station.capture.sbi.discovery import DRIVER
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
        self._found: dict[str, Claim] = {}

    def look(self) -> tuple[Found, ...]:
        line = Line()
        try:
            found = {device_id(claim.spot.info): claim for claim in claims(line, self._house)}
        finally:
            line.close()
        with self._lock:
            self._found = found
        return tuple(Found(name, claim.spot.info, _trouble(claim)) for name, claim in found.items())

    def device(self, found: Found) -> CaptureDevice:
        """DeviceError `device.missing` when the last look did not see it."""
        with self._lock:
            claim = self._found.get(found.device_id)
        if claim is None:
            raise DeviceError("device.missing")
        return SbiDevice(claim.spot, self._house, self._chains, disputed=claim.dispute is not None)


def _trouble(claim: Claim) -> str:
    """Why it cannot be used now. Busy is no trouble: mostly it is we who look through it."""
    if claim.dispute is not None:
        return claim.dispute.code
    entry = claim.spot.entry
    if entry.device_status == BUSY:
        return ""
    if entry.error.is_error:
        return refused(entry.error).code
    return state_trouble(entry.device_status) or ("" if entry.purpose == REGISTRATION else "sbi.wrong_purpose")
