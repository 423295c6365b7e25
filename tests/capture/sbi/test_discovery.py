"""Discovery finds every device of every service, and nothing that only pretends to be one."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from station.capture.sbi import discovery
from station.capture.sbi.asking import Address, info_request, stream_request
from station.capture.sbi.discovery import called_back, discover, open_ports
from station.capture.sbi.driver import SbiDriver
from station.capture.sbi.line import Limit, Line
from station.capture.sbi.names import DeviceSub, SpecVersion
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError
from station.domain.ports import Found
from tests.capture.sbi.conftest import device_of, house_of
from tests.fakes.sbi_server import MAKE, MODEL, SERIAL, SbiServer, b64, free_port, hang, send

PORTS = range(4501, 4601)


def answer(server: SbiServer, *devices: dict[str, Any], verb: str = "MOSIPDISC") -> None:
    server.say[verb] = lambda handler: send(handler, json.dumps(devices).encode())


def test_only_ports_on_which_somebody_listens_are_asked(server: SbiServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ports = [server.port, silent.getsockname()[1], *(free_port() for _ in range(98))]
        assert open_ports(ports) == tuple(sorted(ports[:2]))


def test_the_question_is_what_the_standard_asks_and_never_goes_through_a_proxy(
    server: SbiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    discover(Line(), [server.port])
    verb, body, headers = server.asked[0]
    assert (verb, body) == ("MOSIPDISC", {"type": "Biometric Device"})
    assert {"Host", "Content-Length", "EXT"} <= headers.keys()


def test_a_device_is_found_with_a_name_that_stays(server: SbiServer) -> None:
    (found,) = SbiDriver(house_of(server)).look()
    assert found.device_id == f"sbi/finger/{SERIAL}"
    assert (found.info.kind, found.info.make, found.info.model) == (Modality.FINGER, MAKE, MODEL)
    assert not found.trouble


def test_sub_ids_are_read_as_texts_and_as_numbers(server: SbiServer) -> None:
    (spot,) = discover(Line(), [server.port])  # the fake sends both in one list
    assert spot.entry.subs == {DeviceSub.LEFT, DeviceSub.RIGHT, DeviceSub.BOTH}


def test_several_devices_of_a_service_are_several(server: SbiServer) -> None:
    eyes = server.digital_id() | {"type": "Iris", "serialNo": "EYES12345678", "deviceSubType": "Double"}
    second = server.device() | {"deviceId": "1", "digitalId": b64(json.dumps(eyes).encode())}
    answer(server, server.device(), second)
    assert {found.info.kind for found in SbiDriver(house_of(server)).look()} == {Modality.FINGER, Modality.IRIS}


@pytest.mark.parametrize("bad", [7, None, {"deviceId": {"a": 1}}, {"deviceSubId": [True]}, {"digitalId": "x" * 99_999}])
def test_one_device_that_cannot_be_read_hides_no_other(server: SbiServer, bad: object) -> None:
    server.say["MOSIPDISC"] = lambda handler: send(handler, json.dumps([bad, server.device()]).encode())
    assert len(SbiDriver(house_of(server)).look()) == 1


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({"deviceStatus": "Not Ready"}, "sbi.not_ready"),
        ({"deviceStatus": "Not Registered"}, "sbi.not_registered"),
        ({"deviceStatus": "Busy"}, ""),  # mostly it is we who look through it
        ({"purpose": "Auth"}, "sbi.wrong_purpose"),
        ({"error": {"errorcode": "110", "errorinfo": "old spelling"}}, "sbi.not_ready"),
        ({"error": None}, ""),
    ],
)
def test_why_a_device_cannot_be_used_is_seen_at_once(server: SbiServer, change: dict[str, Any], trouble: str) -> None:
    server.entry = change
    (found,) = SbiDriver(house_of(server)).look()
    assert found.trouble == trouble


@pytest.mark.parametrize(
    "entry",
    [
        {"digitalId": "%%%"},
        {"digitalId": b64(b"{")},
        {"digitalId": b64(b'{"type": "Toe", "serialNo": "1"}')},
        {"digitalId": b64(b'{"type": "Finger"}')},
        {"digitalId": None},
        {"deviceId": None},
    ],
)
def test_who_does_not_say_who_it_is_is_no_device(server: SbiServer, entry: dict[str, Any]) -> None:
    server.entry = entry
    assert SbiDriver(house_of(server)).look() == ()


@pytest.mark.parametrize("said", [b"<html>", b"[" * 99_999, b'{"a": 1}', b"[]", b"null", b"[1]", b" " * 2_000_000])
def test_another_program_on_a_port_is_passed_over(server: SbiServer, said: bytes) -> None:
    with_device = SbiServer()
    server.say["MOSIPDISC"] = server.say["SBIDISC"] = lambda handler: send(handler, said)
    try:
        assert len(SbiDriver(house_of(server, with_device.port)).look()) == 1
    finally:
        with_device.close()


def test_a_program_that_hangs_costs_its_time_and_nothing_else(
    server: SbiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "ANSWER", Limit(0.2, 1000))
    server.say["MOSIPDISC"] = hang(server)
    assert SbiDriver(house_of(server)).look() == ()


def test_the_newer_verb_is_asked_where_the_older_is_not_known(server: SbiServer) -> None:
    entry = server.device() | {"deviceId": None, "serialNo": SERIAL, "specVersion": ["1.0"]}
    server.say["MOSIPDISC"] = lambda handler: send(handler, b'[{"error":{"errorCode":"500"}}]')
    answer(server, entry, verb="SBIDISC")
    (spot,) = discover(Line(), [server.port])
    assert server.sent("SBIDISC") == [{"type": "Biometric Device", "specVersion": "1.0"}]
    assert spot.address == Address(SpecVersion.V10, "Finger", "", SERIAL)
    assert info_request(spot.address) == {"type": "Finger", "specVersion": "1.0", "serialNo": SERIAL}
    assert "deviceId" not in stream_request(spot.address, DeviceSub.LEFT, 1)


@pytest.mark.parametrize(
    ("address", "port"),
    [
        ("http://127.0.0.1:4501/", 4501),
        ("http://127.0.0.1:4600", 4600),
        ("http://127.0.0.1:4601/", None),
        ("http://127.0.0.1/", None),
        ("http://localhost:4501/", None),
        ("http://10.0.0.1:4501/", None),
        ("https://127.0.0.1:4501/", None),
        ("http://user@127.0.0.1:4501/", None),
        ("http://127.0.0.1:4501@evil.example/", None),
        ("http://127.0.0.1:99999/", None),
        ("http://[::1/", None),
        ("", None),
    ],
)
def test_a_service_may_move_its_calls_only_within_this_computer_and_the_range(address: str, port: int | None) -> None:
    assert called_back(address, PORTS) == port


def test_a_call_back_to_elsewhere_is_not_followed(server: SbiServer) -> None:
    server.entry = {"callbackId": "http://10.255.255.1:4501/"}
    device_of(house_of(server)).open()
    assert server.sent("MOSIPDINFO")  # it was asked where it was found


def test_a_call_back_within_the_range_is_followed(server: SbiServer) -> None:
    calls = SbiServer()
    server.entry = calls.entry = {"callbackId": f"http://127.0.0.1:{calls.port}/"}
    answer(calls)  # it answers calls, and does not find itself
    try:
        device_of(house_of(server, calls.port)).open()
        assert calls.sent("MOSIPDINFO") and not server.sent("MOSIPDINFO")
    finally:
        calls.close()


def test_a_device_that_the_last_look_did_not_see_is_missing(server: SbiServer) -> None:
    driver = SbiDriver(house_of(server))
    (found,) = driver.look()
    with pytest.raises(DeviceError, match=r"device\.missing"):
        driver.device(Found("sbi/finger/another", found.info))
