"""A station as the contract suite needs it: keys, packets and plain HTTP. Knows no server but by its address."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Protocol

import httpx

from station.domain.form import FIELDS
from station.domain.ids import new_record_id
from station.domain.record import RecordKey
from station.domain.target import Target
from station.seal.body import Body, close_body, new_identity, recipient_of
from station.seal.hello import first_hello
from station.seal.jws import SigningKey
from station.seal.packet import make_packet, sha256_of
from station.seal.receipts import check_receipt
from station.seal.token import make_token
from station.wire import Heartbeat, Hello, PacketManifest, PublicKey, Receipt

TUS = {"Tus-Resumable": "1.0.0"}
STREAM = {"Content-Type": "application/offset+octet-stream"}
GOOD = {item.key: item.good for item in FIELDS}
_SERIALS = itertools.count(1)


class Subject(Protocol):
    """A server under test. It lets province 99 exist and keeps everything over `restart`, the address too."""

    @property
    def url(self) -> str: ...

    def new_code(self, office: str = "") -> str: ...

    def restart(self) -> None: ...

    def tell(self, station_id: str, kind: str, **members: Any) -> None: ...

    def make_list(self, area: str, people: Sequence[Target]) -> int: ...

    def last_heartbeat(self, station_id: str) -> Heartbeat | None: ...


@dataclass(frozen=True)
class Sealed:
    """A packet file and what its manifest says."""

    key: RecordKey
    origin: str
    data: bytes
    sealed_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    @property
    def sha256(self) -> str:
        return sha256_of(self.data)

    def item(self, **changes: Any) -> dict[str, Any]:
        return {
            "record_id": self.key.record_id,
            "revision": self.key.revision,
            "origin": self.origin,
            "sha256": self.sha256,
            "size": len(self.data),
            "sealed_at": self.sealed_at,
            "kind": "rekam_baru",
            "priority": 0,
        } | changes


class Station:
    """An enrolled station. Every request is a new connection's worth of honesty: signed, with a fresh Request-Id."""

    def __init__(self, http: httpx.Client, key: SigningKey, hello: Hello) -> None:
        self.http = http
        self.key = key
        self.hello = hello
        self.identity = new_identity()
        self.sequence = count(1)
        self.ahead = timedelta()
        """How far the clock of this station is ahead."""

    @property
    def id(self) -> str:
        return self.key.kid

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        **more: Any,
    ) -> httpx.Response:
        """One request; the echo is checked on whatever comes back."""
        request_id = str(uuid.uuid4())
        token = self.token() if token is None else token
        sent = (
            {"Request-Id": request_id} | ({"Authorization": f"Bearer {token}"} if token else {}) | dict(headers or {})
        )
        answer = self.http.request(method, path, headers=sent, **more)
        assert answer.headers.get("request-id") == request_id
        return answer

    def token(self, **claims: Any) -> str:
        given: dict[str, Any] = {"central_id": self.hello.central_id, "now": datetime.now(UTC) + self.ahead} | claims
        return make_token(self.key, **given)

    def seal(
        self,
        *,
        key: RecordKey | None = None,
        filler: int = 0,
        recipients: tuple[str, ...] | None = None,
        sealed_at: datetime | None = None,
        kind: str = "rekam_baru",
        record: Mapping[str, Any] | None = None,
        enclosed: Mapping[str, Any] | None = None,
        **answers: str,
    ) -> Sealed:
        """A packet of somebody new; `answers` change the good form, `filler` makes it so many bytes larger.

        `record` replaces members of `record.json`, `enclosed` what else is in the body.
        """
        now = datetime.now(UTC)
        key = key or RecordKey(new_record_id(now), 1)
        somebody = {"nik": f"990101610488{next(_SERIALS):04d}"}
        told = {"form_version": 2, "kind": kind, "answers": GOOD | somebody | answers, "warnings": []}
        body = close_body(
            replace(Body({**told, **(record or {})}, [], [], {"text": "x" * filler}), **(enclosed or {})),
            [*(recipients or self.hello.sealing_recipients), recipient_of(self.identity)],
        )
        manifest = PacketManifest(
            record_id=key.record_id,
            revision=key.revision,
            station_id=self.id,
            office="99.01.01",
            operator_id="op-1",
            kind=kind,
            sealed_at=sealed_at or now,
            sequence=next(self.sequence),
            body_sha256=sha256_of(body),
            body_size=len(body),
        )
        return Sealed(key, self.id, make_packet(manifest, body, self.key))

    def announce(self, *items: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.ask("POST", "/v1/manifests", json={"items": list(items)})
        assert answer.status_code == 200, answer.text
        verdicts: list[dict[str, Any]] = answer.json()["items"]
        return verdicts

    def promise(self, packet: Sealed) -> str:
        """The upload central wants `packet` at."""
        (verdict,) = self.announce(packet.item())
        assert verdict["verdict"] == "want", verdict
        return str(verdict["upload"])

    def patch(self, upload: str, data: bytes, offset: int, **headers: str) -> httpx.Response:
        sent = TUS | STREAM | {"Upload-Offset": str(offset)} | headers
        return self.ask("PATCH", upload, headers=sent, content=data)

    def offset(self, upload: str) -> int:
        return int(self.ask("HEAD", upload, headers=TUS).headers["upload-offset"])

    def upload(self, packet: Sealed) -> httpx.Response:
        """Manifest and all bytes, in chunks central takes; the last answer."""
        upload, step = self.promise(packet), self.hello.limits.chunk_bytes
        answer = None
        for start in range(0, len(packet.data), step):
            answer = self.patch(upload, packet.data[start : start + step], start)
        assert answer is not None
        return answer

    def deliver(self, packet: Sealed) -> str:
        """Upload `packet`; the receipt."""
        answer = self.upload(packet)
        assert answer.status_code == 204, answer.text
        return answer.headers["receipt"]

    def check(self, token: str, packet: Sealed) -> Receipt:
        return check_receipt(
            token,
            self.hello.signing_keys,
            record=packet.key,
            sha256=packet.sha256,
            size=len(packet.data),
            central_id=self.hello.central_id,
        )

    def receipt(self, packet: Sealed) -> httpx.Response:
        return self.ask("GET", f"/v1/receipts/{packet.key.record_id}/{packet.key.revision}")

    def reconcile(self, days: list[dict[str, Any]], **more: Any) -> list[str]:
        """The days that differ."""
        answer = self.ask("POST", "/v1/reconcile", json={"days": days} | more)
        assert answer.status_code == 200, answer.text
        differ: list[str] = answer.json()["differ"]
        return differ

    def changes(self, since: str = "", **query: Any) -> dict[str, Any]:
        answer = self.ask("GET", "/v1/changes", params={"since": since} | query)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        for event in page["events"]:
            event.pop("event_id", None)  # a central may name its events
        return page


def enrolment(code: str, public: PublicKey, **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "public_key": public.model_dump(),
        "name": "Meja 1",
        "office": f"99.01.01 {code}",  # two-digit station numbers: one office would be full soon
        "app_version": "9.0.0",
    } | changes


def enrol(http: httpx.Client, code: str, **changes: Any) -> Station:
    """Make a new station known with a code."""
    key = SigningKey.generate("new")
    wanted = enrolment(code, key.public, **changes)
    answer = http.post("/v1/stations", json=wanted, headers={"Request-Id": str(uuid.uuid4())})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return Station(http, SigningKey.from_pem(key.pem(), body["station_id"]), first_hello(body["hello"]))


def problem_of(answer: httpx.Response) -> str:
    """The problem name of an answer that must be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return str(answer.json()["type"]).removeprefix("urn:ktpel:problem:")
