"""Any picture a device may send, opened: a record of ISO/IEC 19794 or a bare JPEG 2000, PNG, WSQ or JPEG file.

It runs in children of the lab only, and must not know of people or quality. What is no 8-bit picture of a sensible
size and resolution is DeviceError `device.bad_image` with a `reason`, decided before anything is unpacked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
from PIL import Image

from station.capture.codecs import Grey, Rgb, load, load_wsq
from station.capture.iso19794 import MAX_RECORD_BYTES, Coding, read
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError

PPI = 500
MAX_PIXELS = 12_000_000  # a slap of 3.2 by 3 inches at 1000 ppi has 9.6 million
_SIDES = {Modality.FINGER: (100, 3600), Modality.IRIS: (240, 2048), Modality.FACE: (240, 6000)}
_STARTS = (
    (b"\x00\x00\x00\x0cjP  ", "JPEG2000"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xa0", "WSQ"),
    (b"\xff\xd8\xff", "JPEG"),
)
_FORMS = {
    Coding.WSQ: "WSQ",
    Coding.JPEG: "JPEG",
    Coding.JP2: "JPEG2000",
    Coding.JP2_LOSSY: "JPEG2000",
    Coding.PNG: "PNG",
}
_RECORDS = (b"FIR\0", b"IIR\0", b"FAC\0")
_SIZ = b"\xff\x51"  # the marker of JPEG 2000 after which size, number of channels and depth stand
_SIZ_CHANNELS, _SIZ_DEPTH = 38, 40
_PNG_DEPTH = 24


@dataclass(frozen=True)
class Picture:
    """Pixels (rows by columns; three channels for a face), and the position that the record claims, 0 for none."""

    pixels: Grey | Rgb
    position: int = 0


def finger(data: bytes) -> Picture:
    """8-bit grey at 500 ppi; a picture of 1000 ppi is halved, one without a resolution is taken for 500."""
    picture, ppi = _open(data, Modality.FINGER)
    if ppi in (0, PPI):
        return picture
    _require(ppi == 2 * PPI, "finger", "dpi")
    height, width = picture.pixels.shape[:2]
    half = Image.fromarray(picture.pixels).resize((width // 2, height // 2), Image.Resampling.LANCZOS)
    return replace(picture, pixels=np.asarray(half, dtype=np.uint8))


def iris(data: bytes) -> Picture:
    """8-bit grey."""
    return _open(data, Modality.IRIS)[0]


def face(data: bytes) -> Picture:
    """24-bit colour; a grey picture comes back as colours too."""
    return _open(data, Modality.FACE)[0]


def _open(data: bytes, modality: Modality) -> tuple[Picture, int]:
    _require(0 < len(data) <= MAX_RECORD_BYTES, modality.value, "size")
    if data[:4] not in _RECORDS:
        form = next((form for start, form in _STARTS if data.startswith(start)), "")
        _require(bool(form), modality.value, "magic")
        pixels, ppi = _unpacked(data, form, modality)
        return Picture(pixels), ppi
    record = read(data)
    _require(record.modality is modality, modality.value, "modality")
    if record.coding is Coding.RAW:
        pixels = np.frombuffer(record.data, np.uint8).reshape(record.height, record.width)
        _check_size(record.width, record.height, modality)
        return Picture(pixels, record.position), record.ppi
    pixels, _ppi = _unpacked(record.data, _FORMS[record.coding], modality)
    # A record that says one size around a picture of another was made up or mixed up.
    _require(pixels.shape[:2] == (record.height, record.width), modality.value, "dimensions")
    return Picture(pixels, record.position), record.ppi


def _unpacked(data: bytes, form: str, modality: Modality) -> tuple[Grey | Rgb, int]:
    """Pixels and pixels per inch, 0 when the file does not say."""
    if form == "WSQ":
        _require(modality is Modality.FINGER, form, "modality")
        pixels = load_wsq(data, MAX_PIXELS)
        _check_size(pixels.shape[1], pixels.shape[0], modality)
        return pixels, 0
    ppi = _look(data, form, modality)
    return load(data, form, "RGB" if modality is Modality.FACE else "L", MAX_PIXELS), ppi


def _look(data: bytes, form: str, modality: Modality) -> int:
    """Check size, channels and depth in the head of the file, and give its pixels per inch."""
    try:
        with Image.open(BytesIO(data), formats=(form,)) as image:
            width, height, mode, dpi = *image.size, image.mode, image.info.get("dpi")
    except (OSError, SyntaxError, ValueError, IndexError, OverflowError, Image.DecompressionBombError) as broken:
        raise DeviceError("device.bad_image", format=form, reason=type(broken).__name__) from broken
    _check_size(width, height, modality)
    allowed = ("L", "RGB") if modality is Modality.FACE else ("L",)
    _require(mode in allowed and _eight_bits(data, form), form, "depth")
    if dpi is None or form == "JPEG":
        return 0  # cameras write any number into a JPEG
    return _resolution(dpi)


def _eight_bits(data: bytes, form: str) -> bool:
    """Pillow stretches 4 bits to 8 without a word."""
    if form == "PNG":
        return data[_PNG_DEPTH] == 8
    if form == "JPEG2000":
        at = data.find(_SIZ) + _SIZ_DEPTH
        return at < len(data) and data[at] == 7
    return True


def _resolution(dpi: tuple[float, float]) -> int:
    """500 or 1000, -1 for any other."""
    across, down = (float(value) for value in dpi)
    right = (ppi for ppi in (PPI, 2 * PPI) if abs(across / ppi - 1) < 0.011 and abs(down / ppi - 1) < 0.011)
    return next(right, -1)


def _check_size(width: int, height: int, modality: Modality) -> None:
    smallest, largest = _SIDES[modality]
    inside = smallest <= width <= largest and smallest <= height <= largest and width * height <= MAX_PIXELS
    _require(inside, modality.value, "dimensions")


def _require(met: bool, form: str, reason: str) -> None:
    if not met:
        raise DeviceError("device.bad_image", format=form, reason=reason)
