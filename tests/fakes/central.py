"""A small central of its own, in memory, on a real socket, that suffers what a test scripts.

It shares nothing with the reference central but messages and seals. Every request and every acceptance is kept, so that
a test can assert *exactly once*.
"""

from __future__ import annotations

import contextlib
import math
import secrets
import threading
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from station.domain.errors import TrustError
from station.domain.form import Context, check_form, errors_in
from station.domain.record import RecordKey
from station.domain.target import Target
from station.seal.body import new_identity, open_body, recipient_of
from station.seal.hello import sign_hello
from station.seal.jws import SigningKey
from station.seal.packet import sha256_of, verify_packet
from station.seal.receipts import issue_receipt
from station.seal.token import check_token
from station.wire import (
    EnrolRequest,
    Heartbeat,
    Hello,
    Limits,
    ManifestItem,
    Problem,
    PublicKey,
    Receipt,
    ReconcileKeys,
    ReconcileRequest,
)
from tests.fakes.central_faults import Fault
from tests.fakes.central_lists import Lists
from tests.fakes.central_socket import ROUTES, Answer, Asked, Server

_PATIENCE_S = 30.0


class Refusal(Exception):
    def __init__(self, problem: Problem, status: int, **members: Any) -> None:
        super().__init__(problem.value)
        body = {"type": problem.urn, "title": problem.value, "status": status, **members}
        self.answer = Answer(status, body, headers={"Content-Type": "application/problem+json"})
        self.body = body


@dataclass
class _Upload:
    item: ManifestItem
    data: bytearray = field(default_factory=bytearray)


