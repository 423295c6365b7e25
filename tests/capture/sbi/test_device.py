"""An SBI device does what is asked: parts, exceptions, transactions, chain, remarks, and what is kept of its word."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import Any

import pytest

from station.capture.sbi.chain import link
from station.capture.sbi.device import SbiDevice
from station.domain import statement_chain
from station.domain.biometrics import LEFT_FOUR, RIGHT_FOUR, THUMBS, Part
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview
from tests.capture.sbi.conftest import device_of, house_of
from tests.fakes.sbi_server import (
    FRAME,
    MAKE,
    MODEL,
    SERIAL,
    SbiServer,
    complain,
    error,
    free_port,
    part,
    send,
    stream_head,
)

THREE = (RIGHT_FOUR[0], RIGHT_FOUR[2], RIGHT_FOUR[3])


def ignore(_preview: Preview) -> None:
    """Nobody looks."""


def bio(asked: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = asked["bio"][0]
    return found


def test_a_slap_gives_one_capture_per_finger_as_we_measure_it(device: SbiDevice) -> None:
    captures = device.capture(Order(LEFT_FOUR, attempt=2), ignore)
    assert tuple(capture.part for capture in captures) == LEFT_FOUR
    assert {capture.quality for capture in captures} == {52}  # not the 44 that the device claims
    assert {capture.template for capture in captures} == {b"minutiae"}
    assert {capture.attempts for capture in captures} == {2}
    assert all(capture.taken_at.tzinfo is not None for capture in captures)
    info = captures[0].device
    assert (info.serial, info.make, info.model, info.driver) == (SERIAL, MAKE, MODEL, "sbi")


def test_the_question_is_made_of_texts_and_nothing_unknown(server: SbiServer, device: SbiDevice) -> None:
    device.capture(Order(LEFT_FOUR), ignore)
    (asked,) = server.sent("RCAPTURE")
    at, transaction = asked.pop("captureTime"), asked.pop("transactionId")
    assert len(transaction) == 36 and at.endswith("Z")
    assert asked == {
        "env": "Staging",
        "purpose": "Registration",
        "specVersion": "0.9.5",
        "timeout": "3750",
        "bio": [
            {
                "type": "Finger",
                "count": "4",
                "bioSubType": ["Left IndexFinger", "Left MiddleFinger", "Left RingFinger", "Left LittleFinger"],
                "exception": [],
                "requestedScore": "40",
                "deviceId": "2",
                "deviceSubId": "1",
                "previousHash": "",
            }
        ],
        "customOpts": None,
    }


def test_the_rest_of_a_slap_is_excepted_so_that_counts_fit(server: SbiServer, device: SbiDevice) -> None:
    captures = device.capture(Order(THREE), ignore)
    assert tuple(capture.part for capture in captures) == THREE
    asked = bio(server.sent("RCAPTURE")[0])
    assert (asked["count"], asked["exception"], asked["deviceSubId"]) == ("3", ["Right MiddleFinger"], "2")


def test_fingers_of_both_hands_are_a_slap_of_each(server: SbiServer, device: SbiDevice) -> None:
    both, told = (LEFT_FOUR[0], RIGHT_FOUR[0]), list[Preview]()
    assert tuple(capture.part for capture in device.capture(Order(both), told.append)) == both
    assert [frame.hint for frame in told] == ["turn.finger-02", "turn.finger-07"]
    assert all(len(frame.pixels) == frame.width * frame.height for frame in told)
    assert [bio(asked)["deviceSubId"] for asked in server.sent("RCAPTURE")] == ["2", "1"]


def test_every_capture_has_a_transaction_of_its_own(server: SbiServer, device: SbiDevice) -> None:
    for _ in range(2):
        device.capture(Order(THUMBS), ignore)
    assert len({asked["transactionId"] for asked in server.sent("RCAPTURE")}) == 2


def test_the_chain_goes_on_for_one_person_and_begins_anew_for_the_next(server: SbiServer, device: SbiDevice) -> None:
    device.capture(Order(THUMBS, subject="one"), ignore)
    device.capture(Order(THUMBS, subject="one"), ignore)
    device.capture(Order(THUMBS, subject="two"), ignore)
    device.capture(Order(THUMBS), ignore)
    last = link(link("", b"ISO-RECORD-1"), b"ISO-RECORD-2")
    assert [bio(asked)["previousHash"] for asked in server.sent("RCAPTURE")] == ["", last, "", ""]


def test_after_a_restart_the_chain_goes_on_from_what_was_kept(server: SbiServer, device: SbiDevice) -> None:
    kept = device.capture(Order(THUMBS, subject="one"), ignore)
    end = statement_chain.last(statement_chain.link_of(item.envelope, item.taken_at) for item in kept)
    again = device_of(house_of(server))
    again.open()
    again.capture(Order(THUMBS, subject="one", after=end), ignore)
    again.capture(Order(THUMBS, subject="one", after=end), ignore)
    first, second, third = (bio(asked)["previousHash"] for asked in server.sent("RCAPTURE"))
    assert (first, second) == ("", link(link("", b"ISO-RECORD-1"), b"ISO-RECORD-2"))
    assert third == link(link(second, b"ISO-RECORD-3"), b"ISO-RECORD-4"), "what it remembers itself is newer"


def test_what_is_kept_of_the_statement_is_small_and_can_be_checked(device: SbiDevice) -> None:
    captures = device.capture(Order(THUMBS, subject="one"), ignore)
    previous = ""
    for number, capture in enumerate(captures, 1):
        assert capture.envelope is not None and len(capture.envelope) < 2500
        kept = json.loads(capture.envelope)
        record = f"ISO-RECORD-{number}".encode()
        assert kept["payload"]["bioValueSha256"] == hashlib.sha256(record).hexdigest()
        assert (kept["previousHash"], kept["hash"]) == (previous, link(previous, record))
        assert kept["payload"]["digitalId"]["serialNo"] == SERIAL
        assert kept["header"].keys() == {"alg", "x5t#S256"} and len(kept["signature"]) > 300
        assert "bioValue" not in kept["payload"] and "ISO-RECORD" not in capture.envelope
        previous = kept["hash"]


def test_a_whole_slap_in_one_picture_is_read_as_all_its_fingers(server: SbiServer, device: SbiDevice) -> None:
    server.subtypes = lambda _wanted: ["UNKNOWN"]
    assert tuple(capture.part for capture in device.capture(Order(THREE), ignore)) == THREE


def test_the_clock_of_the_device_is_a_remark_and_no_refusal(server: SbiServer, device: SbiDevice) -> None:
    server.spoil = lambda payload: payload.update(timestamp="2026-03-01T02:15:04Z")
    assert {capture.remarks for capture in device.capture(Order(THUMBS), ignore)} == {("clock.skew",)}


def test_times_with_an_offset_or_none_are_understood(server: SbiServer, device: SbiDevice) -> None:
    server.spoil = lambda payload: payload.update(timestamp=payload["timestamp"].replace("Z", ".120+00:00"))
    assert {capture.remarks for capture in device.capture(Order(THUMBS), ignore)} == {()}
    server.spoil = lambda payload: payload.update(timestamp=payload["timestamp"].rstrip("Z"))
    assert {capture.remarks for capture in device.capture(Order(THUMBS), ignore)} == {()}


def test_names_of_old_drafts_are_understood(server: SbiServer, device: SbiDevice) -> None:
    def old(payload: dict[str, Any]) -> None:
        payload["registrationId"] = payload.pop("transactionId")
        payload["bioType"] = "FIR"
        payload["bioSubType"] = {"Left Thumb": "LEFT_THUMB"}.get(payload["bioSubType"], payload["bioSubType"])

    server.spoil = old
    assert len(device.capture(Order(THUMBS), ignore)) == 2


def test_a_device_that_lets_go_of_its_last_call_is_asked_again(server: SbiServer, device: SbiDevice) -> None:
    def busy_once(handler: Any) -> None:
        del server.say["RCAPTURE"]
        complain("703")(handler)

    server.say["RCAPTURE"] = busy_once
    assert len(device.capture(Order(THUMBS), ignore)) == 2
    assert len({asked["transactionId"] for asked in server.sent("RCAPTURE")}) == 2


def test_a_service_that_came_back_on_another_port_is_found_again(server: SbiServer) -> None:
    elsewhere = free_port()
    device = device_of(house_of(server, elsewhere))
    device.open()
    server.close()
    again = SbiServer(elsewhere)
    try:
        assert len(device.capture(Order(THUMBS), ignore)) == 2
    finally:
        again.close()


def test_live_frames_come_with_the_time_they_arrived_until_it_is_cancelled(
    server: SbiServer, device: SbiDevice
) -> None:
    seen: list[Preview] = []
    enough = threading.Event()

    def look(frame: Preview) -> None:
        seen.append(frame)
        enough.set()

    watching = threading.Thread(target=device.watch, args=(Order(THUMBS), look))
    watching.start()
    assert enough.wait(10)
    device.cancel()
    watching.join(5)
    assert not watching.is_alive()
    assert seen and all(frame.received_at > 0 for frame in seen)
    assert server.sent("STREAM") == [{"deviceId": "2", "deviceSubId": "3", "timeout": "300000"}]
    assert len(device.capture(Order(THUMBS), ignore)) == 2  # and the device is as usable as before


def test_a_stream_that_ends_by_itself_ends_the_watching(server: SbiServer, device: SbiDevice) -> None:
    server.released.set()
    seen: list[Preview] = []
    device.watch(Order(THUMBS), seen.append)
    assert seen
    assert len(server.sent("STREAM")) == 1


def test_a_stream_that_the_device_ends_after_minutes_is_opened_again(
    server: SbiServer, device: SbiDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.capture.sbi.watching.STALL_S", 0)  # minutes would be long
    monkeypatch.setattr("station.capture.sbi.watching.AGAIN_S", 0)
    opened: list[str] = []

    def over(handler: Any) -> None:
        opened.append("once more")
        stream_head(handler)
        handler.wfile.write(part(FRAME) + json.dumps(error("609")).encode())
        if len(opened) == 3:
            device.cancel()

    server.say["STREAM"] = over
    device.watch(Order(THUMBS), ignore)
    assert len(opened) == 3


def test_a_stream_without_a_single_picture_is_told(server: SbiServer, device: SbiDevice) -> None:
    server.frames = []
    server.released.set()
    with pytest.raises(DeviceError, match=r"sbi\.stalled"):
        device.watch(Order(THUMBS), ignore)


def test_a_stream_that_goes_silent_is_told(
    server: SbiServer, device: SbiDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.capture.sbi.client.STALL_S", 0.2)
    with pytest.raises(DeviceError, match=r"sbi\.stalled"):
        device.watch(Order(THUMBS), ignore)


def test_a_stream_that_drips_is_no_picture(
    server: SbiServer, device: SbiDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.capture.sbi.client.STALL_S", 0.2)

    def drip(handler: Any) -> None:
        stream_head(handler)
        while not server.released.wait(0.02):
            handler.wfile.write(b"\xff\xd8")
            handler.wfile.flush()

    server.say["STREAM"] = drip
    with pytest.raises(DeviceError, match=r"sbi\.stalled"):
        device.watch(Order(THUMBS), ignore)


@pytest.mark.parametrize("body", [error("202"), {"error": error("202")}])
def test_an_error_in_the_stream_is_told_flat_or_nested(
    server: SbiServer, device: SbiDevice, body: dict[str, Any]
) -> None:
    server.say["STREAM"] = lambda handler: send(handler, json.dumps(body).encode())
    with pytest.raises(DeviceError, match=r"device\.unplugged"):
        device.watch(Order(THUMBS), ignore)


def test_a_service_that_still_shows_another_device_is_asked_again_a_moment_later(
    server: SbiServer, device: SbiDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many show one device at a time: whoever comes from the scanner to the camera finds it not let go of yet."""
    monkeypatch.setattr("station.capture.sbi.device.BUSY_WAIT_S", 0.01)
    asked: list[str] = []

    def not_yet(handler: Any) -> None:
        asked.append("607")
        if len(asked) < 5:
            send(handler, json.dumps(error("607")).encode())
            return
        stream_head(handler)
        handler.wfile.write(part(FRAME))

    server.say["STREAM"] = not_yet
    seen: list[Preview] = []
    device.watch(Order(THUMBS), seen.append)
    assert seen
    assert len(asked) == 5


