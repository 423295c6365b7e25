"""The words of the Secure Biometric Interface, as data: parts, device types, verbs.

It must not know HTTP, JSON or any device: client and simulator read the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from station.domain.biometrics import LEFT_FOUR, RIGHT_FOUR, THUMBS, Modality, Part

HOST: Final = "127.0.0.1"
PORTS: Final = range(4501, 4601)
ANY_DEVICE: Final = "Biometric Device"
REGISTRATION: Final = "Registration"
READY: Final = "Ready"
BUSY: Final = "Busy"
NOT_READY: Final = "Not Ready"
NOT_REGISTERED: Final = "Not Registered"
UNKNOWN: Final = "UNKNOWN"
TIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


class SpecVersion(StrEnum):
    """The two versions in the field."""

    V095 = "0.9.5"
    V10 = "1.0"


@dataclass(frozen=True)
class Call:
    """One HTTP verb and its path."""

    verb: str
    path: str


@dataclass(frozen=True)
class Calls:
    """What a version calls its questions."""

    discover: Call
    info: Call
    stream: Call = Call("STREAM", "/stream")
    capture: Call = Call("RCAPTURE", "/capture")


CALLS: Final[dict[SpecVersion, Calls]] = {
    SpecVersion.V095: Calls(Call("MOSIPDISC", "/device"), Call("MOSIPDINFO", "/info")),
    SpecVersion.V10: Calls(Call("SBIDISC", "/device"), Call("SBIDINFO", "/info")),
}

TYPE_OF: Final[dict[Modality, str]] = {Modality.FINGER: "Finger", Modality.IRIS: "Iris", Modality.FACE: "Face"}
"""The device type that captures a modality. There is none for signatures."""

MODALITY_OF: Final[dict[str, Modality]] = {
    **{name: modality for modality, name in TYPE_OF.items()},
    "FIR": Modality.FINGER,  # old drafts: read, never sent
    "IIR": Modality.IRIS,
}

SUBTYPE_OF: Final[dict[Part, str]] = {
    Part.FINGER_01: "Right Thumb",
    Part.FINGER_02: "Right IndexFinger",
    Part.FINGER_03: "Right MiddleFinger",
    Part.FINGER_04: "Right RingFinger",
    Part.FINGER_05: "Right LittleFinger",
    Part.FINGER_06: "Left Thumb",
    Part.FINGER_07: "Left IndexFinger",
    Part.FINGER_08: "Left MiddleFinger",
    Part.FINGER_09: "Left RingFinger",
    Part.FINGER_10: "Left LittleFinger",
    Part.IRIS_RIGHT: "Right",
    Part.IRIS_LEFT: "Left",
}
"""What a part is called. A face has no sub-type."""

_OLD_SUBTYPES: Final[dict[Part, str]] = {
    Part.FINGER_01: "RIGHT_THUMB",
    Part.FINGER_02: "RF_INDEX",
    Part.FINGER_03: "RF_MIDDLE",
    Part.FINGER_04: "RF_RING",
    Part.FINGER_05: "RF_LITTLE",
    Part.FINGER_06: "LEFT_THUMB",
    Part.FINGER_07: "LF_INDEX",
    Part.FINGER_08: "LF_MIDDLE",
    Part.FINGER_09: "LF_RING",
    Part.FINGER_10: "LF_LITTLE",
    Part.IRIS_RIGHT: "R",
    Part.IRIS_LEFT: "L",
}


def _folded(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


_PART_OF: Final[dict[tuple[Modality, str], Part]] = {
    (part.modality, _folded(name)): part for table in (SUBTYPE_OF, _OLD_SUBTYPES) for part, name in table.items()
}


def part_of(modality: Modality, subtype: str | None) -> Part | None:
    """The part a device names, also in the spelling of old drafts; None when it names none we know."""
    if modality is Modality.FACE:
        return Part.FACE
    return _PART_OF.get((modality, _folded(subtype or "")))


class DeviceSub(IntEnum):
    """Which half of a device is meant: hand or eye; 0 for a face or when nobody knows."""

    UNKNOWN = 0
    LEFT = 1
    RIGHT = 2
    BOTH = 3
    """Thumbs, or both irises."""


SLAP_OF: Final[dict[DeviceSub, tuple[Part, ...]]] = {
    DeviceSub.LEFT: LEFT_FOUR,
    DeviceSub.RIGHT: RIGHT_FOUR,
    DeviceSub.BOTH: THUMBS,
}
EYES_OF: Final[dict[DeviceSub, tuple[Part, ...]]] = {
    DeviceSub.LEFT: (Part.IRIS_LEFT,),
    DeviceSub.RIGHT: (Part.IRIS_RIGHT,),
    DeviceSub.BOTH: (Part.IRIS_RIGHT, Part.IRIS_LEFT),
}


def whole_of(modality: Modality, sub: DeviceSub) -> tuple[Part, ...]:
    """Every part that half of a device takes at once; count and exceptions of a request must add up to it."""
    match modality:
        case Modality.FINGER:
            return SLAP_OF.get(sub, ())
        case Modality.IRIS:
            return EYES_OF.get(sub, ())
        case Modality.FACE:
            return (Part.FACE,)
        case _:
            return ()


class SubType(StrEnum):
    """What kind of finger, iris or face device it is."""

    SLAP = "Slap"
    SINGLE = "Single"
    TOUCHLESS = "Touchless"
    DOUBLE = "Double"
    FULL_FACE = "Full face"


class Environment(StrEnum):
    """What the service is for."""

    STAGING = "Staging"
    DEVELOPER = "Developer"
    PRE_PRODUCTION = "Pre-Production"
    PRODUCTION = "Production"
    NONE = "None"
