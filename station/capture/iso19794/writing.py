"""One picture as a record. Only the simulator and tests write; a station reads."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from station.capture.iso19794 import record as laid
from station.capture.iso19794.record import ImageRecord
from station.domain.biometrics import Modality


def write(record: ImageRecord) -> bytes:
    """The record as bytes. ValueError for a coding that the standard does not know."""
    kind = laid.KINDS[record.modality]
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
        return laid.NO_DATE
    at = taken_at.astimezone(UTC)
    return laid.DATE.pack(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond // 1000)


def _picture_head(record: ImageRecord, number: int) -> bytes:
    size = (record.width, record.height)
    match record.modality:
        case Modality.FINGER:
            ppi = (record.ppi or 500,) * 4
            return laid.FINGER.pack(
                record.position, 0, laid.PER_INCH, *ppi, laid.DEPTH, number, 0, *size, len(record.data)
            )
        case Modality.IRIS:
            image_type = 2 if size == (640, 480) else 1
            unknown = (0,) * 9  # distance, roll, centre and diameter of the iris: measured here, not there
            return laid.IRIS.pack(
                1, record.position, image_type, number, 0, *size, laid.DEPTH, *unknown, len(record.data)
            )
        case _:
            nobody = laid.FACE_INFORMATION.pack(0, 0, 0, 0, 0, bytes(3), 0, bytes(3), bytes(3))
            return nobody + laid.FACE_IMAGE.pack(1, number, *size, 0, 0, 0, 1, len(record.data))
