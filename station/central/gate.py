"""The door every request passes: echo, date, admission. Knows nothing of stations, packets or the database."""

from __future__ import annotations

import asyncio
import re
from email.utils import format_datetime
from uuid import UUID

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from station.central.central import Central
from station.central.intray import Intray
from station.central.problems import Refused, problem_response
from station.central.switches import busy
from station.domain.ports import Clock
from station.wire import Problem

HELLO = "/v1/hello"
CHANGES = "/v1/changes"
UPLOADS = "/v1/uploads/"
TUS_VERSION = "1.0.0"
_BUSY_RETRY_S = 5
_DRAIN_BYTES = 2 * 1024 * 1024
_DRAIN_S = 5.0
_PRODUCT = re.compile(r"\bstasiun-ktpel/(\d{1,6}(?:\.\d{1,6}){0,3})")


class Gate:
    """Outermost middleware: whatever answers inside, a refusal or a bug, leaves through here."""

    def __init__(self, app: ASGIApp, central: Central) -> None:
        self._app = app
        self._central = central
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        intray = Intray(receive, self._central.options.body_stall_s)
        await intray.open()
        headers = Headers(scope=scope)
        exchange = Exchange(intray.receive, send, _fixed_headers(scope["path"], headers), self._central.clock)
        counted = scope["path"] not in (HELLO, CHANGES)
        refused = self._refusal(scope["path"], headers, counted)
        app = self._app if refused is None else problem_response(refused)
        self._in_flight += counted
        try:
            await app(scope, exchange.receive, exchange.send)
        finally:
            self._in_flight -= counted
            intray.close()

    def _refusal(self, path: str, headers: Headers, counted: bool) -> Refused | None:
        if not _is_uuid(headers.get("request-id", "")):
            return Refused(Problem.MALFORMED, "Every request carries Request-Id: <uuid>.")
        if path == HELLO:  # the probe is always answered: it is how a station learns that central is there
            return None
        refused = self._central.switches.refusal(self._central.clock.now())
        if refused is None and counted and self._in_flight >= self._central.options.max_in_flight:
            return busy(_BUSY_RETRY_S)
        return refused or too_old(self._central.options.min_client, headers.get("user-agent", ""))


class Exchange:
    """One request and its answer: adds the headers every answer has, reads the body to its end before answering.

    A station that is still sending when the connection closes may never see the answer.
    """

    def __init__(self, receive: Receive, send: Send, fixed: dict[str, str], clock: Clock) -> None:
        self._receive = receive
        self._send = send
        self._fixed = fixed
        self._clock = clock
        self._whole = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._drain()
            headers = MutableHeaders(scope=message)
            headers["Date"] = format_datetime(self._clock.now(), usegmt=True)
            headers.update(self._fixed)
        await self._send(message)

    async def _drain(self) -> None:
        left = _DRAIN_BYTES
        try:
            async with asyncio.timeout(_DRAIN_S):
                while not self._whole and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        except TimeoutError:
            return  # it is answered as it is


def _fixed_headers(path: str, asked: Headers) -> dict[str, str]:
    fixed = {"Cache-Control": "no-store"}
    if "request-id" in asked:
        fixed["Request-Id"] = asked["request-id"][:200]
    if path.startswith(UPLOADS):
        fixed |= {"Tus-Resumable": TUS_VERSION, "Tus-Version": TUS_VERSION}
    return fixed


def too_old(min_client: str, user_agent: str) -> Refused | None:
    """Refused `client-too-old` when the client names itself `stasiun-ktpel/<version>` with too low a version."""
    found = _PRODUCT.search(user_agent)
    if found is None or version_of(found[1]) >= version_of(min_client):
        return None
    return Refused(Problem.CLIENT_TOO_OLD, f"This program must be {min_client} or newer.", min_client=min_client)


def version_of(text: str) -> tuple[int, ...]:
    """`1.10.0` → (1, 10): compared number by number, trailing zeros do not count."""
    numbers = [int(part) for part in re.findall(r"\d{1,6}", text)[:4]]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
