"""What is captured of a person: parts, finger positions, sizes, and when the set is complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from station.domain.plain_text import plain


class Part(StrEnum):
    """One captured part. Fingers are numbered as in ISO/IEC 19794: 1-5 right thumb to little, 6-10 left."""

    FACE = "face"
    FINGER_01 = "finger-01"
    FINGER_02 = "finger-02"
    FINGER_03 = "finger-03"
    FINGER_04 = "finger-04"
    FINGER_05 = "finger-05"
    FINGER_06 = "finger-06"
    FINGER_07 = "finger-07"
    FINGER_08 = "finger-08"
    FINGER_09 = "finger-09"
    FINGER_10 = "finger-10"
    IRIS_RIGHT = "iris-right"
    IRIS_LEFT = "iris-left"
    SIGNATURE = "signature"

    @cached_property
    def modality(self) -> Modality:
        return Modality(self.value.split("-")[0])

    @cached_property
    def position(self) -> int:
        """ISO position: finger 1-10, iris 1 right and 2 left, otherwise 0."""
        match self.modality:
            case Modality.FINGER:
                return int(self.value[-2:])
            case Modality.IRIS:
                return 1 if self is Part.IRIS_RIGHT else 2
            case _:
                return 0


class Modality(StrEnum):
    """A kind of part, and the kind of device that captures it. DOCUMENT and PRINTER are devices only, of no part."""

    FACE = "face"
    FINGER = "finger"
    IRIS = "iris"
    SIGNATURE = "signature"
    DOCUMENT = "document"
    PRINTER = "printer"


FINGERS: tuple[Part, ...] = tuple(part for part in Part if part.modality is Modality.FINGER)
IRISES: tuple[Part, ...] = (Part.IRIS_RIGHT, Part.IRIS_LEFT)

RIGHT_FOUR: tuple[Part, ...] = FINGERS[1:5]
LEFT_FOUR: tuple[Part, ...] = FINGERS[6:10]
THUMBS: tuple[Part, ...] = (FINGERS[0], FINGERS[5])
SLAPS: tuple[tuple[Part, ...], ...] = (RIGHT_FOUR, LEFT_FOUR, THUMBS)
"""The usual order of a 4-4-2 scanner."""

MAX_BYTES: dict[Modality, int] = {
    Modality.FACE: 60 * 1024,
    Modality.FINGER: 64 * 1024,
    Modality.IRIS: 64 * 1024,
    Modality.SIGNATURE: 32 * 1024,
}
"""Largest encoded image taken from a device, so that photo, ten prints, two irises and signature stay small."""


Rank = tuple[bool, int, int]
"""How good a try is, see `Capture.rank`."""

MAX_STATEMENT_BYTES = 16 * 1024
"""Largest statement that a device signs beside its picture; the picture itself is no part of it."""

CAPTURE_FIELD = "capture."
"""Findings about what was captured belong to the field `capture.<part>`."""

_SIMULATED_MAKE = "contoh"
_SIMULATED_DRIVERS = frozenset({"simulated", "simulator"})


@dataclass(frozen=True)
class DeviceInfo:
    """Who captured it. Whatever a device says of itself is plain and short from here on."""

    kind: Modality
    serial: str
    make: str
    model: str
    driver: str

    def __post_init__(self) -> None:
        for name in ("serial", "make", "model", "driver"):
            object.__setattr__(self, name, plain(getattr(self, name)))

    @property
    def simulated(self) -> bool:
        """It shows drawn people, whatever way they came: nothing of it may stand for a real one."""
        return self.make.strip().lower() == _SIMULATED_MAKE or self.driver.lower() in _SIMULATED_DRIVERS


@dataclass(frozen=True)
class Stroke:
    """One pen movement: points as (x, y, milliseconds since the first touch, pressure 0-1)."""

    points: tuple[tuple[float, float, int, float], ...]


@dataclass(frozen=True)
class Capture:
    """One accepted part, encoded as it will travel: JPEG face, WSQ finger, JPEG 2000 iris, PNG signature.

    `envelope` is the device's own signed statement where it makes one (SBI). `template` holds the minutiae of a finger
    (ISO/IEC 19794-2:2005), for comparing it here; it is never sealed. `remarks` are codes of what was wrong with the
    picture when it was taken all the same, such as `face.background`.
    """

    part: Part
    image: bytes
    width: int
    height: int
    quality: int
    device: DeviceInfo
    attempts: int
    taken_at: datetime
    strokes: tuple[Stroke, ...] = ()
    envelope: str | None = None
    template: bytes = b""
    remarks: tuple[str, ...] = ()

    @property
    def rank(self) -> Rank:
        """Of two tries the higher one is better: what can be compared comes before what is only good to look at.

        Of two that are as good, the one is better of which less was said.
        """
        return bool(self.template), self.quality, -len(self.remarks)


class ExceptionCode(StrEnum):
    """Why a finger or eye cannot be captured. Worn ridges are no exception: the best of three is kept."""

    ABSENT = "TDK_ADA"
    STIFF = "KAKU"
    BLIND = "BUTA"
    CATARACT = "KATARAK"
    WOUND = "LUKA"
    BANDAGE = "PERBAN"
    MOVEMENT = "GERAK"
    MEDICAL = "MEDIS"

    @property
    def temporary(self) -> bool:
        """It heals: the person is invited again."""
        return self in (ExceptionCode.WOUND, ExceptionCode.BANDAGE)


@dataclass(frozen=True)
class BiometricException:
    """A part that cannot be captured: entered by one officer, approved by another, with a photo as evidence.

    `invite_again` is an ISO date, for temporary ones. `evidence` is the number of the attachment that shows it. Times
    are ISO with offset.
    """

    part: Part
    code: ExceptionCode
    reason: str
    approved_by: str
    invite_again: str | None = None
    entered_by: str = ""
    approved_at: str = ""
    evidence: int | None = None


def missing_parts(captured: Iterable[Part], excepted: Iterable[Part] = ()) -> tuple[Part, ...]:
    """What is still to be captured, in the order of the flow. A face can never be excepted."""
    have = set(captured) | (set(excepted) - {Part.FACE, Part.SIGNATURE})
    return tuple(part for part in Part if part not in have)
