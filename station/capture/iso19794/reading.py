"""A record that came from outside: whatever its bytes are, it is read or refused with a reason. Knows no device."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Any

from station.capture.iso19794 import record as laid
from station.capture.iso19794.record import Coding, ImageRecord
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError


def read(data: bytes) -> ImageRecord:
    """The one picture in `data`; DeviceError `device.bad_image` when anything about it is not as the standard says."""
    modality = next((modality for modality, kind in laid.KINDS.items() if data[:4] == kind.magic), None)
    if modality is None:
        raise DeviceError("device.bad_image", format="ISO 19794", reason="magic")
    return _Reader(modality, data).read()


class _Reader:
    """Walks over one record from front to back."""

    def __init__(self, modality: Modality, data: bytes) -> None:
        self._modality = modality
        self._kind = laid.KINDS[modality]
        self._data = data
        self._at = 0

    def read(self) -> ImageRecord:
        certified = self._general_head()
        self._require(self._unpack(struct.Struct(">I"))[0] == len(self._data) - self._kind.head.size, "length")
        taken_at = _moment(self._take(laid.DATE.size))
        self._take(5)
        qualities = self._blocks(laid.QUALITY_BYTES)
        if certified:
            self._blocks(laid.CERTIFICATE_BYTES)
        score = qualities[0] if qualities else 255
        self._require(score <= 100 or score in laid.NO_QUALITY, "quality")
        quality = None if score in laid.NO_QUALITY else score
        match self._modality:
            case Modality.FINGER:
                return self._finger(quality, taken_at)
            case Modality.IRIS:
                return self._iris(quality, taken_at)
            case _:
                return self._face(quality, taken_at)

    def _general_head(self) -> bool:
        """True when certification blocks follow."""
        self._require(len(self._data) <= laid.MAX_RECORD_BYTES, "size")
        _magic, version, length, count, certified, _last = self._unpack(self._kind.head)
        self._require(version == self._kind.version, "version")
        self._require(length == len(self._data), "length")
        self._require(count == 1, "count")
        self._require(certified == 0 or (certified == 1 and self._modality is Modality.FINGER), "certification")
        return bool(certified)

    def _finger(self, quality: int | None, taken_at: datetime | None) -> ImageRecord:
        position, _number, unit, _, _, across, down, depth, coding, _how, width, height, size = self._unpack(
            laid.FINGER
        )
        ppi = self._resolution(unit, across, down)
        self._require(depth == laid.DEPTH, "depth")
        return self._record(position, width, height, coding, size, ppi, quality, taken_at)

    def _iris(self, quality: int | None, taken_at: datetime | None) -> ImageRecord:
        _number, eye, _type, coding, properties, width, height, depth, *_measures, size = self._unpack(laid.IRIS)
        self._require(depth == laid.DEPTH, "depth")
        flipped = laid.FLIPPED in (properties & 3, properties >> 2 & 3)
        self._require(not flipped, "orientation")  # a mirrored eye would be kept as another eye
        return self._record(eye, width, height, coding, size, 0, quality, taken_at)

    def _face(self, quality: int | None, taken_at: datetime | None) -> ImageRecord:
        landmarks = self._unpack(laid.FACE_INFORMATION)[0]
        self._take(landmarks * laid.LANDMARK_BYTES)
        _type, coding, width, height, _rate, _done, _cross, colours, size = self._unpack(laid.FACE_IMAGE)
        self._require(colours in laid.COLOUR_DEPTHS, "depth")
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
        self._require(unit in (laid.PER_INCH, laid.PER_CM) and across == down, "dpi")
        said = across * (2.54 if unit == laid.PER_CM else 1)
        ppi = next((right for right in laid.RESOLUTIONS if abs(said / right - 1) <= laid.RESOLUTION_OFF), 0)
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
    year, month, day, hour, minute, second, milliseconds = laid.DATE.unpack(packed)
    try:
        return datetime(year, month, day, hour, minute, second, milliseconds * 1000, UTC)
    except ValueError:
        return None
