"""An answer costs the window no more than an honest one: bombs are known before they are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from station.capture.sbi.client import CAPTURE_SIZE
from station.capture.sbi.device import SbiDevice
from station.capture.sbi.messages import MAX_DEVICES, MAX_ITEMS
from station.capture.sbi.plain_json import decoded, loads
from station.capture.sbi.trust import Trust
from station.domain.biometrics import THUMBS, Modality
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview
from tests.capture.sbi.conftest import device_of, house_of
from tests.capture.sbi.test_trust import NOW
from tests.fakes.sbi_server import AUTHORITY, SbiServer, b64, certificate, jws, part, send, stream_head

BOMBS: dict[str, bytes] = {
    "a million numbers": b"[" + b"1," * 1_000_000 + b"1]",
    "a million keys": b"{" + b",".join(b'"%d":1' % number for number in range(100_000)) + b"}",
    "many objects": b"[" + b"{}," * 1_000 + b"{}]",
    "deep": b"[" * 900 + b"]" * 900,
    "escapes": b'"' + rb"\u0041" * 20_000 + b'"',
    "in two bytes each": json.dumps([1] * 20_000).encode("utf-16"),
}


def ignore(_preview: Preview) -> None:
    """Nobody looks."""


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_no_answer(bomb: str) -> None:
    """Each is JSON that would be read."""
    json.loads(BOMBS[bomb])
    with pytest.raises(ValueError):
        loads(BOMBS[bomb])


def test_the_longest_honest_answers_are_read(server: SbiServer) -> None:
    devices = [server.device() | {"digitalId": "A" * 12_000, "deviceSubId": ["1", "2", "3"]}] * MAX_DEVICES
    assert loads(json.dumps(devices, indent=2).encode("utf-8-sig")) == devices
    items = [{"specVersion": "0.9.5", "data": "A" * 99_999, "hash": "B" * 64, "error": {"errorCode": "0"}}] * MAX_ITEMS
    assert loads(json.dumps({"biometrics": items}).encode()) == {"biometrics": items}


@pytest.mark.parametrize("bomb", ["a million numbers", "deep"])
def test_a_bomb_that_a_device_sends_is_a_bad_answer(server: SbiServer, device: SbiDevice, bomb: str) -> None:
    server.say["RCAPTURE"] = lambda handler: send(handler, BOMBS[bomb])
    with pytest.raises(DeviceError, match=r"sbi\.bad_answer"):
        device.capture(Order(THUMBS), ignore)


def test_a_capture_is_no_larger_than_its_pictures(server: SbiServer, device: SbiDevice) -> None:
    body = b'{"biometrics": [{"data": "%b"}]}' % (b"A" * CAPTURE_SIZE[Modality.FINGER])
    server.say["RCAPTURE"] = lambda handler: send(handler, body)
    with pytest.raises(DeviceError, match=r"sbi\.answer_too_large"):
        device.capture(Order(THUMBS), ignore)


def test_a_signed_bomb_is_no_statement(server: SbiServer) -> None:
    """Whoever signs it: the payload is read before it is known whether the signer is believed."""
    trust, chain = Trust(anchors=[server.authority]), [certificate("device", AUTHORITY)]
    assert trust.read(jws({"a": [0] * 100}, chain), NOW).payload
    bombs: list[dict[str, list[object]]] = [{"a": [0] * 20_000}, {"a": [[]] * 1_000}]
    for payload in bombs:
        with pytest.raises(DeviceError, match=r"sbi\.bad_signature"):
            trust.read(jws(payload, chain), NOW)


@pytest.mark.parametrize("text", ["QQ", "QQ==", "QUI=", "", "QUJD"])
def test_base64_is_read_with_and_without_padding(text: str) -> None:
    assert decoded(text) == b"ABC"[: len(text.rstrip("=")) * 3 // 4]


def test_long_base64_is_read_in_pieces() -> None:
    data = bytes(range(256)) * 8_192
    assert decoded(b64(data)) == data
    for wrong in (b64(data)[:-3] + "%%%", "QQ==" + b64(data), b64(data)[:-5] + "é"):
        with pytest.raises(ValueError):
            decoded(wrong)


# -------------------------------------------------------------------------------------------- a stream that is none


def page(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"<html>CONTOH</html>", "text/html; charset=utf-8")


def endless_page(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<p>" * 10_000)


def not_found(handler: BaseHTTPRequestHandler) -> None:
    handler.send_error(404)


def endless_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-More: %b\r\n" % (b"x" * 10_000))


def endless_part(handler: BaseHTTPRequestHandler) -> None:
    stream_head(handler)
    handler.wfile.write(b"--BoundaryString\r\n")
    while True:
        handler.wfile.write(b"X-More: %b\r\n" % (b"x" * 10_000))


def bomb_in_a_stream(handler: BaseHTTPRequestHandler) -> None:
    stream_head(handler)
    handler.wfile.write(part(b"\xff\xd8 " + b"[" * 300_000 + b"]" * 300_000 + b"}"))


NO_STREAMS: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], str]] = {
    "a page": (page, "sbi.bad_answer"),
    "an endless page": (endless_page, "sbi.bad_answer"),
    "nothing of that name": (not_found, "sbi.bad_answer"),
    "an endless head": (endless_head, "sbi.bad_answer"),
    "a part that does not begin": (endless_part, "sbi.bad_stream"),
    "a bomb": (bomb_in_a_stream, "sbi.stalled"),
}


@pytest.mark.parametrize("what", NO_STREAMS)
def test_what_is_no_stream_is_told_at_once(server: SbiServer, device: SbiDevice, what: str) -> None:
    server.say["STREAM"], code = NO_STREAMS[what]
    with pytest.raises(DeviceError) as caught:
        device.watch(Order(THUMBS), ignore)
    assert caught.value.code == code


def test_another_program_that_took_the_port_is_told_of_a_stream_too(server: SbiServer, device: SbiDevice) -> None:
    for verb in ("STREAM", "MOSIPDISC", "SBIDISC"):
        server.say[verb] = page
    with pytest.raises(DeviceError, match=r"sbi\.port_taken"):
        device.watch(Order(THUMBS), ignore)


def test_a_page_on_a_port_is_no_service(server: SbiServer) -> None:
    device = device_of(house_of(server))
    server.say["MOSIPDINFO"] = server.say["MOSIPDISC"] = server.say["SBIDISC"] = endless_page
    with pytest.raises(DeviceError, match=r"sbi\.(port_taken|answer_too_large)"):
        device.open()
