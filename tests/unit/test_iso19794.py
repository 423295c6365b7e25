"""Image records of ISO/IEC 19794: they come back as they went in, and whatever else comes in is refused by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.capture.iso19794 import MAX_RECORD_BYTES, SLAP_LEFT, Coding, ImageRecord, read, write
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError

TAKEN = datetime(2026, 3, 1, 2, 15, 4, 250_000, UTC)
FINGER = ImageRecord(Modality.FINGER, 7, 400, 500, Coding.JP2, b"jp2 of a finger", 500, 44, TAKEN)
IRIS = ImageRecord(Modality.IRIS, 2, 640, 480, Coding.JP2, b"jp2 of an eye", 0, 71, TAKEN)
FACE = ImageRecord(Modality.FACE, 0, 900, 1200, Coding.JPEG, b"jpeg of a face", 0, None, None)
RECORDS = (FINGER, IRIS, FACE)

FINGER_HEAD = 16
FINGER_PICTURE = FINGER_HEAD + 4 + 9 + 5 + 1 + 5  # with one quality block
IRIS_PICTURE = FINGER_PICTURE
FACE_PICTURE = 17 + 4 + 9 + 5 + 1


def changed(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def reason(data: bytes) -> object:
    with pytest.raises(DeviceError) as caught:
        read(data)
    assert caught.value.code == "device.bad_image"
    return caught.value.data["reason"]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_comes_back_as_it_went_in(record: ImageRecord) -> None:
    assert read(write(record)) == record


def test_a_slap_and_a_scanner_of_1000_ppi_come_back() -> None:
    slap = replace(FINGER, position=SLAP_LEFT, width=3200, height=3000, ppi=1000, quality=None)
    assert read(write(slap)) == slap


@given(
    st.sampled_from(RECORDS),
    st.binary(min_size=1, max_size=300),
    st.integers(160, 2048),
    st.integers(160, 2048),
    st.none() | st.integers(0, 100),
)
def test_every_picture_comes_back(record: ImageRecord, data: bytes, width: int, height: int, score: int | None) -> None:
    drawn = replace(record, data=data, width=width, height=height, quality=score)
    assert read(write(drawn)) == drawn


def test_the_bytes_of_a_finger_stand_where_the_standard_puts_them() -> None:
    data = write(FINGER)
    assert data[:8] == b"FIR\x00020\x00"
    assert int.from_bytes(data[8:12]) == len(data)
    assert data[12:16] == b"\x00\x01\x00\x01"
    assert int.from_bytes(data[16:20]) == len(data) - 16
    assert data[20:29] == bytes.fromhex("07ea 03 01 02 0f 04 00fa")
    assert data[34:40] == b"\x01\x2c\x00\x00\x00\x00"
    assert data[40:43] == b"\x07\x00\x01"
    assert data[43:51] == b"\x01\xf4" * 4
    assert data[51:54] == b"\x08\x05\x00"
    assert data[54:62] == bytes.fromhex("0190 01f4 0000000f")


def test_the_bytes_of_an_eye_stand_where_the_standard_puts_them() -> None:
    data = write(IRIS)
    assert data[:8] == b"IIR\x00020\x00"
    assert data[40:46] == b"\x00\x01\x02\x02\x0a\x00"
    assert data[46:51] == bytes.fromhex("0280 01e0 08")
    assert data[-17:] == b"\x00\x00\x00\x0d" + IRIS.data


def test_the_bytes_of_a_face_stand_where_the_standard_puts_them() -> None:
    data = write(FACE)
    assert data[:8] == b"FAC\x00030\x00"
    assert data[12:17] == b"\x00\x01\x00\x00\x00"
    assert data[36:53] == bytes(17)
    assert data[53:59] == bytes.fromhex("01 00 0384 04b0")
    assert data[64:68] == len(FACE.data).to_bytes(4)


def test_pixels_per_centimetre_are_understood() -> None:
    data = changed(write(FINGER), FINGER_PICTURE + 2, b"\x02" + (197).to_bytes(2) * 4)
    assert read(data).ppi == 500


def test_landmarks_of_a_face_and_certificates_of_a_scanner_are_stepped_over() -> None:
    face = write(FACE)
    longer = changed(face, FACE_PICTURE, b"\x00\x02")
    longer = longer[: FACE_PICTURE + 17] + bytes(16) + longer[FACE_PICTURE + 17 :]
    assert read(resized(longer, 17)) == FACE
    finger = changed(write(FINGER), 14, b"\x01")
    certified = finger[:FINGER_PICTURE] + b"\x01abc" + finger[FINGER_PICTURE:]
    assert read(resized(certified, 16)) == FINGER


def resized(data: bytes, head: int) -> bytes:
    data = changed(data, 8, len(data).to_bytes(4))
    return changed(data, head, (len(data) - head).to_bytes(4))


def test_what_a_scanner_adds_after_the_picture_is_left_alone() -> None:
    assert read(resized(write(FINGER) + b"\x00\x01segments", 16)) == FINGER


@pytest.mark.parametrize(
    ("at", "new", "why"),
    [
        (0, b"FMR\0", "magic"),
        (4, b"010\0", "version"),
        (4, b"030\0", "version"),
        (8, b"\xff\xff\xff\xff", "length"),
        (12, b"\x00\x02", "count"),
        (12, b"\x00\x00", "count"),
        (14, b"\x07", "certification"),
        (16, b"\x00\x00\x00\x01", "length"),
        (34, b"\xff", "truncated"),
        (35, b"\xc8", "quality"),
        (FINGER_PICTURE, b"\x0b", "position"),
        (FINGER_PICTURE + 2, b"\x00", "dpi"),
        (FINGER_PICTURE + 7, (96).to_bytes(2) * 2, "dpi"),
        (FINGER_PICTURE + 7, (508).to_bytes(2) * 2, "dpi"),
        (FINGER_PICTURE + 7, (0).to_bytes(2) * 2, "dpi"),
        (FINGER_PICTURE + 7, (500).to_bytes(2) + (1000).to_bytes(2), "dpi"),
        (FINGER_PICTURE + 11, b"\x01", "depth"),
        (FINGER_PICTURE + 11, b"\x10", "depth"),
        (FINGER_PICTURE + 12, b"\x01", "coding"),
        (FINGER_PICTURE + 14, (0).to_bytes(2), "dimensions"),
        (FINGER_PICTURE + 14, (65535).to_bytes(2), "dimensions"),
        (FINGER_PICTURE + 16, (20).to_bytes(2), "dimensions"),
        (FINGER_PICTURE + 18, (0xFFFFFFFF).to_bytes(4), "truncated"),
        (FINGER_PICTURE + 18, (0).to_bytes(4), "length"),
    ],
)
def test_a_finger_record_that_says_something_wrong_is_refused_with_the_reason(at: int, new: bytes, why: str) -> None:
    assert reason(changed(write(FINGER), at, new)) == why


@pytest.mark.parametrize(
    ("at", "new", "why"),
    [
        (4, b"030\0", "version"),
        (14, b"\x01", "certification"),
        (IRIS_PICTURE + 2, b"\x03", "position"),
        (IRIS_PICTURE + 4, b"\x04", "coding"),
        (IRIS_PICTURE + 5, b"\x02", "orientation"),
        (IRIS_PICTURE + 5, b"\x08", "orientation"),
        (IRIS_PICTURE + 6, b"\xff\xff", "dimensions"),
        (IRIS_PICTURE + 10, b"\x10", "depth"),
    ],
)
def test_an_eye_record_that_says_something_wrong_is_refused_with_the_reason(at: int, new: bytes, why: str) -> None:
    assert reason(changed(write(IRIS), at, new)) == why


@pytest.mark.parametrize(
    ("at", "new", "why"),
    [
        (4, b"010\0", "version"),
        (FACE_PICTURE, b"\xff\xff", "truncated"),
        (FACE_PICTURE + 17 + 1, b"\x09", "coding"),
        (FACE_PICTURE + 17 + 2, b"\xff\xff", "dimensions"),
        (FACE_PICTURE + 17 + 10, b"\x04", "depth"),
    ],
)
def test_a_face_record_that_says_something_wrong_is_refused_with_the_reason(at: int, new: bytes, why: str) -> None:
    assert reason(changed(write(FACE), at, new)) == why


def test_raw_pixels_must_be_as_many_as_the_record_says() -> None:
    raw = replace(FINGER, width=64, height=64, coding=Coding.RAW, data=bytes(64 * 64))
    assert read(write(raw)) == raw
    assert reason(write(replace(raw, data=bytes(64 * 63)))) == "length"


def test_nothing_may_follow_the_picture_of_an_eye() -> None:
    assert reason(resized(write(IRIS) + b"more", 16)) == "length"


def test_a_record_larger_than_any_picture_is_refused() -> None:
    assert reason(b"FIR\x00020\x00" + bytes(MAX_RECORD_BYTES)) == "size"


def test_a_coding_that_the_standard_does_not_know_is_no_record() -> None:
    with pytest.raises(ValueError, match="19794-6"):
        write(replace(IRIS, coding=Coding.WSQ))


def test_a_date_that_does_not_exist_is_no_date() -> None:
    assert read(changed(write(FINGER), 22, b"\x0d")).taken_at is None


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_cut_anywhere_is_refused(record: ImageRecord) -> None:
    data = write(record)
    for end in range(len(data)):
        assert reason(data[:end]) in ("magic", "truncated", "length")


@given(st.sampled_from((b"", b"FIR\x00020\x00", b"IIR\x00020\x00", b"FAC\x00030\x00")), st.binary(max_size=200))
def test_any_bytes_are_a_record_or_a_bad_image(start: bytes, rest: bytes) -> None:
    judged(start + rest)


@given(st.sampled_from(RECORDS), st.integers(0, 100), st.binary(min_size=1, max_size=6))
def test_any_change_of_a_record_is_a_record_or_a_bad_image(record: ImageRecord, at: int, new: bytes) -> None:
    judged(changed(write(record), at, new))


def judged(data: bytes) -> None:
    try:
        record = read(data)
    except DeviceError as refused:
        assert refused.code == "device.bad_image"
        assert refused.data["reason"]
    else:
        assert 64 <= record.width <= 6000
        assert 64 <= record.height <= 6000
        assert 0 < len(record.data) <= len(data)
