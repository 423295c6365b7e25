"""What a record holds, and what the three standards lay down: numbers and shapes, nothing that reads or writes."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.biometrics import Modality

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
class Kind:
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
KINDS = {
    Modality.FINGER: Kind(
        "ISO 19794-4",
        b"FIR\0",
        b"020\0",
        struct.Struct(">4s4sIHBB"),
        {0: Coding.RAW, 2: Coding.WSQ, 3: Coding.JPEG, 4: Coding.JP2_LOSSY, 5: Coding.JP2, 6: Coding.PNG},
        frozenset({*range(11), SLAP_RIGHT, SLAP_LEFT, SLAP_THUMBS}),
        (64, 3600),
        extended=True,
    ),
    Modality.FACE: Kind(
        "ISO 19794-5",
        b"FAC\0",
        b"030\0",
        struct.Struct(">4s4sIHBH"),
        {0: Coding.JPEG, 1: Coding.JP2_LOSSY, 2: Coding.JP2, 3: Coding.PNG},
        frozenset({0}),
        (64, 6000),
        extended=True,
    ),
    Modality.IRIS: Kind(
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
DATE = struct.Struct(">HBBBBBH")
NO_DATE = b"\xff" * DATE.size
NO_QUALITY = (254, 255)
FINGER = struct.Struct(">BBBHHHHBBBHHI")
IRIS = struct.Struct(">HBBBBHHBHHHHHHHHHI")
FACE_INFORMATION = struct.Struct(">HBBBB3sH3s3s")
FACE_IMAGE = struct.Struct(">BBHHBHBBI")
LANDMARK_BYTES, QUALITY_BYTES, CERTIFICATE_BYTES = 8, 5, 3
PER_INCH, PER_CM = 1, 2
RESOLUTIONS = (500, 1000)
RESOLUTION_OFF = 0.011  # the standards allow one per cent
FLIPPED = 2
DEPTH = 8
COLOUR_DEPTHS = (0, 1, 2, 3)  # unsaid, 24-bit RGB, YUV 4:2:2, 8-bit grey; the others have 16 bits a channel
