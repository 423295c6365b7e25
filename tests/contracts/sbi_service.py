"""A plain client of SBI for tests: asks over HTTP and shows what came, believing nothing and hiding nothing."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from station.capture.iso19794 import ImageRecord, read
from station.training.people import PEOPLE, Person
from station.training.simulator.booth import Booth, Options
from station.training.simulator.identity import Authority
from station.training.simulator.service import Service

LEFT = ("Left IndexFinger", "Left MiddleFinger", "Left RingFinger", "Left LittleFinger")
RIGHT = tuple(name.replace("Left", "Right") for name in LEFT)
THUMBS = ("Left Thumb", "Right Thumb")
EYES = ("Left", "Right")
FAST = Options(frame_s=0.005, capture_s=0.0, draw_ahead=False)
AUTHORITY = Authority()
_ONE_EACH = httpx.Limits(max_keepalive_connections=0)
"""A connection for every call: the service writes more behind its answers than it says."""


@contextmanager
def running(options: Options = FAST, person: Person = PEOPLE[1]) -> Iterator[Service]:
    """A service in this process."""
    service = Service(Booth(options, AUTHORITY, person))
    service.start()
    try:
        yield service
    finally:
        service.close()


class Client:
    """Talks to one port."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._http = httpx.Client(trust_env=False, verify=False, limits=_ONE_EACH, timeout=60)

    def close(self) -> None:
        self._http.close()

    def ask(self, verb: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        content = body if isinstance(body, str) else json.dumps(body) if body is not None else None
        return self._http.request(verb, f"http://127.0.0.1:{self.port}{path}", content=content, headers=headers)

    def discover(self, wanted: str = "Biometric Device", verb: str = "MOSIPDISC") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(verb, "/device", {"type": wanted}).json()
        return found

    def state(self, device_id: str = "2") -> str:
        return next(str(item["deviceStatus"]) for item in self.discover() if item["deviceId"] == device_id)

    def capture(self, body: object = None, **changed: Any) -> list[dict[str, Any]]:
        """The items of an answer; `changed` are words of the left slap that is asked for."""
        asked = body if body is not None else left_slap(**changed)
        found: list[dict[str, Any]] = self.ask("RCAPTURE", "/capture", asked).json()["biometrics"]
        return found

    def code(self, body: object = None, **changed: Any) -> str:
        return str(self.capture(body, **changed)[0]["error"]["errorCode"])

    def admin(self, call: str, **words: object) -> str:
        return str(self.ask("POST", f"/admin/{call}", words).json()["errorCode"])

    @contextmanager
    def stream(self, device: str = "2", sub: str = "1", **more: str) -> Iterator[httpx.Response]:
        url = f"http://127.0.0.1:{self.port}/stream"
        asked = {"deviceId": device, "deviceSubId": sub, **more}
        with self._http.stream("STREAM", url, json=asked) as response:
            yield response


_BIO = {
    "type",
    "count",
    "bioSubType",
    "exception",
    "requestedScore",
    "deviceId",
    "serialNo",
    "deviceSubId",
    "previousHash",
}


def left_slap(**changed: Any) -> dict[str, Any]:
    """A question that nobody could refuse, but for what is `changed`; None leaves a word out."""
    bio: dict[str, Any] = {
        "type": "Finger",
        "count": "4",
        "bioSubType": list(LEFT),
        "exception": [],
        "requestedScore": "40",
        "deviceId": "2",
        "deviceSubId": "1",
        "previousHash": "",
    }
    whole: dict[str, Any] = {
        "env": "Developer",
        "purpose": "Registration",
        "specVersion": "0.9.5",
        "timeout": "3000",
        "captureTime": "2026-03-01T02:15:00Z",
        "transactionId": "0b1a0f2e-6a37-4f5e-9d0c-3a7c5b1f8e21",
        "customOpts": None,
    }
    for key, value in changed.items():
        (bio if key in _BIO else whole)[key] = value
    return {**_without_none(whole), "bio": [_without_none(bio)]}


def _without_none(words: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in words.items() if value is not None}


def of_eyes(**changed: Any) -> dict[str, Any]:
    words = {"type": "Iris", "deviceId": "1", "deviceSubId": "3", "count": "2", "bioSubType": list(EYES)}
    return left_slap(**{**words, **changed})


def of_face(**changed: Any) -> dict[str, Any]:
    return left_slap(**{"type": "Face", "deviceId": "3", "deviceSubId": "0", "count": "1", "bioSubType": [], **changed})


def of_one_finger(**changed: Any) -> dict[str, Any]:
    words = {"deviceId": "4", "deviceSubId": "0", "count": "1", "bioSubType": ["Left Thumb"]}
    return left_slap(**{**words, **changed})


def payload(token: str) -> dict[str, Any]:
    """What a JWS says, unchecked."""
    found: dict[str, Any] = json.loads(unpacked(token.split(".")[1]))
    return found


def header(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unpacked(token.split(".")[0]))
    return found


def record(item: dict[str, Any]) -> ImageRecord:
    """The picture in an item, as the standard has it."""
    return read(unpacked(payload(item["data"])["bioValue"]))


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
