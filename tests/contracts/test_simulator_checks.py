"""What the simulator refuses, and in which order: the table of the reference implementation, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest

from station.capture.sbi.names import SpecVersion
from station.training.people import PEOPLE
from station.training.simulator.checks import CAPTURE_CHECKS, STREAM_CHECKS
from tests.contracts.sbi_service import FAST, LEFT, THUMBS, Client, left_slap, of_eyes, of_face, of_one_finger, running

Asked = dict[str, Any]
Before = Callable[[Client], object]


@pytest.fixture(scope="module")
def the_client() -> Iterator[Client]:
    with running(person=PEOPLE[1]) as service:
        made = Client(service.port)
        yield made
        made.close()


@pytest.fixture
def client(the_client: Client) -> Iterator[Client]:
    yield the_client
    the_client.admin("status", type="Biometric Device", deviceStatus="Ready")
    the_client.admin("fault", fault="none")
    the_client.admin("person", nik=PEOPLE[1].nik)  # takes count from the first again: those are drawn already


def nothing(_client: Client) -> None:
    """The service as it is."""


def state(status: str) -> Before:
    return lambda client: client.admin("status", type="Finger", deviceStatus=status)


def unplugged(client: Client) -> None:
    client.admin("fault", type="Finger", fault="unplugged")


Line = tuple[str, Asked, Before]
# From what is looked at last to what is looked at first.
WRONG: list[Line] = [
    ("703", {}, state("Busy")),
    ("109", {"count": "3"}, nothing),
    ("122", {"count": "3", "bioSubType": ["Right IndexFinger", *LEFT[1:]]}, nothing),
    ("112", {"transactionId": "no spaces"}, nothing),
    ("110", {}, state("Not Ready")),
    ("100", {}, state("Not Registered")),
    ("106", {}, unplugged),
    ("706", {"deviceSubId": "0"}, nothing),
    ("120", {"type": "Iris"}, nothing),
    ("705", {"deviceId": "9"}, nothing),
    ("114", {"type": "Foot"}, nothing),
    ("704", {"deviceId": None}, nothing),
    ("121", {"purpose": "Auth"}, nothing),
    ("115", {"env": "Somewhere"}, nothing),
    ("123", {"count": 4}, nothing),
]


@pytest.mark.parametrize(("code", "changed", "before"), WRONG, ids=[line[0] for line in WRONG])
def test_each_wrong_thing_has_its_code(client: Client, code: str, changed: Asked, before: Before) -> None:
    before(client)
    answer = client.capture(**changed)
    assert [(item["data"], item["hash"], item["error"]["errorCode"]) for item in answer] == [("", "", code)]


NEIGHBOURS = [(later, sooner) for later, sooner in pairwise(WRONG) if later[0] != "110"]  # one device, one state


@pytest.mark.parametrize(("later", "sooner"), NEIGHBOURS, ids=[f"{a[0]}-{b[0]}" for a, b in NEIGHBOURS])
def test_of_two_wrong_things_the_one_that_is_looked_at_first_is_told(client: Client, later: Line, sooner: Line) -> None:
    later[2](client)
    sooner[2](client)
    assert client.code(**{**later[1], **sooner[1]}) == sooner[0]


def test_the_order_is_that_of_the_reference_implementation() -> None:
    assert [code for code, _ in CAPTURE_CHECKS] == (
        "115 121 704 114 705 120 706 106 702 100 110 112 122 109 703".split()
    )
    assert [code for code, _ in STREAM_CHECKS] == "604 605 606 202 100 110 111 607".split()


NOT_JSON: dict[str, object] = {
    "no JSON": "{",
    "a list": [],
    "nothing": "",
    "no bio": {"env": "Developer"},
    "two bios": {**left_slap(), "bio": left_slap()["bio"] * 2},
    "a word nobody knows": left_slap(colour="red"),
    "a word nobody knows in bio": {**left_slap(), "bio": [{**left_slap()["bio"][0], "colour": "red"}]},
    "options": left_slap(customOpts={"a": "b"}),
    "local time": left_slap(captureTime="2026-03-01T02:15:00+07:00"),
    "half a hash": left_slap(previousHash="ABCD"),
    "no hash": left_slap(previousHash=None),
    "a score in words": left_slap(requestedScore="good"),
    "another version": left_slap(specVersion="0.1"),
    "a finger that is no text": left_slap(bioSubType=[1, 2, 3, 4]),
    "very deep": "[" * 60_000,
}


@pytest.mark.parametrize("body", list(NOT_JSON.values()), ids=list(NOT_JSON))
def test_what_the_schema_does_not_know_is_bad_json(client: Client, body: object) -> None:
    assert client.code(body) == "123"


COUNTS: dict[str, tuple[Asked, str]] = {
    "four": (left_slap(), "0"),
    "three and one excepted": (left_slap(count="3", bioSubType=list(LEFT[:3]), exception=[LEFT[3]]), "0"),
    "three": (left_slap(count="3", bioSubType=list(LEFT[:3])), "109"),
    "none and four excepted": (left_slap(count="0", bioSubType=[], exception=list(LEFT)), "109"),
    "one finger twice": (left_slap(bioSubType=[LEFT[0], *LEFT[:3]]), "122"),
    "captured and excepted": (left_slap(count="3", bioSubType=list(LEFT[:3]), exception=[LEFT[0]]), "122"),
    "no finger of ours": (left_slap(bioSubType=[*LEFT[:3], "Left Toe"]), "122"),
    "an eye among fingers": (left_slap(bioSubType=[*LEFT[:3], "Left"]), "122"),
    "both thumbs": (left_slap(deviceSubId="3", count="2", bioSubType=list(THUMBS)), "0"),
    "thumbs as a hand": (left_slap(count="2", bioSubType=list(THUMBS)), "122"),
    "both eyes": (of_eyes(), "0"),
    "one eye of two": (of_eyes(count="1", bioSubType=["Left"]), "109"),
    "one eye of two, one excepted": (of_eyes(count="1", bioSubType=["Left"], exception=["Right"]), "0"),
    "one eye": (of_eyes(deviceSubId="2", count="1", bioSubType=["Right"]), "0"),
    "the other eye": (of_eyes(deviceSubId="2", count="1", bioSubType=["Left"]), "122"),
    "a face": (of_face(), "0"),
    "a face without subtypes": (of_face(bioSubType=[None]), "0"),
    "two faces": (of_face(count="2"), "109"),
    "a face with what the photo shows missing": (of_face(exception=[LEFT[0], "Left"]), "0"),
    "one finger": (of_one_finger(), "0"),
    "two on a scanner for one": (of_one_finger(count="2", bioSubType=list(THUMBS)), "109"),
}


@pytest.mark.parametrize(("body", "code"), list(COUNTS.values()), ids=list(COUNTS))
def test_count_and_exceptions_must_add_up(client: Client, body: Asked, code: str) -> None:
    assert client.code(body) == code


def test_a_service_for_authentication_registers_nobody() -> None:
    with running(replace(FAST, purpose="Auth")) as service:
        client = Client(service.port)
        assert client.code("no JSON at all") == "709"
        assert client.discover()[0]["purpose"] == "Auth"
        client.close()


def test_another_capture_meanwhile_finds_the_device_busy() -> None:
    with running(replace(FAST, capture_s=0.5)) as service:
        first, second = Client(service.port), Client(service.port)
        codes: list[str] = []
        thread = Thread(target=lambda: codes.append(first.code()))
        thread.start()
        while second.state() != "Busy":
            assert thread.is_alive()
        assert second.code() == "703"
        assert second.state("1") == "Ready"
        thread.join()
        assert codes == ["0"]
        assert second.state() == "Ready"
        first.close()
        second.close()


@pytest.mark.parametrize(
    ("asked", "before", "code"),
    [
        ("{", nothing, "601"),
        ({"deviceSubId": "1"}, nothing, "604"),
        ({"deviceId": "9", "deviceSubId": "1"}, nothing, "605"),
        ({"deviceId": "2", "deviceSubId": "0"}, nothing, "606"),
        ({"deviceId": "2", "deviceSubId": "1"}, unplugged, "202"),
        ({"deviceId": "2", "deviceSubId": "1"}, state("Not Registered"), "100"),
        ({"deviceId": "2", "deviceSubId": "1"}, state("Not Ready"), "110"),
        ({"deviceId": "2", "deviceSubId": "1"}, state("Busy"), "111"),
    ],
)
def test_each_wrong_thing_about_a_stream_has_its_code_told_flat(
    client: Client, asked: object, before: Before, code: str
) -> None:
    before(client)
    assert client.ask("STREAM", "/stream", asked).json()["errorCode"] == code


def test_while_one_device_is_watched_another_neither_captures_nor_streams(client: Client) -> None:
    with client.stream("2", "1"):
        assert client.code(of_eyes()) == "702"
        assert client.ask("STREAM", "/stream", {"deviceId": "1", "deviceSubId": "3"}).json()["errorCode"] == "607"
    while client.state() == "Busy":
        pass  # until the service has seen that nobody looks
    assert client.code(of_eyes()) == "0"


# ----------------------------------------------------------------------------------------------------------- manners


@pytest.mark.parametrize("verb", ["GET", "CAPTURE", "MOSIPINFO"])
def test_a_wrong_verb_is_answered_with_405_ok(client: Client, verb: str) -> None:
    answer = client.ask(verb, "/device", {})
    assert (answer.status_code, answer.reason_phrase) == (405, "OK")
    assert answer.json()[0]["error"]["errorCode"] == "500"


@pytest.mark.parametrize("path", ["/", "/info", "/device/"])
def test_a_verb_at_another_path_is_wrong_too(client: Client, path: str) -> None:
    assert client.ask("MOSIPDISC", path, {}).status_code == 405


def test_a_service_of_one_version_does_not_know_the_verbs_of_the_other() -> None:
    with running(replace(FAST, versions=(SpecVersion.V095,))) as service:
        client = Client(service.port)
        assert client.ask("SBIDISC", "/device", {"type": "Face", "specVersion": "1.0"}).status_code == 405
        assert client.discover("Face")[0]["specVersion"] == ["0.9.5"]
        client.close()


def test_answers_say_where_they_come_from_and_that_the_line_is_closed(client: Client) -> None:
    answer = client.ask("MOSIPDISC", "/device", {"type": "Face"})
    assert answer.headers["Location"] == f"http://127.0.0.1:{client.port}"
    assert answer.headers["Connection"] == "Closed"
    assert answer.headers["Cache-Control"] == "no-store"


# ------------------------------------------------------------------------------------------------------- admin calls


@pytest.mark.parametrize(
    ("call", "words", "code"),
    [
        ("status", {"type": "Biometric Device", "deviceStatus": "Ready"}, "0"),
        ("status", {"type": "Foot", "deviceStatus": "Ready"}, "502"),
        ("status", {"type": "Finger", "deviceStatus": "Asleep"}, "504"),
        ("score", {"type": "Finger", "qualityScore": "44.44", "fromIso": True}, "0"),
        ("score", {"type": "Finger", "qualityScore": "101"}, "505"),
        ("score", {"type": "Finger", "qualityScore": "good"}, "505"),
        ("delay", {"type": "Finger", "delay": "0", "method": ["RCAPTURE"]}, "0"),
        ("delay", {"type": "Finger", "delay": "-1", "method": ["RCAPTURE"]}, "506"),
        ("delay", {"type": "Finger", "delay": "1", "method": ["EAT"]}, "507"),
        ("profile", {"type": "Finger", "profileId": "Profile7"}, "551"),
        ("person", {"seed": -1}, "504"),
        ("person", {"nik": "1"}, "504"),
        ("expect", {}, "504"),
        ("fault", {"fault": "earthquake"}, "504"),
        ("fault", {"fault": "hang", "times": "often"}, "504"),
    ],
)
def test_admin_calls_say_what_is_wrong_with_them(client: Client, call: str, words: Asked, code: str) -> None:
    assert client.admin(call, **words) == code


def test_an_admin_call_that_nobody_knows_is_a_wrong_verb(client: Client) -> None:
    assert client.ask("POST", "/admin/dance", {}).status_code == 405


def test_a_delay_counts_for_its_device_and_its_verb(client: Client) -> None:
    assert client.admin("delay", type="Face", delay="300", method=["RCAPTURE"]) == "0"
    slow = client.ask("RCAPTURE", "/capture", of_face())
    client.admin("delay", type="Face", delay="0", method=["RCAPTURE"])
    assert slow.elapsed.total_seconds() >= 0.3
