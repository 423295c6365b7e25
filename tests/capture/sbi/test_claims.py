"""A serial number can be claimed by anybody: the device that proves it serves, and without proof none."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from station.capture.sbi.driver import SbiDriver
from station.domain.biometrics import THUMBS
from station.domain.errors import DeviceError
from station.domain.ports import Found, Order, Preview
from station.ui import words
from tests.capture.sbi.conftest import house_of
from tests.fakes.sbi_server import AUTHORITY, SERIAL, SbiServer, b64, certificate, send


def ignore(_preview: Preview) -> None:
    """Nobody looks."""


@pytest.fixture
def rival() -> Iterator[SbiServer]:
    """Claims to be the same device, and is certified by nobody."""
    made = SbiServer()
    made.chain, made.signer = [certificate("other", "stranger")], "other"
    yield made
    made.close()


def looked(server: SbiServer, rival: SbiServer) -> tuple[SbiDriver, Found]:
    driver = SbiDriver(house_of(server, rival.port))
    (found,) = driver.look()
    assert found.device_id == f"sbi/finger/{SERIAL}"
    return driver, found


def refused(driver: SbiDriver, found: Found) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        driver.device(found).open()
    return caught.value


def test_who_is_trusted_serves_and_the_log_names_the_ports(
    server: SbiServer, rival: SbiServer, caplog: pytest.LogCaptureFixture
) -> None:
    driver, found = looked(server, rival)
    assert found.trouble == ""
    device = driver.device(found)
    device.open()
    assert len(device.capture(Order(THUMBS), ignore)) == 2
    assert not rival.sent("RCAPTURE")
    assert {str(server.port), str(rival.port)} <= set(caplog.text.replace(",", " ").replace(";", " ").split())
    assert f"port {server.port} proved it" in caplog.text and SERIAL not in caplog.text


def test_without_proof_neither_serves(server: SbiServer, rival: SbiServer) -> None:
    server.chain = [certificate("device", "stranger")]
    driver, found = looked(server, rival)
    assert found.trouble == "sbi.claimed_twice"
    problem = refused(driver, found)
    assert problem.code == "sbi.claimed_twice"
    assert problem.data == {"ports": ", ".join(map(str, sorted((server.port, rival.port))))}
    assert words.of_error(problem).title


def test_two_that_prove_it_with_keys_of_their_own_are_in_dispute_until_one_is_gone(
    server: SbiServer, rival: SbiServer
) -> None:
    rival.chain = [certificate("other", AUTHORITY)]
    driver, found = looked(server, rival)
    device = driver.device(found)
    with pytest.raises(DeviceError, match=r"sbi\.claimed_twice"):
        device.open()
    rival.close()
    device.open()
    assert len(device.capture(Order(THUMBS), ignore)) == 2


def test_a_recorded_description_proves_nothing_on_another_port(server: SbiServer, rival: SbiServer) -> None:
    false, true = sorted((server, rival), key=lambda one: one.port)  # of two that are the same the first would be taken
    true.chain, true.signer = [certificate("device", AUTHORITY)], "device"
    recorded = json.dumps([{"deviceInfo": true.signed_info()}]).encode()
    false.say["MOSIPDINFO"] = lambda handler: send(handler, recorded)
    driver, found = looked(false, true)
    device = driver.device(found)
    device.open()
    device.capture(Order(THUMBS), ignore)
    assert true.sent("RCAPTURE") and not false.sent("RCAPTURE")


def test_a_service_that_listens_on_two_ports_is_one_device(server: SbiServer, rival: SbiServer) -> None:
    rival.chain, rival.signer = server.chain, server.signer
    driver, found = looked(server, rival)
    assert not found.trouble
    driver.device(found).open()


def test_a_rival_that_comes_later_is_not_taken_for_the_device_that_is_gone(server: SbiServer, rival: SbiServer) -> None:
    rival_answers = rival.say.copy()
    rival.say["MOSIPDISC"] = rival.say["SBIDISC"] = lambda handler: send(handler, b"[]")
    driver, found = looked(server, rival)
    device = driver.device(found)
    device.open()
    rival.say = rival_answers
    server.close()
    with pytest.raises(DeviceError, match=r"sbi\.untrusted"):
        device.capture(Order(THUMBS), ignore)
    assert not rival.sent("RCAPTURE")


def test_a_service_that_invents_many_devices_does_not_come_before_the_first_of_another(
    server: SbiServer, rival: SbiServer
) -> None:
    low, high = sorted((server, rival), key=lambda one: one.port)
    invented = [
        low.device() | {"digitalId": b64(json.dumps(low.digital_id() | {"serialNo": f"X{number}"}).encode())}
        for number in range(30)
    ]
    low.say["MOSIPDISC"] = lambda handler: send(handler, json.dumps(invented).encode())
    found = SbiDriver(house_of(low, high.port)).look()
    assert SERIAL in [one.info.serial for one in found[:2]]


def test_names_of_a_device_are_plain_and_short_wherever_they_go(server: SbiServer) -> None:
    hostile = server.digital_id() | {
        "serialNo": "FP\u202e10\x00\u200b00", "make": "<b>\nmerah</b>" * 9, "model": "A\u0336\u0336\u0336 \u2066B",
    }  # fmt: skip
    server.entry = {"digitalId": b64(json.dumps(hostile).encode())}
    (found,) = SbiDriver(house_of(server)).look()
    assert (found.info.serial, found.info.model) == ("FP10 00", "A B")
    assert found.info.make == ("<b> merah</b>" * 9)[:64]
    assert found.device_id == "sbi/finger/FP10 00"
