"""What discovery and device info say, in both versions.

It must not know of HTTP or of captures.
"""

from __future__ import annotations

from collections.abc import Mapping

from station.capture.sbi.error_codes import ERRORS, SUCCESS
from station.capture.sbi.names import ANY_DEVICE, NOT_READY, NOT_REGISTERED, TYPE_OF, Environment, SpecVersion
from station.training.simulator.booth import Booth, device_time, seal
from station.training.simulator.device import Device
from station.training.simulator.faults import Fault
from station.training.simulator.identity import coded

CERTIFICATION = "L0"
_STATE_ERRORS = {NOT_REGISTERED: "100", NOT_READY: "110"}
_MORE_ERRORS = {
    "504": "Invalid device status",
    "505": "Invalid quality score",
    "506": "Invalid delay",
    "507": "Invalid method",
}
Answer = dict[str, object]


def error(code: str) -> dict[str, str]:
    """The two words with which every answer ends."""
    return {"errorCode": code, "errorInfo": ERRORS.get(code) or _MORE_ERRORS.get(code) or ERRORS["999"]}


def is_type(wanted: object) -> bool:
    return wanted == ANY_DEVICE or wanted in TYPE_OF.values()


def discovery(booth: Booth, wanted: str, version: SpecVersion, base_url: str) -> list[Answer]:
    """The devices of the wanted type; one error when there is none."""
    if not is_type(wanted):
        return [{**_NO_DEVICE, "error": error("501")}]
    found = booth.of_type(wanted, booth.found())
    return [_seen(booth, device, version, base_url) for device in found] or [{**_NO_DEVICE, "error": error("503")}]


def info(booth: Booth, wanted: str, version: SpecVersion, base_url: str) -> list[Answer]:
    """What each device signs about itself. A device that is not registered signs nothing."""
    if not is_type(wanted):
        return [{"deviceInfo": "", "error": error("502")}]
    found = booth.of_type(wanted, booth.found())
    answers = [_told(booth, device, version, base_url) for device in found]
    return answers or [{"deviceInfo": "", "error": error("503")}]


_NO_DEVICE: Answer = dict.fromkeys(
    (
        "deviceId",
        "deviceStatus",
        "certification",
        "serviceVersion",
        "deviceSubId",
        "callbackId",
        "digitalId",
        "deviceCode",
        "specVersion",
        "purpose",
    )
)


def _seen(booth: Booth, device: Device, version: SpecVersion, base_url: str) -> Answer:
    faults = _lasting(device)
    unsigned = coded(device.model.digital_id(device_time(faults)))
    return {**_common(booth, device, version, base_url), "digitalId": unsigned, "error": error(SUCCESS)}


def _told(booth: Booth, device: Device, version: SpecVersion, base_url: str) -> Answer:
    """Expired or foreign certificates show here too: that is where a station meets them first."""
    model, faults = device.model, _lasting(device)
    code = _STATE_ERRORS.get(device.status, SUCCESS)
    digital_id = device.key.state(model.digital_id(device_time(faults)), seal(faults))
    payload: dict[str, object] = {
        **_common(booth, device, version, base_url),
        "digitalId": digital_id,
        "firmware": model.firmware,
        "env": booth.options.environment.value,
    }
    if device.status == NOT_REGISTERED:
        unsigned = coded({**payload, "deviceId": "", "deviceCode": "", "purpose": "", "env": Environment.NONE.value})
        return {"deviceInfo": unsigned, "error": error(code)}
    return {"deviceInfo": device.key.state(payload, seal(faults)), "error": error(code)}


def _common(booth: Booth, device: Device, version: SpecVersion, base_url: str) -> dict[str, object]:
    model, versions = device.model, booth.options.versions
    registered = device.status != NOT_REGISTERED
    named: Mapping[str, object] = {"deviceId": model.device_id} if version is SpecVersion.V095 else {}
    return {
        **named,
        "deviceStatus": device.state,
        "certification": CERTIFICATION,
        "serviceVersion": version.value,
        "deviceSubId": [str(sub.value) for sub in model.subs],
        "callbackId": base_url,
        "deviceCode": model.serial,
        "specVersion": [version.value, *(other.value for other in versions if other is not version)],
        "purpose": booth.options.purpose if registered else "",
    }


def _lasting(device: Device) -> frozenset[Fault]:
    """Faults of signing that are on, without using any of them up."""
    signing = (Fault.BAD_SIGNATURE, Fault.EXPIRED_CERTIFICATE, Fault.UNKNOWN_AUTHORITY, Fault.CLOCK_SKEW)
    return frozenset(fault for fault in signing if device.faults.has(fault))
