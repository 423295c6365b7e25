"""Image records of ISO/IEC 19794-4, -5 and -6 in their 2011 editions, written and read: one picture in each.

It must not know what is inside the picture, nor load a decoder: its bytes are handed on as they came. Whatever bytes
come in, the answer is a record or DeviceError `device.bad_image` with a `reason`.
"""

from station.capture.iso19794.reading import read
from station.capture.iso19794.record import (
    MAX_RECORD_BYTES,
    SLAP_LEFT,
    SLAP_RIGHT,
    SLAP_THUMBS,
    Coding,
    ImageRecord,
)
from station.capture.iso19794.writing import write

__all__ = [
    "MAX_RECORD_BYTES",
    "SLAP_LEFT",
    "SLAP_RIGHT",
    "SLAP_THUMBS",
    "Coding",
    "ImageRecord",
    "read",
    "write",
]
