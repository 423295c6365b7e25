"""The socket of the fake central: reads a request, applies the fault, answers. Knows no rule of the contract."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from station.seal.jws import kid_of, read_unverified
from station.wire import Receipt
from tests.fakes.central_faults import Fault

ROUTES = {
    "hello": r"GET /v1/hello",
    "stations": r"POST /v1/stations",
    "manifests": r"POST /v1/manifests",
    "head": r"HEAD /v1/uploads/([\w-]+)",
    "patch": r"PATCH /v1/uploads/([\w-]+)",
    "delete": r"DELETE /v1/uploads/([\w-]+)",
    "receipts": r"GET /v1/receipts/([\w-]+)/(\d+)",
    "changes": r"GET /v1/changes",
    "heartbeats": r"POST /v1/heartbeats",
    "reconcile": r"POST /v1/reconcile",
    "reconcile_ids": r"POST /v1/reconcile/ids",
    "signature": r"GET /v1/bundles/([\w:.-]+)/(\d+)/signature",
    "bundle": r"GET /v1/bundles/([\w:.-]+)/(\d+)",
}


@dataclass(frozen=True)
class Asked:
    """One request as it arrived. `route` is a name of ROUTES or ''; `station` who claims to ask."""

    route: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    whole: bool = True
    station: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    status: int
    json: dict[str, Any] | None = None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def payload(self) -> bytes:
        return self.body if self.json is None else json.dumps(self.json).encode()


class Behaviour(Protocol):
    """What stands behind the socket."""

    port: int
    asked: list[Asked]
    stopping: threading.Event

    def fault(self, asked: Asked) -> Fault | None: ...

    def handle(self, asked: Asked) -> Answer: ...

    def now(self) -> datetime: ...


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, central: Behaviour) -> None:
        super().__init__(("127.0.0.1", central.port), Handler)
        self.central = central
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def break_off(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A station that went away is no news here."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        central = self.server.central
        asked = self._read(b"")
        fault = central.fault(asked) or Fault(process=True)
        most = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(most if fault.cut_upload_at is None else min(most, fault.cut_upload_at))
        asked = self._read(body, whole=len(body) == most)
        central.asked.append(asked)
        answer = self._true_answer(asked, fault) if fault.process else Answer(fault.status or 500)
        if fault.hold is not None:
            self._wait(fault.hold)
        if fault.drop or not asked.whole:
            self.close_connection = True
            return
        self._send(asked, fault, answer)

    do_POST = do_PATCH = do_HEAD = do_DELETE = do_PUT = do_GET

    def _read(self, body: bytes, *, whole: bool = True) -> Asked:
        split = urlsplit(self.path)
        line = f"{self.command} {split.path}"
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Asked(
            route=next((name for name, shape in ROUTES.items() if re.fullmatch(shape, line)), ""),
            method=self.command,
            path=split.path,
            query={name: values[0] for name, values in parse_qs(split.query).items()},
            headers=headers,
            body=body,
            whole=whole,
            station=kid_of(headers.get("authorization", "").removeprefix("Bearer ")),
        )

    def _true_answer(self, asked: Asked, fault: Fault) -> Answer:
        central = self.server.central
        if not asked.whole and asked.route != "patch":
            return Answer(400)
        answer = central.handle(asked)
        if fault.receipt is not None:
            _replace_receipts(answer, fault.receipt)
        if fault.rewrite is not None and answer.json is not None:
            answer.json = fault.rewrite(answer.json)
        if fault.status is not None:
            answer = Answer(fault.status)
        return answer

    def _send(self, asked: Asked, fault: Fault, answer: Answer) -> None:
        body = fault.body or answer.payload()
        headers = {"Content-Type": "application/json"} | answer.headers | fault.headers
        headers["Date"] = format_datetime(self.server.central.now(), usegmt=True)
        if asked.route in ("head", "patch", "delete"):
            headers["Tus-Resumable"] = "1.0.0"
        if fault.echo and "request-id" in asked.headers:
            headers["Request-Id"] = asked.headers["request-id"]
        if answer.status != 204:
            headers["Content-Length"] = str(len(body))
        head = f"HTTP/1.1 {answer.status} -\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        sent = b"" if self.command == "HEAD" or answer.status == 204 else body[: fault.cut_answer_at]
        self.wfile.write(head.encode() + b"\r\n" + sent)
        if len(sent) < len(body) and self.command != "HEAD":
            self.close_connection = True

    def _wait(self, event: threading.Event) -> None:
        while not event.wait(0.02) and not self.server.central.stopping.is_set():
            pass


def _replace_receipts(answer: Answer, make: Callable[[Receipt], str]) -> None:
    def other(token: str) -> str:
        return make(Receipt.model_validate(read_unverified(token)))

    if "Receipt" in answer.headers:
        answer.headers["Receipt"] = other(answer.headers["Receipt"])
    for place in [answer.json or {}, *(answer.json or {}).get("items", [])]:
        if place.get("receipt"):
            place["receipt"] = other(place["receipt"])
