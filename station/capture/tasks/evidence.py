"""The photo that shows why a finger or an eye cannot be captured: read, made small, and written anew without its data.

What a camera writes beside the picture (place, serial number) does not travel.
"""

from __future__ import annotations

import io

from station.capture.lab import Lab, Message
from station.domain.attachment import MAX_EVIDENCE_BYTES
from station.domain.errors import DeviceError

LONGEST_SIDE = 1280
MAX_PIXELS = 50_000_000
_JPEG = b"\xff\xd8\xff"
_QUALITIES = (82, 72, 60, 48)


def read(lab: Lab, image: bytes) -> bytes:
    """The photo as JPEG of at most MAX_EVIDENCE_BYTES. DeviceError `photo.unreadable`, `lab.*`."""
    jpeg = lab.ask("evidence", {}, image).blob(0, MAX_EVIDENCE_BYTES)
    if not jpeg.startswith(_JPEG):
        raise DeviceError("lab.crashed", task="evidence")
    return jpeg


def run(question: Message) -> Message:
    """In the child: decode, turn as the camera was held, shrink, encode."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(question.blob(0)), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise DeviceError("photo.unreadable")
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as broken:
        raise DeviceError("photo.unreadable") from broken
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= MAX_EVIDENCE_BYTES:
            return Message({}, (buffer.getvalue(),))
        picture.thumbnail((picture.width * 3 // 4, picture.height * 3 // 4))
    raise DeviceError("photo.unreadable")