class FakeCentral:
    """`with FakeCentral() as central:` serves on `central.url`; `stop` and `start` keep the port and all it knows."""

    def __init__(self, central_id: str = "central-fake", limits: Limits | None = None) -> None:
        self.central_id = central_id
        self.limits = limits or Limits()
        self.key = SigningKey.generate("f1")
        self.lists = Lists(self.key, central_id)
        self.offices: dict[str, str] = {}
        self.identity = new_identity()
        self.port = 0
        self.clock_ahead = timedelta()
        self.keys: dict[str, PublicKey] = {}
        self.codes: dict[str, tuple[str, str] | None] = {}
        self.uploads: dict[str, _Upload] = {}
        self.receipts: dict[RecordKey, str] = {}
        self.received: dict[RecordKey, bytes] = {}
        self.accepted: list[RecordKey] = []
        self.heartbeats: dict[str, Heartbeat] = {}
        self._beats: dict[str, datetime] = {}
        self.refused: dict[tuple[RecordKey, str], dict[str, Any]] = {}
        self.events: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[Asked] = []
        self.verifying = False
        self.stopping = threading.Event()
        self.news = threading.Condition(threading.RLock())
        self._seen_inside: dict[str, tuple[str, str]] = {}
        self._queues: dict[str, deque[Fault | None]] = {}
        self._script: Callable[[Asked], Fault | None] | None = None
        self._server: Server | None = None

    # ----------------------------------------------------------------------------------------- life and scripting

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> FakeCentral:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        assert self._server is None
        self.stopping.clear()
        self._server = Server(self)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="fake-central", daemon=True).start()

    def stop(self) -> None:
        """Close the port and every connection, whatever they carry."""
        if self._server is None:
            return
        self._server.break_off()  # first: whoever is set free by the next line must have nobody left to answer
        self.stopping.set()
        with self.news:
            self.news.notify_all()
        self._server.shutdown()
        self._server.break_off()
        self._server.server_close()
        self._server = None

    def script(self, script: Callable[[Asked], Fault | None] | None) -> None:
        """Ask `script` about every request that has nothing in its queue; None goes back to behaving."""
        self._script = script

    def queue(self, route: str, *faults: Fault | None) -> None:
        """The next requests to `route` suffer these, one each; None is a good answer in between."""
        assert route in ROUTES, route
        self._queues.setdefault(route, deque()).extend(faults)

    def fault(self, asked: Asked) -> Fault | None:
        with self.news:
            waiting = self._queues.get(asked.route)
            if waiting:
                return waiting.popleft()
        return self._script(asked) if self._script else None

    # --------------------------------------------------------------------------------------------- what tests do

    def new_code(self, office: str = "") -> str:
        code = secrets.token_hex(5)
        self.codes[code] = None
        return code

    def know(self, station_id: str, public_key: PublicKey) -> None:
        """Enrol without HTTP."""
        self.keys[station_id] = public_key.model_copy(update={"kid": station_id})
        self.events.setdefault(station_id, [])

    def make_list(self, area: str, people: Sequence[Target]) -> int:
        """A new version of a target list, told to every station; its number."""
        version = self.lists.make(area, people)
        for station_id, public in self.keys.items():
            _, body = self.lists.sealed(station_id, public, area, None, self.now())
            sha256 = sha256_of(body)
            self.tell(station_id, "bundle", name=f"roster:{area}", version=version, size=len(body), sha256=sha256)
        return version

    def tell(self, station_id: str, kind: str, **members: Any) -> None:
        with self.news:
            self.events[station_id].append({"kind": kind, **members})
            self.news.notify_all()

    def asked_for(self, route: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.route == route]

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_ahead

    def hello_token(self) -> str:
        hello = Hello(
            central_id=self.central_id,
            name="Fake",
            time=self.now(),
            protocol=(1,),
            limits=self.limits,
            signing_keys=(self.key.public,),
            sealing_recipients=(recipient_of(self.identity),),
        )
        return sign_hello(self.key, hello)

    # ------------------------------------------------------------------------------------------------- answering

    def handle(self, asked: Asked) -> Answer:
        """The true answer."""
        try:
            if not asked.route:
                return Answer(404, {"type": "about:blank", "status": 404})
            if asked.route in ("head", "patch", "delete") and asked.headers.get("tus-resumable") != "1.0.0":
                raise Refusal(Problem.MALFORMED, 412)
            if asked.route not in ("hello", "stations"):
                self._authenticate(asked)
            with self.news:
                answer: Answer = getattr(self, f"_{asked.route}")(asked)
                return answer
        except Refusal as refusal:
            return refusal.answer
        except (ValidationError, ValueError, KeyError, TypeError):
            return Refusal(Problem.MALFORMED, 400).answer

    def _authenticate(self, asked: Asked) -> None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            raise Refusal(Problem.BAD_SIGNATURE, 401)
        if asked.station not in self.keys:
            raise Refusal(Problem.UNKNOWN_STATION, 401)
        try:
            check_token(token, [self.keys[asked.station]], central_id=self.central_id, now=self.now())
        except TrustError as wrong:
            off = wrong.code == "token.clock"
            raise Refusal(Problem.CLOCK_SKEW if off else Problem.BAD_SIGNATURE, 401) from None

    def _hello(self, _asked: Asked) -> Answer:
        return Answer(200, body=self.hello_token().encode(), headers={"Content-Type": "application/jose"})

    def _stations(self, asked: Asked) -> Answer:
        request = EnrolRequest.model_validate(asked.json)
        used = self.codes.get(request.code)
        if request.code not in self.codes or (used is not None and used[1] != request.public_key.x):
            raise Refusal(Problem.ENROLMENT_REFUSED, 403)
        station_id = used[0] if used else str(uuid.uuid4())
        if used is None:
            self.codes[request.code] = (station_id, request.public_key.x)
            self.know(station_id, request.public_key)
            self.offices[station_id] = request.office
            self.lists.recipients[station_id] = request.bundle_recipient or ""
        body = {"station_id": station_id, "central_id": self.central_id, "hello": self.hello_token()}
        return Answer(201, body | {"policy": {"station_number": len(self.keys)}})

    def _manifests(self, asked: Asked) -> Answer:
        items = asked.json["items"]
        if len(items) > self.limits.manifest_batch:
            raise Refusal(Problem.TOO_LARGE, 413, max=self.limits.manifest_batch)
        return Answer(200, {"items": [self._verdict(item) for item in items]})

    def _verdict(self, raw: dict[str, Any]) -> dict[str, Any]:
        key = {"record_id": raw["record_id"], "revision": raw["revision"]}
        try:
            return key | self._decide(ManifestItem.model_validate(raw))
        except ValidationError:
            return key | {"verdict": "refuse", "problem": Refusal(Problem.MALFORMED, 400).body}
        except Refusal as refusal:
            return key | {"verdict": "refuse", "problem": refusal.body}

    def _decide(self, item: ManifestItem) -> dict[str, Any]:
        key = RecordKey(item.record_id, item.revision)
        if item.size > self.limits.packet_bytes:
            raise Refusal(Problem.TOO_LARGE, 413, max=self.limits.packet_bytes)
        if key in self.received:
            if sha256_of(self.received[key]) != item.sha256:
                raise Refusal(Problem.KEY_CONFLICT, 409)
            return {"verdict": "have", "receipt": self.receipts[key]}
        if (key, item.sha256) in self.refused:
            raise Refusal(Problem.PACKET_REFUSED, 422, reasons=self.refused[key, item.sha256]["reasons"])
        for name, upload in self.uploads.items():
            if RecordKey(upload.item.record_id, upload.item.revision) == key:
                if upload.item.sha256 != item.sha256:
                    raise Refusal(Problem.KEY_CONFLICT, 409)
                return {"verdict": "want", "upload": f"/v1/uploads/{name}", "offset": len(upload.data)}
        name = str(uuid.uuid4())
        self.uploads[name] = _Upload(item)
        return {"verdict": "want", "upload": f"/v1/uploads/{name}", "offset": 0}

    def _find(self, asked: Asked) -> tuple[str, _Upload]:
        name = asked.path.rsplit("/", 1)[1]
        if name not in self.uploads:
            raise Refusal(Problem.UPLOAD_GONE, 404)
        return name, self.uploads[name]

    def _head(self, asked: Asked) -> Answer:
        _, upload = self._find(asked)
        return Answer(200, headers={"Upload-Length": str(upload.item.size)} | _offset(upload))

    def _delete(self, asked: Asked) -> Answer:
        del self.uploads[self._find(asked)[0]]
        return Answer(204)

    def _patch(self, asked: Asked) -> Answer:
        name, upload = self._find(asked)
        if asked.headers.get("content-type") != "application/offset+octet-stream":
            raise Refusal(Problem.MALFORMED, 415)
        key = RecordKey(upload.item.record_id, upload.item.revision)
        if key not in self.received:
            if len(asked.body) > self.limits.chunk_bytes:
                raise Refusal(Problem.TOO_LARGE, 413, max=self.limits.chunk_bytes)
            if int(asked.headers["upload-offset"]) != len(upload.data):
                raise Refusal(Problem.OFFSET_MISMATCH, 409, offset=len(upload.data))
            upload.data += asked.body
            if len(upload.data) > upload.item.size:
                del self.uploads[name]
                raise Refusal(Problem.MALFORMED, 400)
            if len(upload.data) == upload.item.size and not self.verifying:
                self._accept(name, upload, key)
        receipt = self.receipts.get(key)
        return Answer(204, headers=_offset(upload) | ({"Receipt": receipt} if receipt else {}))

    def verify_waiting(self) -> None:
        """Verify what was taken while `verifying` was set."""
        self.verifying = False
        with self.news:
            for name, upload in list(self.uploads.items()):
                key = RecordKey(upload.item.record_id, upload.item.revision)
                if key not in self.received and len(upload.data) == upload.item.size:
                    with contextlib.suppress(Refusal):
                        self._accept(name, upload, key)

    def _accept(self, name: str, upload: _Upload, key: RecordKey) -> None:
        item, data = upload.item, bytes(upload.data)
        if sha256_of(data) != item.sha256:
            del self.uploads[name]
            raise Refusal(Problem.DIGEST_MISMATCH, 422)
        reasons = self._reasons(item, data)
        if reasons:
            del self.uploads[name]
            self.refused[key, item.sha256] = {"reasons": reasons}
            raise Refusal(Problem.PACKET_REFUSED, 422, reasons=reasons)
        self.received[key] = data
        self.accepted.append(key)
        self.receipts[key] = issue_receipt(self.key, self.receipt_for(item))
        for code in ("RECEIVED_AT_CENTRAL", "PRINT_READY_RECORD"):
            members = {"record_id": key.record_id, "revision": key.revision, "code": code}
            self.tell(item.origin, "record.status", **members, at=self.now().isoformat())

    def receipt_for(self, item: ManifestItem) -> Receipt:
        return Receipt(
            record_id=item.record_id,
            revision=item.revision,
            origin=item.origin,
            sha256=item.sha256,
            size=item.size,
            received_at=self.now(),
            receipt_no=f"F-{len(self.accepted):06d}",
            central_id=self.central_id,
        )

    def _reasons(self, item: ManifestItem, data: bytes) -> list[dict[str, str]]:
        try:
            packet = verify_packet(data, [self.keys[item.origin]])
            record = open_body(packet.body, self.identity).record
        except TrustError as wrong:
            return [{"code": wrong.code, "field": "", "detail": ""}]
        found = errors_in(check_form(record["answers"], Context(today=self.now().date(), training=True)))
        return [{"code": item.code, "field": item.field, "detail": ""} for item in found]

    def _receipts(self, asked: Asked) -> Answer:
        record_id, revision = asked.path.split("/")[-2:]
        key = RecordKey(record_id, int(revision))
        if key in self.receipts:
            return Answer(200, {"receipt": self.receipts[key]})
        for upload in self.uploads.values():
            same = RecordKey(upload.item.record_id, upload.item.revision) == key
            if same and len(upload.data) == upload.item.size:
                return Answer(202, headers={"Retry-After": "1"})
        for (refused, _), members in self.refused.items():
            if refused == key:
                raise Refusal(Problem.PACKET_REFUSED, 422, **members)
        raise Refusal(Problem.UPLOAD_GONE, 404)

    def _changes(self, asked: Asked) -> Answer:
        since, limit = int(asked.query.get("since") or 0), int(asked.query.get("limit", "200"))
        events = self.events[asked.station]
        wait_s = min(float(asked.query.get("wait", "0")), _PATIENCE_S)
        self.news.wait_for(lambda: len(events) > since or self.stopping.is_set(), timeout=wait_s)
        page = events[since : since + limit]
        end = since + len(page)
        return Answer(200, {"cursor": str(end), "more": end < len(events), "events": page})

    def _heartbeats(self, asked: Asked) -> Answer:
        heartbeat, now = Heartbeat.model_validate(asked.json), self.now()
        before, at = self.heartbeats.get(asked.station), self._beats.get(asked.station, now)
        wait_s = 300 - (now - at).total_seconds()
        if before not in (None, heartbeat) and 0 < wait_s <= 300:
            refusal = Refusal(Problem.BUSY, 429)
            refusal.answer.headers["Retry-After"] = str(math.ceil(wait_s))
            raise refusal
        self.heartbeats[asked.station], self._beats[asked.station] = heartbeat, now
        return Answer(204)

    def _signature(self, asked: Asked) -> Answer:
        jws, _ = self._list(asked, asked.path.split("/")[3:5])
        return Answer(200, body=jws.encode(), headers={"Content-Type": "application/jose"})

    def _bundle(self, asked: Asked) -> Answer:
        _, body = self._list(asked, asked.path.split("/")[3:5])
        tag = f'"{sha256_of(body)}"'
        headers = {"ETag": tag, "Content-Type": "application/octet-stream"}
        wanted = asked.headers.get("range", "")
        if not wanted or asked.headers.get("if-range", tag) != tag:
            return Answer(200, body=body, headers=headers)
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        part = body[int(first) : int(last) + 1 if last else None]
        if not part:
            return Answer(416, headers={"Content-Range": f"bytes */{len(body)}"})
        end = int(first) + len(part) - 1
        return Answer(206, body=part, headers=headers | {"Content-Range": f"bytes {first}-{end}/{len(body)}"})

    def _list(self, asked: Asked, parts: list[str]) -> tuple[str, bytes]:
        area, version = parts[0].removeprefix("roster:"), int(parts[1])
        if self.offices.get(asked.station, "99.01")[:5] != area[:5]:
            raise Refusal(Problem.NOT_ALLOWED, 403)
        if version != self.lists.newest(area) or not version:
            raise Refusal(Problem.BUNDLE_GONE, 404)
        base = int(asked.query["base"]) if "base" in asked.query else None
        return self.lists.sealed(asked.station, self.keys[asked.station], area, base, self.now())

    def _reconcile(self, asked: Asked) -> Answer:
        since, days = asked.json.get("since") or "", {}
        for told in ReconcileRequest.model_validate(asked.json).days:
            days[told.day.isoformat()] = (told.count, int(told.xor, 16))
        ours: dict[str, tuple[int, int]] = {}
        for _, _, sha256, day in self._of(asked.station):
            count, xor = ours.get(day, (0, 0))
            ours[day] = (count + 1, xor ^ int(sha256, 16))
        differ = {day for day in {*days, *ours} if days.get(day, (0, 0)) != ours.get(day, (0, 0)) and day >= since}
        return Answer(200, {"differ": sorted(differ)})

    def _reconcile_ids(self, asked: Asked) -> Answer:
        named = {name[:2]: name[2] for name in ReconcileKeys.model_validate(asked.json).keys}
        here = {(record_id, revision): sha256 for record_id, revision, sha256, _ in self._of(asked.station)}
        after = tuple(asked.json.get("after") or ("", 0))
        upto = tuple(asked.json.get("upto") or ("~", 0))
        unknown = [
            [record_id, revision, sha256]
            for record_id, revision, sha256, day in sorted(self._of(asked.station))
            if day == asked.json["day"] and (record_id, revision) not in named and after < (record_id, revision) <= upto
        ]
        missing = [list(key) for key in named if key not in here]
        other = [[*key, here[key]] for key, sha256 in named.items() if here.get(key, sha256) != sha256]
        found = {"missing": missing, "unknown_here": unknown[:500], "other_hash": other, "more": len(unknown) > 500}
        return Answer(200, found)

    def _of(self, origin: str) -> list[tuple[str, int, str, str]]:
        """What was accepted of a station: key, sha256 and the day it was sealed."""
        found = []
        for key, data in self.received.items():
            sha256, station, day = self._looked_into(data)
            if station == origin:
                found.append((key.record_id, key.revision, sha256, day))
        return found

    def _looked_into(self, data: bytes) -> tuple[str, str, str]:
        """sha256, station and day of a packet. Opened once: it is compared again and again."""
        sha256 = sha256_of(data)
        if sha256 not in self._seen_inside:
            manifest = verify_packet(data, list(self.keys.values())).manifest
            day = manifest.sealed_at.astimezone(UTC).date().isoformat()
            self._seen_inside[sha256] = manifest.station_id, day
        return sha256, *self._seen_inside[sha256]


def _offset(upload: _Upload) -> dict[str, str]:
    return {"Upload-Offset": str(len(upload.data))}
