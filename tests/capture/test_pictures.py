"""Pictures from devices: what is no 8-bit picture of sensible size and resolution is refused, unpacked or not."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from station.capture import codecs, pictures
from station.capture.iso19794 import MAX_RECORD_BYTES, Coding, ImageRecord, write
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError
from tests.fakes.drawn_fingers import Pixels

WIDTH, HEIGHT = 160, 200


def small() -> Pixels:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.asarray(128 + 90 * np.sin(x / 3 + 4 * np.sin(y / 40)), dtype=np.uint8)


def saved(form: str, pixels: Pixels | None = None, mode: str = "L", **options: object) -> bytes:
    buffer = BytesIO()
    Image.fromarray(small() if pixels is None else pixels).convert(mode).save(buffer, form, **options)
    return buffer.getvalue()


def record(data: bytes, coding: Coding = Coding.JP2, **changes: object) -> bytes:
    finger = ImageRecord(Modality.FINGER, 7, WIDTH, HEIGHT, coding, data, 500)
    return write(replace(finger, **changes))  # type: ignore[arg-type]


RULES = (None, "size", "depth", "dimensions", "modality", "dpi", "finger")
"""Reasons of ours. Any other is what a decoder said that could not read the picture."""


def reason(opened: Callable[[bytes], object], data: bytes) -> object:
    with pytest.raises(DeviceError) as caught:
        opened(data)
    assert caught.value.code == "device.bad_image"
    return caught.value.data.get("reason")


@pytest.mark.parametrize("form", ["PNG", "JPEG2000"])
def test_a_bare_file_is_opened_as_it_is(form: str) -> None:
    picture = pictures.finger(saved(form))
    assert np.array_equal(picture.pixels, small())
    assert picture.position == 0


def test_a_wsq_file_is_opened() -> None:
    assert pictures.finger(codecs.encode_wsq(small())).pixels.shape == (HEIGHT, WIDTH)


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        (Coding.RAW, small().tobytes()),
        (Coding.JP2, saved("JPEG2000")),
        (Coding.PNG, saved("PNG")),
    ],
)
def test_a_record_is_opened_and_says_which_finger_it_is(coding: Coding, data: bytes) -> None:
    picture = pictures.finger(record(data, coding))
    assert np.array_equal(picture.pixels, small())
    assert picture.position == 7


def test_a_picture_of_1000_ppi_is_halved() -> None:
    double = np.asarray(Image.fromarray(small()).resize((2 * WIDTH, 2 * HEIGHT)))
    in_record = pictures.finger(record(saved("PNG", double), Coding.PNG, ppi=1000, width=2 * WIDTH, height=2 * HEIGHT))
    bare = pictures.finger(saved("PNG", double, dpi=(1000, 1000)))
    for picture in (in_record, bare):
        assert picture.pixels.shape == (HEIGHT, WIDTH)
        assert np.abs(picture.pixels.astype(int) - small()).mean() < 12


@pytest.mark.parametrize("dpi", [(96, 96), (300, 300), (500, 1000), (2000, 2000)])
def test_any_other_resolution_is_refused(dpi: tuple[int, int]) -> None:
    assert reason(pictures.finger, saved("PNG", dpi=dpi)) == "dpi"


def sixteen_bits(form: str) -> bytes:
    buffer = BytesIO()
    Image.fromarray(small().astype(np.uint16) * 257).save(buffer, form)
    return buffer.getvalue()


def png_of_four_bits() -> bytes:
    """Pillow writes none, but reads them as if they had eight."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 4, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1 + WIDTH // 2) * HEIGHT)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        sixteen_bits("PNG"),
        sixteen_bits("JPEG2000"),
        png_of_four_bits(),
        saved("PNG", mode="1"),
        saved("PNG", mode="P"),
        saved("PNG", mode="RGB"),
        saved("PNG", mode="LA"),
        saved("JPEG2000", mode="RGB"),
    ],
)
def test_what_has_not_eight_bits_of_grey_is_refused(data: bytes) -> None:
    assert reason(pictures.finger, data) == "depth"


@pytest.mark.parametrize("shape", [(60, 400), (400, 60), (100, 3700)])
def test_a_picture_of_impossible_size_is_refused(shape: tuple[int, int]) -> None:
    assert reason(pictures.finger, saved("PNG", np.full(shape, 200, np.uint8))) == "dimensions"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = saved("PNG", np.zeros((3600, 3600), np.uint8))
    assert len(bomb) < 60_000
    assert reason(pictures.finger, bomb) == "dimensions"
    assert reason(pictures.face, saved("PNG", np.zeros((6000, 6000), np.uint8), optimize=False)) == "dimensions"


def test_a_wsq_that_claims_to_be_huge_is_refused() -> None:
    data = bytearray(codecs.encode_wsq(small()))
    frame = data.index(b"\xff\xa2")
    data[frame + 6 : frame + 10] = b"\xff\xff\xff\xff"
    assert reason(pictures.finger, bytes(data)) == "DecompressionBombError"


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>404</html>", b"%PDF-1.7", b"MZ\x90\x00", b"GIF89a" + bytes(50), b"II*\x00" + bytes(50), bytes(9000)],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert reason(pictures.finger, data) in ("magic", "size")
    assert reason(pictures.iris, data) in ("magic", "size")


def test_more_bytes_than_any_picture_has_are_refused_unread() -> None:
    assert reason(pictures.finger, b"\x89PNG\r\n\x1a\n" + bytes(MAX_RECORD_BYTES)) == "size"


@pytest.mark.parametrize("data", [saved("PNG"), saved("JPEG2000"), codecs.encode_wsq(small())])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_a_truncated_picture_is_refused(data: bytes, share: float) -> None:
    cut = data[: max(9, int(len(data) * share))]
    assert reason(pictures.finger, cut) not in RULES
    assert reason(pictures.finger, record(cut, Coding.JP2)) not in RULES


def test_a_record_around_a_picture_of_another_size_or_form_is_refused() -> None:
    assert reason(pictures.finger, record(saved("JPEG2000"), width=WIDTH + 1)) == "dimensions"
    assert reason(pictures.finger, record(saved("PNG"), Coding.JP2)) == "UnidentifiedImageError"
    assert reason(pictures.finger, record(b"not a picture", Coding.WSQ)) not in RULES


def test_a_record_of_another_kind_is_refused() -> None:
    eye = np.full((480, 640), 128, np.uint8)
    iris = write(ImageRecord(Modality.IRIS, 1, 640, 480, Coding.RAW, eye.tobytes()))
    assert pictures.iris(iris).position == 1
    assert reason(pictures.finger, iris) == "modality"
    assert reason(pictures.iris, record(saved("PNG"), Coding.PNG)) == "modality"
    assert reason(pictures.iris, codecs.encode_wsq(eye)) == "modality"


def test_a_face_comes_in_colour_also_from_a_grey_picture() -> None:
    colour = np.zeros((300, 260, 3), np.uint8)
    colour[..., 0] = 200
    assert np.array_equal(pictures.face(saved("JPEG2000", colour, "RGB", irreversible=False)).pixels, colour)
    assert pictures.face(saved("PNG", np.full((300, 260), 90, np.uint8))).pixels.shape == (300, 260, 3)
    assert reason(pictures.face, saved("PNG", np.full((300, 260), 90, np.uint8), "1")) == "depth"
