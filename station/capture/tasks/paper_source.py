"""Opens what may be a document: JPEG, PNG, TIFF, WebP, BMP, PNM or PDF, as grey pictures. Runs in a child of the lab.

It believes nothing: sizes are judged from the head of a file, before anything is unpacked.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from station.domain.documents import MAX_PAGES
from station.domain.errors import DeviceError

Grey = NDArray[np.uint8]

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "PPM")
MAX_PIXELS = 80_000_000
"""A page of A4 at 600 dots per inch has 35 million, and telephones make larger pictures: those are JPEG."""
MAX_JPEG_PIXELS = 170_000_000
"""JPEG is unpacked at a half, a quarter or an eighth, so that the picture is never in memory as a whole."""
WORK_SIDE = 3000
"""The longer side of the picture that is worked on: A4 at 250 dots per inch."""
PDF_DPI = 200
SMALLEST_SIDE = 64
_PDF_MARK = b"%PDF-"
_TROUBLES = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, ArithmeticError, RuntimeError, struct.error,
    zlib.error,
)  # fmt: skip
"""What Pillow and its plug-ins raise for broken files."""


@dataclass(frozen=True)
class Paper:
    """A document that could be opened; `picture` reads one of its `pages`, numbered from 0."""

    pages: int
    picture: Callable[[int], Grey]


def open_paper(data: bytes) -> Paper:
    """DeviceError `document.not_a_picture`, `document.encrypted`, `document.too_many_pages`, …"""
    return _pdf(data) if _PDF_MARK in data[:1024] else _image(data)


# ------------------------------------------------------------------------------------------------------------ images


def _image(data: bytes) -> Paper:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS  # of the whole child: every task says its own before it opens
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            _check_size(image)
            frames = _frames(image)
    except (UnidentifiedImageError, *_TROUBLES) as problem:
        raise DeviceError("document.not_a_picture") from problem
    except Image.DecompressionBombError as problem:
        raise DeviceError("document.too_many_pixels") from problem
    return Paper(frames, lambda number: _frame(image, number))


def _frames(image: Image.Image) -> int:
    """Only a TIFF has pages; what moves is no document. A TIFF of thousands is not counted to its end."""
    if image.format != "TIFF":
        return 1
    for number in range(1, MAX_PAGES + 1):
        try:
            image.seek(number)
        except EOFError:
            image.seek(0)
            return number
    raise DeviceError("document.too_many_pages", limit=MAX_PAGES)


def _frame(image: Image.Image, number: int) -> Grey:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if number:
                image.seek(number)
            _check_size(image)
            if image.format == "JPEG":  # only its grey is unpacked, and no finer than is worked on
                scale = min(1.0, WORK_SIDE / max(image.size))
                image.draft("L", (int(image.width * scale), int(image.height * scale)))
            return fitted(_grey(ImageOps.exif_transpose(image)))
    except _TROUBLES as problem:
        raise DeviceError("document.not_a_picture") from problem
    except Image.DecompressionBombError as problem:
        raise DeviceError("document.too_many_pixels") from problem


def _grey(image: Image.Image) -> Grey:
    """Grey on white paper: what is transparent is paper, and 16 bits become 8."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        deep = np.asarray(image, dtype=np.float32)
        most = float(deep.max(initial=1.0))
        return np.asarray(np.clip(deep * (255.0 / max(most, 255.0)), 0, 255), dtype=np.uint8)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        see_through = image.convert("RGBA")
        ground = Image.new("RGBA", see_through.size, "white")
        image = Image.alpha_composite(ground, see_through)
    return np.asarray(image.convert("L"), dtype=np.uint8)


def _check_size(image: Image.Image) -> None:
    limit = MAX_JPEG_PIXELS if image.format == "JPEG" else MAX_PIXELS
    if image.width * image.height > limit:
        raise DeviceError("document.too_many_pixels")
    if min(image.size) < SMALLEST_SIDE:
        raise DeviceError("document.not_a_picture")


def fitted(grey: Grey) -> Grey:
    """No larger than is worked on."""
    scale = WORK_SIDE / max(grey.shape)
    if scale >= 1:
        return np.ascontiguousarray(grey)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


# --------------------------------------------------------------------------------------------------------------- PDF


def _pdf(data: bytes) -> Paper:
    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as problem:
        locked = "password" in str(problem).casefold() or "security" in str(problem).casefold()
        raise DeviceError("document.encrypted" if locked else "document.not_a_picture") from problem
    if pages < 1:
        raise DeviceError("document.not_a_picture")
    return Paper(pages, lambda number: _rendered(document, number))


def _rendered(document: pypdfium2.PdfDocument, number: int) -> Grey:
    try:
        page = document[number]
        width, height = page.get_size()
        if not (0 < width < 1e6 and 0 < height < 1e6):
            raise DeviceError("document.not_a_picture")
        # However large a page says it is, no more is painted than is worked on.
        scale = min(PDF_DPI / 72, WORK_SIDE / max(width, height))
        if min(width, height) * scale < SMALLEST_SIDE:
            raise DeviceError("document.not_a_picture")
        painted = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_numpy()
    except (pypdfium2.PdfiumError, IndexError) as problem:
        raise DeviceError("document.not_a_picture") from problem
    return np.ascontiguousarray(painted[..., 0] if painted.ndim == 3 else painted)
