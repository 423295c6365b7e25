"""Answers in JSON, made smaller for stations that can read that. Knows no route; streams pass as they are."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from station.seal.squeeze import ENCODING, WORTH_BYTES, squeeze

_JSON = ("application/json", "application/problem+json")


class Squeezing:
    """Middleware: an answer that comes in one piece, is JSON and long enough, goes as zstd if it may."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _reads_it(Headers(scope=scope).get("accept-encoding", "")):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Answer(send).send)


class _Answer:
    """Holds the head back until the body is known."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
            return
        head, self._head = self._head, None
        if head is not None:
            message = _squeezed(head, message)
            await self._send(head)
        await self._send(message)


def _squeezed(head: Message, message: Message) -> Message:
    headers = MutableHeaders(scope=head)
    headers.add_vary_header("Accept-Encoding")
    body = message.get("body", b"")
    whole = not message.get("more_body", False) and headers.get("content-type", "").startswith(_JSON)
    if not whole or len(body) <= WORTH_BYTES or "content-encoding" in headers:
        return message
    small = squeeze(body)
    if len(small) >= len(body):
        return message
    headers["Content-Encoding"], headers["Content-Length"] = ENCODING, str(len(small))
    return {**message, "body": small}


def _reads_it(accepted: str) -> bool:
    """`Accept-Encoding` names zstd, and not with a weight of 0."""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == ENCODING:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
