"""What an SBI service may not do: every lie and every defect has a code of its own, and a sentence."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from station.capture.sbi.device import SbiDevice
from station.domain.biometrics import RIGHT_FOUR, THUMBS
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview
from station.ui import words
from station.ui.sentences import SENTENCES
from tests.capture.sbi.conftest import device_of, house_of
from tests.fakes.sbi_server import SbiServer, b64, certificate, complain, hang, jws, send

Spoil = Callable[[SbiServer], None]
Say = Callable[[BaseHTTPRequestHandler], None]


def ignore(_preview: Preview) -> None:
    """Nobody looks."""


def refusal(device: SbiDevice, targets: Any = THUMBS) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        device.capture(Order(targets), ignore)
    assert caught.value.code in SENTENCES
    assert "…" not in str(words.of_error(caught.value))  # every gap of the sentence is filled
    return caught.value


def stated(**said: Any) -> Spoil:
    def spoil(server: SbiServer) -> None:
        server.spoil = lambda payload: payload.update(said)

    return spoil


def itemised(**said: Any) -> Spoil:
    def spoil(server: SbiServer) -> None:
        server.spoil_item = lambda item: item.update(said)

    return spoil


def unsigned(item: dict[str, Any]) -> None:
    _header, payload, _signature = item["data"].split(".")
    item["data"] = f"{b64(json.dumps({'alg': 'none'}).encode())}.{payload}."


def signed_with_the_certificate(item: dict[str, Any]) -> None:
    """The public key as if it were a shared secret: what breaks clients that obey the header."""
    header, payload, signature = item["data"].split(".")
    chain = json.loads(_decoded(header))["x5c"]
    item["data"] = f"{b64(json.dumps({'alg': 'HS256', 'x5c': chain}).encode())}.{payload}.{signature}"


def changed(item: dict[str, Any]) -> None:
    """One word of the payload is another than was signed."""
    header, payload, signature = item["data"].split(".")
    said = json.loads(_decoded(payload)) | {"qualityScore": "99"}
    item["data"] = f"{header}.{b64(json.dumps(said).encode())}.{signature}"


def _decoded(part: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def item_by(change: Callable[[dict[str, Any]], None]) -> Spoil:
    def spoil(server: SbiServer) -> None:
        server.spoil_item = change

    return spoil


def chained(*chain: Any) -> Spoil:
    def spoil(server: SbiServer) -> None:
        server.chain = list(chain)

    return spoil


LIES: dict[str, tuple[Spoil, str]] = {
    "a hash that does not fit": (itemised(hash="00" * 32), "sbi.broken_chain"),
    "no hash": (itemised(hash=""), "sbi.broken_chain"),
    "another picture than the hash": (stated(bioValue=b64(b"another")), "sbi.broken_chain"),
    "no picture": (stated(bioValue=""), "sbi.broken_chain"),
    "a picture that is no base64": (stated(bioValue="%%%"), "sbi.bad_answer"),
    "an older transaction": (stated(transactionId="0b1a0f2e-6a37-4f5e-9d0c-3a7c5b1f8e21"), "sbi.replayed"),
    "another environment": (stated(env="Production"), "sbi.wrong_environment"),
    "another purpose": (stated(purpose="Auth"), "sbi.wrong_purpose"),
    "another version": (itemised(specVersion="1.0"), "sbi.wrong_version"),
    "another device": (stated(deviceCode="code-2"), "sbi.other_device"),
    "another kind": (stated(bioType="Iris"), "sbi.wrong_parts"),
    "no score": (stated(qualityScore=None), "sbi.bad_answer"),
    "a score that is no number": (stated(qualityScore="nan"), "sbi.bad_answer"),
    "no time": (stated(timestamp="yesterday"), "sbi.bad_answer"),
    "not signed": (item_by(unsigned), "sbi.bad_signature"),
    "signed by what everybody knows": (item_by(signed_with_the_certificate), "sbi.bad_signature"),
    "changed after it was signed": (item_by(changed), "sbi.bad_signature"),
    "no token at all": (itemised(data="a.b"), "sbi.bad_signature"),
    "no certificate": (chained(), "sbi.untrusted"),
    "an id without a certificate of somebody else": (
        lambda server: setattr(server, "id_chain", [certificate("other", "stranger")]),
        "sbi.bad_signature",
    ),
    "an expired certificate": (chained(certificate("device", "authority", days=(-90, -2))), "sbi.certificate_expired"),
    "a certificate of tomorrow": (chained(certificate("device", "authority", days=(2, 9))), "sbi.certificate_early"),
    "an unknown authority": (chained(certificate("device", "stranger")), "sbi.untrusted"),
    "an authority that only has the name": (
        chained(certificate("device", "stranger"), certificate("authority", "stranger", ca=True, key_name="stranger")),
        "sbi.untrusted",
    ),
    "a chain without end": (chained(*[certificate("device", "authority")] * 9), "sbi.untrusted"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_under_its_name(server: SbiServer, device: SbiDevice, lie: str) -> None:
    spoil, code = LIES[lie]
    spoil(server)
    assert refusal(device).code == code


def test_a_device_cannot_vouch_for_another(server: SbiServer, device: SbiDevice) -> None:
    """`device` is certified, but no authority: what it certifies itself is nobody."""
    server.chain = [certificate("other", "device"), certificate("device", "authority")]
    server.signer = "other"
    assert refusal(device).code == "sbi.untrusted"


def test_another_trusted_device_cannot_answer_for_this_one(server: SbiServer, device: SbiDevice) -> None:
    server.chain, server.signer = [certificate("other", "authority")], "other"
    assert refusal(device).code == "sbi.other_device"
    device.close()
    device.open()  # a key may be renewed: whoever is opened anew may have another
    assert len(device.capture(Order(THUMBS), ignore)) == 2


def test_an_identity_that_nobody_trusted_signed_is_not_opened(server: SbiServer) -> None:
    server.id_chain = [certificate("device", "stranger")]
    with pytest.raises(DeviceError, match=r"sbi\.untrusted"):
        device_of(house_of(server)).open()


def test_an_authority_between_is_followed(server: SbiServer, device: SbiDevice) -> None:
    server.chain = [certificate("device", "between"), certificate("between", "authority", ca=True)]
    assert len(device.capture(Order(THUMBS), ignore)) == 2


def test_an_authority_that_has_expired_vouches_for_nobody(server: SbiServer, device: SbiDevice) -> None:
    between = certificate("between", "authority", ca=True, days=(-90, -2))
    server.chain = [certificate("device", "between"), between]
    assert refusal(device).code == "sbi.certificate_expired"


def test_an_identity_of_another_device_is_not_this_ones(server: SbiServer, device: SbiDevice) -> None:
    other = jws(server.digital_id() | {"serialNo": "ANOTHER12345"}, server.chain)
    server.spoil = lambda payload: payload.update(digitalId=other)
    assert refusal(device).code == "sbi.other_device"


def test_a_nameless_picture_is_not_the_one_finger_that_was_wanted(server: SbiServer, device: SbiDevice) -> None:
    server.subtypes = lambda _wanted: ["UNKNOWN"]
    assert refusal(device, THUMBS[:1]).code == "sbi.wrong_parts"


def test_three_of_four_names_what_is_missing(server: SbiServer, device: SbiDevice) -> None:
    server.subtypes = lambda wanted: [wanted[0], *wanted[2:]]
    problem = refusal(device, RIGHT_FOUR)
    assert problem.code == "sbi.wrong_parts"
    assert "ight middle finger" in str(words.of_error(problem))


def test_a_finger_twice_is_not_the_missing_one(server: SbiServer, device: SbiDevice) -> None:
    server.subtypes = lambda wanted: [wanted[0], wanted[0]]
    assert refusal(device).data["missing"] == ("finger-06",)


def test_more_than_was_wanted_is_refused(server: SbiServer, device: SbiDevice) -> None:
    server.subtypes = lambda wanted: [*wanted, "Right RingFinger"]
    assert refusal(device).code == "sbi.extra_parts"


def test_the_other_hand_is_refused(server: SbiServer, device: SbiDevice) -> None:
    server.subtypes = lambda wanted: [name.replace("Right", "Left") for name in wanted]
    assert refusal(device, RIGHT_FOUR).code == "sbi.wrong_parts"


# --------------------------------------------------------------------------------------------------- bytes and time


def endless(handler: BaseHTTPRequestHandler) -> None:
    """200 MB, or as much as somebody is willing to take."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" " * 1024 * 1024)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"biometrics": [')


