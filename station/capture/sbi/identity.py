"""Whether the device that answers is the one that was discovered, and may serve here. Knows no transport."""

from __future__ import annotations

from station.capture.sbi.discovery import Spot
from station.capture.sbi.messages import DeviceEntry, DigitalId
from station.capture.sbi.names import BUSY, NOT_READY, NOT_REGISTERED, READY, REGISTRATION, Environment, SpecVersion
from station.domain.errors import DeviceError

_STATES = {NOT_READY: "sbi.not_ready", NOT_REGISTERED: "sbi.not_registered", BUSY: "sbi.busy"}


def check_same(spot: Spot, entry: DeviceEntry, who: DigitalId, environment: Environment) -> None:
    """`entry` and `who` are signed, `spot` is what discovery claimed. DeviceError when they differ or do not fit."""
    claimed, signed = spot.entry, spot.who
    same = (
        (claimed.certification, claimed.device_code) == (entry.certification, entry.device_code)
        and (spot.address.version is SpecVersion.V10 or claimed.device_id == entry.device_id)
        and (signed.serial_no, signed.make, signed.model, signed.type) == (who.serial_no, who.make, who.model, who.type)
    )
    if not same:
        raise DeviceError("sbi.other_device", serial=spot.who.serial_no)
    if entry.device_status != READY:
        raise DeviceError(state_trouble(entry.device_status) or "sbi.not_ready")
    if entry.env != environment.value:
        raise DeviceError("sbi.wrong_environment", said=entry.env)
    if entry.purpose != REGISTRATION:
        raise DeviceError("sbi.wrong_purpose")
    if spot.address.version.value not in entry.spec_version:
        raise DeviceError("sbi.wrong_version")


def state_trouble(status: str) -> str:
    """The code for a state in which a device cannot be used, else ''."""
    return _STATES.get(status, "")
