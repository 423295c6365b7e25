"""Frames out of streams that are whole, torn, mislabelled, endless or no stream at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.capture.sbi.stream import MAX_FRAME, MAX_WASTE, FrameParser
from station.domain.errors import DeviceError
from tests.fakes.sbi_server import error, part

ONE, TWO = b"\xff\xd8 one \xff\xd9", b"\xff\xd8 two \xff\xd9"
TYPE = "multipart/x-mixed-replace; boundary=--BoundaryString"


def frames(data: bytes, size: int = 1 << 20, content_type: str = TYPE) -> list[bytes]:
    parser = FrameParser(content_type)
    found: list[bytes] = []
    for at in range(0, len(data), size):
        found += parser.feed(data[at : at + size])
    return found


@pytest.mark.parametrize("size", [1, 3, 7, 1 << 20])
def test_frames_come_whole_however_the_bytes_come(size: int) -> None:
    assert frames(part(ONE) + part(TWO), size) == [ONE, TWO]


def test_a_frame_is_there_with_its_last_byte_and_not_with_the_next_frame() -> None:
    parser = FrameParser(TYPE)
    data = part(ONE)
    end = data.index(ONE) + len(ONE)
    assert list(parser.feed(data[: end - 1])) == []
    assert list(parser.feed(data[end - 1 : end])) == [ONE]


def test_without_a_length_a_frame_ends_where_the_next_part_begins() -> None:
    data = (part(ONE) + part(TWO) + part(b"")).replace(b"Content-Length", b"X-Nothing")
    assert frames(data, 3) == [ONE, TWO]


def test_a_length_that_is_too_small_or_too_large_is_not_believed() -> None:
    assert frames(part(ONE, 4) + part(TWO)) == [ONE, TWO]
    assert frames(part(ONE, len(ONE) + 20) + part(TWO)) == [ONE, TWO]
    assert frames(part(ONE, 99_999_999) + part(TWO)) == [ONE, TWO]


def test_a_torn_frame_costs_itself_and_not_the_next() -> None:
    parser = FrameParser(TYPE)
    assert list(parser.feed(part(ONE[:6], len(ONE)) + part(TWO))) == [TWO]
    assert parser.torn == 1


def test_garbage_before_and_between_is_passed_over() -> None:
    assert frames(b"\x00garbage" * 40 + part(ONE) + b"\x00" * 300 + part(b"no picture") + part(TWO)) == [ONE, TWO]


def test_any_boundary_with_one_or_two_dashes() -> None:
    data = (part(ONE[:6], 99) + part(TWO)).replace(b"--BoundaryString", b"--frame")
    assert frames(data, content_type="multipart/x-mixed-replace; boundary=frame") == [TWO]
    assert frames(data, content_type='multipart/x-mixed-replace; boundary="--frame"') == [TWO]


def test_a_frame_larger_than_any_is_dropped_and_the_next_shown() -> None:
    large = b"\xff\xd8" + b"\x00" * (MAX_FRAME + 10) + b"\xff\xd9"
    assert frames(part(large) + part(TWO)) == [TWO]


@pytest.mark.parametrize("byte", [b"\x00", b"\xff\xd8", b"{", b"{}", b"--BoundaryString"])
def test_endless_garbage_ends(byte: bytes) -> None:
    parser = FrameParser(TYPE)
    chunk = byte * (65536 // len(byte))
    with pytest.raises(DeviceError, match=r"sbi\.bad_stream"):
        for _ in range(MAX_WASTE // len(chunk) + 2):
            list(parser.feed(chunk))


@pytest.mark.parametrize("said", [error("110"), {"error": error("110")}, {"errorcode": "110"}])
def test_an_error_is_told_at_once_flat_or_nested(said: dict[str, Any]) -> None:
    with pytest.raises(DeviceError, match=r"sbi\.not_ready"):
        list(FrameParser("application/json").feed(json.dumps(said).encode() + b"\r\n\r\n"))


def test_success_is_no_error() -> None:
    parser = FrameParser("application/json")
    assert list(parser.feed(json.dumps(error("0")).encode() + b"\r\n\r\n")) == []
    parser.end()
    assert list(parser.feed(part(ONE) + part(TWO))) == [ONE, TWO]


@given(st.binary(max_size=4000), st.integers(1, 500))
def test_no_bytes_break_it(data: bytes, size: int) -> None:
    try:
        found = frames(part(ONE)[:-3] + data + part(TWO) * 2, size)
    except DeviceError:
        return
    assert all(frame.startswith(b"\xff\xd8") and frame.endswith(b"\xff\xd9") for frame in found)
