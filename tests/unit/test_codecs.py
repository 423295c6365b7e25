"""The image formats: they come back as they went in, they fit the budget, and broken files are refused by name."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from station.capture import codecs
from station.domain.errors import DeviceError
from station.training.drawing.grain import soft, source

Pixels = NDArray[np.uint8]
Decoder = Callable[[bytes], Pixels]


def decode_jp2(data: bytes) -> Pixels:
    return codecs.load(data, "JPEG2000", "L")


def decode_jpeg(data: bytes) -> Pixels:
    return codecs.load(data, "JPEG", "RGB")


def decode_png(data: bytes) -> Pixels:
    return codecs.load(data, "PNG", "L")


DECODERS: tuple[Decoder, ...] = (codecs.decode_wsq, decode_jp2, decode_jpeg, decode_png)
ENCODERS: tuple[Callable[[Pixels], bytes], ...] = (codecs.encode_wsq, codecs.encode_jp2, codecs.encode_png)


def waves(height: int, width: int) -> Pixels:
    y, x = np.mgrid[0:height, 0:width]
    return np.asarray(128 + 90 * np.sin(x / 3 + 4 * np.sin(y / 40)), dtype=np.uint8)


def noise(height: int, width: int) -> Pixels:
    return np.asarray(np.random.default_rng(1).integers(0, 256, (height, width, 3)), dtype=np.uint8)


def error_of(decode: Decoder, data: bytes) -> str:
    with pytest.raises(DeviceError) as caught:
        decode(data)
    return caught.value.code


def test_a_print_comes_back_from_wsq_nearly_as_it_was() -> None:
    finger = waves(500, 400)
    data = codecs.encode_wsq(finger)
    assert data[:2] == b"\xff\xa0"
    assert 9_000 < len(data) < 20_000
    assert np.abs(codecs.decode_wsq(data).astype(int) - finger).mean() < 12


def test_what_a_device_packs_without_loss_comes_back_exactly() -> None:
    finger = waves(500, 400)
    assert np.array_equal(decode_jp2(codecs.encode_jp2_lossless(finger)), finger)


def test_an_iris_comes_back_from_jpeg_2000_within_twelve_to_sixteen_kilobytes() -> None:
    eye = np.clip(128 + 30 * soft(source(1), (480, 640), 1.5), 0, 255).astype(np.uint8)
    data = codecs.encode_jp2(eye)
    assert 12_000 <= len(data) <= 16_000
    assert np.abs(decode_jp2(data).astype(int) - eye).mean() < 10


def test_a_signature_comes_back_from_png_exactly() -> None:
    ink = waves(200, 600)
    assert np.array_equal(decode_png(codecs.encode_png(ink)), ink)


def test_the_best_jpeg_that_fits_is_chosen() -> None:
    face = noise(200, 150)
    large, small = codecs.encode_jpeg(face, 60_000), codecs.encode_jpeg(face, 20_000)
    assert len(small) <= 20_000 < len(large) <= 60_000
    assert decode_jpeg(small).shape == (200, 150, 3)


def test_a_face_that_fits_in_no_quality_is_refused() -> None:
    with pytest.raises(DeviceError) as caught:
        codecs.encode_jpeg(noise(300, 300), 1_000)
    assert caught.value.code == "device.image_too_large"


@pytest.mark.parametrize("decode", DECODERS)
@pytest.mark.parametrize(
    "data", [b"", b"not an image", b"\xff\xa0\xff", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", bytes(64)]
)
def test_what_is_no_image_is_refused_by_name(decode: Decoder, data: bytes) -> None:
    assert error_of(decode, data) == "device.bad_image"


@pytest.mark.parametrize(
    ("encode", "decode"), list(zip(ENCODERS, (DECODERS[0], DECODERS[1], DECODERS[3]), strict=True))
)
def test_a_truncated_file_is_refused_by_name(encode: Callable[[Pixels], bytes], decode: Decoder) -> None:
    data = encode(waves(240, 320))
    assert error_of(decode, data[: len(data) // 3]) == "device.bad_image"


@pytest.mark.parametrize("decode", DECODERS)
def test_an_oversized_file_is_refused_unread(decode: Decoder) -> None:
    assert error_of(decode, bytes(codecs.MAX_INPUT_BYTES + 1)) == "device.bad_image"


def test_a_small_file_that_claims_many_pixels_is_refused_before_it_is_unpacked() -> None:
    buffer = BytesIO()
    Image.new("L", (3000, 3000), 255).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 50_000
    assert error_of(decode_png, buffer.getvalue()) == "device.bad_image"


def test_a_wsq_header_that_claims_many_pixels_is_refused_before_it_is_unpacked() -> None:
    data = bytearray(codecs.encode_wsq(waves(500, 400)))
    frame = data.index(b"\xff\xa2")
    data[frame + 6 : frame + 10] = b"\xff\xff\xff\xff"
    assert error_of(codecs.decode_wsq, bytes(data)) == "device.bad_image"


def test_one_format_is_not_taken_for_another() -> None:
    assert error_of(decode_png, codecs.encode_wsq(waves(100, 100))) == "device.bad_image"