def test_a_stream_that_can_never_be_started_is_told_as_the_service_says_it(
    server: SbiServer, device: SbiDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.capture.sbi.device.BUSY_WAIT_S", 0.01)
    server.say["STREAM"] = lambda handler: send(handler, json.dumps(error("607")).encode())
    with pytest.raises(DeviceError, match=r"sbi\.refused") as told:
        device.watch(Order(THUMBS), ignore)
    assert told.value.data["sbi"] == "607"


def test_a_self_test_needs_a_trusted_device_that_sees(server: SbiServer, device: SbiDevice) -> None:
    device.self_test()
    server.say["STREAM"] = lambda handler: send(handler, json.dumps(error("202")).encode())
    with pytest.raises(DeviceError, match=r"device\.unplugged"):
        device.self_test()
    server.info = {"deviceStatus": "Not Ready"}
    with pytest.raises(DeviceError, match=r"sbi\.not_ready"):
        device.self_test()


def test_cancelling_ends_a_capture_that_hangs_at_once(server: SbiServer) -> None:
    device = device_of(house_of(server, capture_s=60))
    device.open()
    arrived = threading.Event()

    def hang(_handler: object) -> None:
        arrived.set()
        server.released.wait(30)

    server.say["RCAPTURE"] = hang
    caught: list[str] = []

    def run() -> None:
        try:
            device.capture(Order(THUMBS), ignore)
        except DeviceError as problem:
            caught.append(problem.code)

    capturing = threading.Thread(target=run)
    capturing.start()
    assert arrived.wait(10)
    device.cancel()
    capturing.join(5)
    assert caught == ["device.cancelled"]


def test_a_patient_order_gives_the_device_more_time(server: SbiServer, device: SbiDevice) -> None:
    device.capture(Order(THUMBS, patient=True), ignore)
    assert server.sent("RCAPTURE")[0]["timeout"] == "7500"


def test_torn_frames_are_left_out_and_the_whole_ones_shown(server: SbiServer, device: SbiDevice) -> None:
    whole = b"\xff\xd8 whole \xff\xd9"

    def torn(handler: Any) -> None:
        stream_head(handler)
        for frame in (part(whole[:5], 400), part(whole), part(b"no picture"), part(whole[:-2]), part(whole)):
            handler.wfile.write(frame)

    server.say["STREAM"] = torn
    seen: list[bytes] = []
    device.watch(Order(THUMBS), lambda frame: seen.append(frame.pixels))
    assert seen and set(seen) == {b"\xff"}


@pytest.mark.parametrize("targets", [(), (Part.FACE,), (RIGHT_FOUR[0], Part.IRIS_LEFT)])
def test_parts_of_another_kind_are_refused(device: SbiDevice, targets: tuple[Part, ...]) -> None:
    with pytest.raises(DeviceError, match=r"device\.wrong_part"):
        device.capture(Order(targets), ignore)
