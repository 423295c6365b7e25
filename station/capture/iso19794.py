"""Image records of ISO/IEC 19794-4, -5 and -6 in their 2011 editions, written and read: one picture in each.

It must not know what is inside the picture, nor load a decoder: its bytes are handed on as they came. Whatever bytes
come in, the answer is a record or DeviceError `device.bad_image` with a `reason`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from station.domain.biometrics import Modality
from station.domain.errors import DeviceError

MAX_RECORD_BYTES = 16 * 1024 * 1024
SLAP_RIGHT, SLAP_LEFT, SLAP_THUMBS = 13, 14, 15
"""Positions of whole slaps: four right fingers, four left fingers, both thumbs."""


class Coding(StrEnum):
    """How the pixels are packed."""

    RAW = "raw"
    WSQ = "WSQ"
    JPEG = "JPEG"
    JP2_LOSSY = "JPEG 2000"
    JP2 = "JPEG 2000 lossless"
    PNG = "PNG"


@dataclass(frozen=True)
class ImageRecord:
    """One picture and what its record says of it.

    `position` is that of the standard: finger 0 (unknown) to 10 or a slap, eye 0 (unknown), 1 right, 2 left, face 0.
    `ppi` is 500 or 1000 for fingers, 0 for others. `quality` is None when the device gave none.
    """

    modality: Modality
    position: int
    width: int
    height: int
    coding: Coding
    data: bytes
    ppi: int = 0
    quality: int | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True)
class _Kind:
    """What the three standards do differently."""

    name: str
    magic: bytes
    version: bytes
    head: struct.Struct
    codings: dict[int, Coding]
    positions: frozenset[int]
    sides: tuple[int, int]
    extended: bool  # may data of other kinds follow the picture?


_IRIS_CODINGS = {2: Coding.RAW, 6: Coding.JPEG, 10: Coding.JP2, 14: Coding.PNG}
_KINDS = {
    Modality.FINGER: _Kind(
        "ISO 19794-4",
        b"FIR\0",
        b"020\0",
        struct.Struct(">4s4sIHBB"),
        {0: Coding.RAW, 2: Coding.WSQ, 3: Coding.JPEG, 4: Coding.JP2_LOSSY, 5: Coding.JP2, 6: Coding.PNG},
        frozenset({*range(11), SLAP_RIGHT, SLAP_LEFT, SLAP_THUMBS}),
        (64, 3600),
        extended=True,
    ),
    Modality.FACE: _Kind(
        "ISO 19794-5",
        b"FAC\0",
        b"030\0",
        struct.Struct(">4s4sIHBH"),
        {0: Coding.JPEG, 1: Coding.JP2_LOSSY, 2: Coding.JP2, 3: Coding.PNG},
        frozenset({0}),
        (64, 6000),
        extended=True,
    ),
    Modality.IRIS: _Kind(
        "ISO 19794-6",
        b"IIR\0",
        b"020\0",
        struct.Struct(">4s4sIHBB"),
        _IRIS_CODINGS,
        frozenset({0, 1, 2}),
        (160, 2048),
        extended=False,
    ),
}
_DATE = struct.Struct(">HBBBBBH")
_NO_DATE = b"\xff" * _DATE.size
_NO_QUALITY = (254, 255)
_FINGER = struct.Struct(">BBBHHHHBBBHHI")
_IRIS = struct.Struct(">HBBBBHHBHHHHHHHHHI")
_FACE_INFORMATION = struct.Struct(">HBBBB3sH3s3s")
_FACE_IMAGE = struct.Struct(">BBHHBHBBI")
_LANDMARK_BYTES, _QUALITY_BYTES, _CERTIFICATE_BYTES = 8, 5, 3
_PER_INCH, _PER_CM = 1, 2
_RESOLUTIONS = (500, 1000)
_RESOLUTION_OFF = 0.011  # the standards allow one per cent
_FLIPPED = 2
_DEPTH = 8
_COLOUR_DEPTHS = (0, 1, 2, 3)  # unsaid, 24-bit RGB, YUV 4:2:2, 8-bit grey; the others have 16 bits a channel


def write(record: ImageRecord) -> bytes:
    """The record as bytes. ValueError for a coding that the standard does not know."""
    kind = _KINDS[record.modality]
    number = next((number for number, coding in kind.codings.items() if coding is record.coding), None)
    if number is None:
        raise ValueError(f"{kind.name} knows no {record.coding}")
    quality = b"\0" if record.quality is None else struct.pack(">BBHH", 1, record.quality, 0, 0)
    # Device technology, vendor and type are not told: the signature around the record says whose it is.
    body = _date(record.taken_at) + bytes(5) + quality + _picture_head(record, number) + record.data
    last = 0 if record.modality is Modality.FACE else 1  # how many fingers or eyes; a face has no sequence
    total = kind.head.size + 4 + len(body)
    head = kind.head.pack(kind.magic, kind.version, total, 1, 0, last)
    return head + struct.pack(">I", 4 + len(body)) + body


def _date(taken_at: datetime | None) -> bytes:
    if taken_at is None:
        return _NO_DATE
    at = taken_at.astimezone(UTC)
    return _DATE.pack(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond // 1000)


def _picture_head(record: ImageRecord, number: int) -> bytes:
    size = (record.width, record.height)
    match record.modality:
        case Modality.FINGER:
            ppi = (record.ppi or 500,) * 4
            return _FINGER.pack(record.position, 0, _PER_INCH, *ppi, _DEPTH, number, 0, *size, len(record.data))
        case Modality.IRIS:
            image_type = 2 if size == (640, 480) else 1
            unknown = (0,) * 9  # distance, roll, centre and diameter of the iris: measured here, not there
            return _IRIS.pack(1, record.position, image_type, number, 0, *size, _DEPTH, *unknown, len(record.data))
        case _:
            nobody = _FACE_INFORMATION.pack(0, 0, 0, 0, 0, bytes(3), 0, bytes(3), bytes(3))
            return nobody + _FACE_IMAGE.pack(1, number, *size, 0, 0, 0, 1, len(record.data))


def read(data: bytes) -> ImageRecord:
    """The one picture in `data`; DeviceError `device.bad_image` when anything about it is not as the standard says."""
    modality = next((modality for modality, kind in _KINDS.items() if data[:4] == kind.magic), None)
    if modality is None:
        raise DeviceError("device.bad_image", format="ISO 19794", reason="magic")
    return _Reader(modality, data).read()


class _Reader:
    """Walks over one record from front to back."""

    def __init__(self, modality: Modality, data: bytes) -> None:
        self._modality = modality
        self._kind = _KINDS[modality]
        self._data = data
        self._at = 0

    def read(self) -> ImageRecord:
        certified = self._general_head()
        self._require(self._unpack(struct.Struct(">I"))[0] == len(self._data) - self._kind.head.size, "length")
        taken_at = _moment(self._take(_DATE.size))
        self._take(5)
        qualities = self._blocks(_QUALITY_BYTES)
        if certified:
            self._blocks(_CERTIFICATE_BYTES)
        score = qualities[0] if qualities else 255
        self._require(score <= 100 or score in _NO_QUALITY, "quality")
        quality = None if score in _NO_QUALITY else score
        match self._modality:
            case Modality.FINGER:
                return self._finger(quality, taken_at)
            case Modality.IRIS:
                return self._iris(quality, taken_at)
            case _:
                return self._face(quality, taken_at)

    def _general_head(self) -> bool:
        """True when certification blocks follow."""
        self._require(len(self._data) <= MAX_RECORD_BYTES, "size")
        _magic, version, length, count, certified, _last = self._unpack(self._kind.head)
        self._require(version == self._kind.version, "version")
        self._require(length == len(self._data), "length")
        self._require(count == 1, "count")
        self._require(certified == 0 or (certified == 1 and self._modality is Modality.FINGER), "certification")
        return bool(certified)

    def _finger(self, quality: int | None, taken_at: datetime | None) -> ImageRecord:
        position, _number, unit, _, _, across, down, depth, coding, _how, width, height, size = self._unpack(_FINGER)
        ppi = self._resolution(unit, across, down)
        self._require(depth == _DEPTH, "depth")
        return self._record(position, width, height, coding, size, ppi, quality, taken_at)

    def _iris(self, quality: int | None, taken_at: datetime | None) -> ImageRecord:
        _number, eye, _type, coding, properties, width, height, depth, *_measures, size = self._unpack(_IRIS)
        self._require(depth == _DEPTH, "depth")
        flipped = _FLIPPED in (properties & 3, properties >> 2 & 3)
        self._require(not flipped, "orientation")  # a mirrored eye would be kept as another eye
        return self._record(eye, width, height, coding, size, 0, quality, taken_at)

    def _face(self, quality: int | None, taken_at: datetime | None) -> ImageRecord:
        landmarks = self._unpack(_FACE_INFORMATION)[0]
        self._take(landmarks * _LANDMARK_BYTES)
        _type, coding, width, height, _rate, _done, _cross, colours, size = self._unpack(_FACE_IMAGE)
        self._require(colours in _COLOUR_DEPTHS, "depth")
        return self._record(0, width, height, coding, size, 0, quality, taken_at)

    def _record(
        self,
        position: int,
        width: int,
        height: int,
        coding: int,
        size: int,
        ppi: int,
        quality: int | None,
        taken_at: datetime | None,
    ) -> ImageRecord:
        smallest, largest = self._kind.sides
        self._require(position in self._kind.positions, "position")
        self._require(smallest <= width <= largest and smallest <= height <= largest, "dimensions")
        self._require(coding in self._kind.codings, "coding")
        picture = self._take(size)
        self._require(self._at == len(self._data) or self._kind.extended, "length")
        packed = self._kind.codings[coding]
        self._require(size == width * height if packed is Coding.RAW else size > 0, "length")
        return ImageRecord(self._modality, position, width, height, packed, picture, ppi, quality, taken_at)

    def _resolution(self, unit: int, across: int, down: int) -> int:
        """500 or 1000 pixels per inch."""
        self._require(unit in (_PER_INCH, _PER_CM) and across == down, "dpi")
        said = across * (2.54 if unit == _PER_CM else 1)
        ppi = next((right for right in _RESOLUTIONS if abs(said / right - 1) <= _RESOLUTION_OFF), 0)
        self._require(ppi > 0, "dpi")
        return ppi

    def _blocks(self, size: int) -> bytes:
        """So many blocks of `size` bytes as the byte before them says."""
        return self._take(self._take(1)[0] * size)

    def _unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        return form.unpack(self._take(form.size))

    def _take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        self._require(len(taken) == size, "truncated")
        self._at += size
        return taken

    def _require(self, met: bool, reason: str) -> None:
        if not met:
            raise DeviceError("device.bad_image", format=self._kind.name, reason=reason)


def _moment(packed: bytes) -> datetime | None:
    """None when the device did not say, or said no date that exists."""
    year, month, day, hour, minute, second, milliseconds = _DATE.unpack(packed)
    try:
        return datetime(year, month, day, hour, minute, second, milliseconds * 1000, UTC)
    except ValueError:
        return None
