"""What a device is asked, in the words of both versions. It must not know how questions travel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from station.capture.sbi.names import ANY_DEVICE, REGISTRATION, DeviceSub, Environment, SpecVersion


@dataclass(frozen=True)
class Address:
    """How requests name a device: by `deviceId` in 0.9.5, by `serialNo` in 1.0."""

    version: SpecVersion
    type: str
    device_id: str
    serial: str

    def fields(self) -> dict[str, str]:
        if self.version is SpecVersion.V10:
            return {"serialNo": self.serial}
        return {"deviceId": self.device_id}


def discovery_request(version: SpecVersion, kind: str = ANY_DEVICE) -> dict[str, Any]:
    return {"type": kind} | _spec(version)


def info_request(address: Address) -> dict[str, Any] | None:
    """Nothing at all in 0.9.5."""
    if address.version is SpecVersion.V095:
        return None
    return {"type": address.type} | _spec(address.version) | address.fields()


def stream_request(address: Address, sub: DeviceSub, timeout_s: float) -> dict[str, Any]:
    asked = address.fields() | {"deviceSubId": str(sub.value), "timeout": str(round(timeout_s * 1000))}
    if address.version is SpecVersion.V10:
        asked |= {"type": address.type} | _spec(address.version)
    return asked


@dataclass(frozen=True)
class Wanted:
    """One RCAPTURE. `exceptions` are the rest of the slap: count and exceptions must add up to it."""

    sub: DeviceSub
    subtypes: tuple[str, ...]
    exceptions: tuple[str, ...]
    score: int
    transaction: str
    previous: str
    at: str
    timeout_s: float
    environment: Environment


def capture_request(address: Address, wanted: Wanted) -> dict[str, Any]:
    """Every scalar is a string, and nothing is in it that a strict service does not know."""
    item = {
        "type": address.type,
        "count": str(max(1, len(wanted.subtypes))),
        "bioSubType": list(wanted.subtypes),
        "exception": list(wanted.exceptions),
        "requestedScore": str(wanted.score),
        "deviceSubId": str(wanted.sub.value),
        "previousHash": wanted.previous,
    }
    return {
        "env": wanted.environment.value,
        "purpose": REGISTRATION,
        "specVersion": address.version.value,
        "timeout": str(round(wanted.timeout_s * 1000)),
        "captureTime": wanted.at,
        "transactionId": wanted.transaction,
        "bio": [item | address.fields()],
        "customOpts": None,
    }


def _spec(version: SpecVersion) -> dict[str, str]:
    return {} if version is SpecVersion.V095 else {"specVersion": version.value}
