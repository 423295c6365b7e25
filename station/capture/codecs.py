"""Image formats of the packet: WSQ fingers, JPEG 2000 irises, JPEG face, PNG signature.

What came from outside is decoded in children of the lab only. It must not know of devices, people or quality. Every
decoder bounds its input first: a small file can claim to be huge.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import wsq
from numpy.typing import NDArray
from PIL import Image

from station.domain.errors import DeviceError

Grey = NDArray[np.uint8]
"""Rows by columns of 8-bit grey."""

Rgb = NDArray[np.uint8]
"""Rows by columns by red, green, blue."""

MAX_INPUT_BYTES = 16 * 1024 * 1024  # a slap of 3.2 by 3 inches at 1000 ppi, uncompressed, has 10
MAX_PIXELS = 5_000_000
FACE_LIMIT_BYTES = 60 * 1024
_IRIS_RATIO = 22  # 640 x 480 grey becomes about 14 KB
_BEST_JPEG, _WORST_JPEG = 92, 30
_PLUGIN = wsq.__name__  # importing it is what teaches Pillow the format

# What Pillow and its plugins raise for a broken file, as far as seen; MemoryError is not the file's fault.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    OverflowError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def encode_wsq(grey: Grey) -> bytes:
    """FBI WSQ at 500 ppi. The codec chooses about 16:1 by itself and takes no other rate."""
    return _save(Image.fromarray(grey), "WSQ")


def decode_wsq(data: bytes) -> Grey:
    """The grey pixels of a WSQ file; DeviceError for anything else. The C code can crash on a hostile one."""
    return load_wsq(data, MAX_PIXELS)


def load_wsq(data: bytes, max_pixels: int) -> Grey:
    """As decode_wsq, up to `max_pixels`.

    `damage` in the error: the C code may have written where it should not before it noticed, so the process had better
    decode nothing more.
    """
    try:
        return load(data, "WSQ", "L", max_pixels)
    except DeviceError as refused:
        raise DeviceError(refused.code, **refused.data, damage=True) from refused
    except Exception as broken:  # the C module of wsq raises the bare class itself for every broken file
        raise DeviceError("device.bad_image", format="WSQ", reason=str(broken), damage=True) from broken


def encode_jp2(grey: Grey) -> bytes:
    """JPEG 2000 (irreversible), 12 to 16 KB for 640 by 480."""
    image = Image.fromarray(grey)
    return _save(image, "JPEG2000", irreversible=True, quality_mode="rates", quality_layers=[_IRIS_RATIO])


def encode_jp2_lossless(pixels: Grey | Rgb) -> bytes:
    """JPEG 2000 that gives back exactly `pixels`, as devices send it: about 130 KB for a finger."""
    return _save(Image.fromarray(pixels), "JPEG2000", irreversible=False)


def encode_jpeg(rgb: Rgb, limit_bytes: int = FACE_LIMIT_BYTES) -> bytes:
    """JPEG of the best quality that fits `limit_bytes`; DeviceError when even a poor one does not."""
    image = Image.fromarray(rgb)
    low, high, best = _WORST_JPEG, _BEST_JPEG, b""
    trial = high
    while low <= high:
        data = _save(image, "JPEG", quality=trial, optimize=True)
        if len(data) <= limit_bytes:
            best, low = data, trial + 1
        else:
            high = trial - 1
        trial = (low + high) // 2
    if not best:
        raise DeviceError("device.image_too_large", limit=limit_bytes)
    return best


def encode_png(grey: Grey) -> bytes:
    """Lossless grey PNG: a signature is mostly white."""
    return _save(Image.fromarray(grey), "PNG", optimize=True)


def encode_plain(grey: Grey) -> bytes:
    """The pixels with a head in front (BMP), to hand them to a library at once."""
    return _save(Image.fromarray(grey), "BMP")


def _save(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = BytesIO()
    save: Callable[..., None] = image.save
    save(buffer, form, **options)
    return buffer.getvalue()


def load(data: bytes, form: str, mode: str, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """The pixels of a file of Pillow's format `form` in Pillow's `mode`; DeviceError for anything else."""
    if len(data) > MAX_INPUT_BYTES:
        raise DeviceError("device.bad_image", format=form, size_bytes=len(data))
    try:
        with Image.open(BytesIO(data), formats=(form,)) as image:
            if image.width * image.height > max_pixels:
                raise DeviceError("device.bad_image", format=form, width=image.width, height=image.height)
            return np.asarray(image.convert(mode), dtype=np.uint8)
    except _BROKEN as broken:
        raise DeviceError("device.bad_image", format=form, reason=type(broken).__name__) from broken