def reset(handler: BaseHTTPRequestHandler) -> None:
    """The service dies of it."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def not_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")


def body(text: str) -> Say:
    return lambda handler: send(handler, text.encode())


BROKEN: dict[str, tuple[Say, str]] = {
    "200 MB": (endless, "sbi.answer_too_large"),
    "half an answer": (cut_off, "device.unplugged"),
    "half a JSON": (body('{"biometrics": [{"data": "'), "sbi.bad_answer"),
    "no JSON": (body("<html>"), "sbi.bad_answer"),
    "a tower of brackets": (body("[" * 100_000), "sbi.bad_answer"),
    "another shape": (body('{"biometrics": {"data": 1}}'), "sbi.bad_answer"),
    "a list": (body("[]"), "sbi.bad_answer"),
    "nothing captured": (body('{"biometrics": []}'), "sbi.bad_answer"),
    "a thousand items": (body(json.dumps({"biometrics": [{}] * 1000})), "sbi.bad_answer"),
    "nothing": (reset, "device.unplugged"),
    "another protocol": (not_http, "sbi.bad_answer"),
    "it is not registered": (complain("100"), "sbi.not_registered"),
    "it is not ready": (complain("110"), "sbi.not_ready"),
    "it was opened": (complain("103"), "sbi.tampered"),
    "its key is too old": (complain("107"), "sbi.certificate_expired"),
    "it is unplugged": (complain("106"), "device.unplugged"),
    "nothing is connected": (complain("202"), "device.unplugged"),
    "nobody came": (complain("701"), "device.timeout"),
    "nothing was seen": (complain("708"), "sbi.nothing_captured"),
    "it serves another purpose": (complain("709"), "sbi.wrong_purpose"),
    "it does not like the question": (complain("122"), "sbi.refused"),
    "a code of its maker": (complain("5999"), "sbi.refused"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_answer_is_refused_under_its_name(server: SbiServer, device: SbiDevice, what: str) -> None:
    say, code = BROKEN[what]
    server.say["RCAPTURE"] = say
    assert refusal(device).code == code
    assert len(server.sent("RCAPTURE")) == 1


@pytest.mark.parametrize("say", [not_http, body("<html>"), reset])
def test_another_program_on_the_port_is_told(server: SbiServer, say: Say) -> None:
    device = device_of(house_of(server))
    for verb in ("MOSIPDISC", "SBIDISC", "MOSIPDINFO"):
        server.say[verb] = say
    with pytest.raises(DeviceError) as caught:
        device.open()
    assert caught.value.code == ("device.unplugged" if say is reset else "sbi.port_taken")


def test_an_answer_that_drips_ends_with_the_time_it_may_take(server: SbiServer) -> None:
    device = device_of(house_of(server, capture_s=0.4))
    device.open()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not server.released.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    server.say["RCAPTURE"] = drip
    assert refusal(device).code == "sbi.no_answer"


def test_a_service_that_hangs_is_given_up(server: SbiServer) -> None:
    device = device_of(house_of(server, capture_s=0.2))
    device.open()
    server.say["RCAPTURE"] = hang(server)
    assert refusal(device).code == "sbi.no_answer"


def test_a_device_that_stays_busy_says_so(
    server: SbiServer, device: SbiDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.capture.sbi.device.BUSY_WAIT_S", 0.01)
    server.say["RCAPTURE"] = complain("111")
    assert refusal(device).code == "sbi.busy"


def test_a_service_that_ended_is_unplugged(server: SbiServer, device: SbiDevice) -> None:
    server.close()
    assert refusal(device).code == "device.unplugged"


OTHERS: dict[str, tuple[dict[str, Any], str]] = {
    "serial": ({"deviceCode": "code-9"}, "sbi.other_device"),
    "certification": ({"certification": "L1"}, "sbi.other_device"),
    "id": ({"deviceId": "7"}, "sbi.other_device"),
    "state": ({"deviceStatus": "Not Ready"}, "sbi.not_ready"),
    "registered": ({"deviceStatus": "Not Registered"}, "sbi.not_registered"),
    "environment": ({"env": "Developer"}, "sbi.wrong_environment"),
    "purpose": ({"purpose": "Auth"}, "sbi.wrong_purpose"),
    "version": ({"specVersion": ["0.9.2"]}, "sbi.wrong_version"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_device_that_is_not_whom_discovery_saw_is_not_opened(server: SbiServer, what: str) -> None:
    device = device_of(house_of(server))
    server.info, code = OTHERS[what]
    with pytest.raises(DeviceError, match=code):
        device.open()
    assert code in SENTENCES


def test_an_expired_device_is_not_opened(server: SbiServer) -> None:
    server.chain = [certificate("device", "authority", days=(-90, -2))]
    with pytest.raises(DeviceError, match=r"sbi\.certificate_expired"):
        device_of(house_of(server)).open()


def test_what_is_wrong_with_another_device_of_the_service_is_not_ours(server: SbiServer) -> None:
    device = device_of(house_of(server))
    good = {"deviceInfo": server.signed_info(), "error": {"errorCode": "0"}}
    bad = [{"deviceInfo": "", "error": {"errorCode": "110"}}, {"deviceInfo": "%%%"}, {"deviceInfo": "a.b.c"}]
    server.say["MOSIPDINFO"] = lambda handler: send(handler, json.dumps([*bad, good]).encode())
    device.open()
    server.say["MOSIPDINFO"] = lambda handler: send(handler, json.dumps(bad).encode())
    with pytest.raises(DeviceError, match=r"sbi\.not_ready"):
        device.open()


def test_nothing_of_a_refused_answer_is_quoted(server: SbiServer, device: SbiDevice) -> None:
    server.say["RCAPTURE"] = body('{"biometrics": [{"data": {"finger": "RIDGES"}}]}')
    problem = refusal(device)
    shown: BaseException | None = problem
    while shown is not None:
        assert "RIDGES" not in repr(shown) + str(shown)
        shown = shown.__cause__
