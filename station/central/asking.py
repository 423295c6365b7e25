"""Reading a request that may be hostile: who asks, its numbers, its body. Knows no answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from station.central.central import Central
from station.central.problems import Refused
from station.central.stations import KnownStation
from station.domain.errors import TrustError
from station.seal.jws import kid_of
from station.seal.squeeze import ENCODING, NotSqueezed, TooLong, expand
from station.seal.token import check_token
from station.wire import JSON_LIMIT_BYTES, Problem

MAX_TOKEN = 4096
_Model = TypeVar("_Model", bound=BaseModel)


def central_of(request: Request) -> Central:
    central = request.app.state.central
    assert isinstance(central, Central)
    return central


async def asking_station(request: Request, *, blocked_too: bool = False) -> KnownStation:
    """The station that signed this request; Refused when it is not known, not itself, or blocked."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN:
        raise Refused(Problem.BAD_SIGNATURE, "The request is not signed.")
    return await run_in_threadpool(authenticate, central_of(request), token, blocked_too)


def authenticate(central: Central, token: str, blocked_too: bool = False) -> KnownStation:
    """The station of a bearer token."""
    station = central.stations.find(kid_of(token)[:40])
    if station is None:
        raise Refused(Problem.UNKNOWN_STATION, "This station is not enrolled here.")
    now = central.clock.now()
    try:
        check_token(token, [station.public_key], central_id=central.options.central_id, now=now)
    except TrustError as problem:
        if problem.code == "token.clock":
            raise Refused(Problem.CLOCK_SKEW, "The clock of the station is off. See Date.") from problem
        raise Refused(Problem.BAD_SIGNATURE, "The signature of the request is not right.") from problem
    if station.is_blocked(now) and not blocked_too:
        raise Refused(
            Problem.STATION_BLOCKED,
            "This station is blocked.",
            until=station.blocked_until,
            reason=station.blocked_reason,
            order=central.wipes.standing_token(station.station_id),
        )
    return station


async def body_pieces(request: Request, limit: int, *encodings: str) -> AsyncIterator[bytes]:
    """The body as it comes, ending early when the station is gone; Refused `too-large` beyond `limit` bytes.

    An encoding that is not among `encodings` is 415 `malformed`, with those that are read here.
    """
    if request.headers.get("content-encoding", "identity") not in ("identity", *encodings):
        raise Refused(
            Problem.MALFORMED,
            "This body is encoded in a way that is not read here.",
            status=415,
            headers={"Accept-Encoding": ", ".join(encodings) or "identity"},
        )
    if whole_number(request.headers.get("content-length", "0"), "Content-Length") > limit:
        raise _too_large(limit)
    taken = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            return
        taken += len(message.get("body", b""))
        if taken > limit:
            raise _too_large(limit)
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


async def json_body(request: Request) -> Any:
    """The JSON of the body, which may be `Content-Encoding: zstd`; the limit is that of what comes out."""
    raw = b"".join([piece async for piece in body_pieces(request, JSON_LIMIT_BYTES, ENCODING)])
    try:
        if request.headers.get("content-encoding") == ENCODING:
            raw = expand(raw, JSON_LIMIT_BYTES)
    except TooLong as problem:
        raise _too_large(JSON_LIMIT_BYTES) from problem
    except NotSqueezed as problem:
        raise malformed("The body is not zstd.") from problem
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise malformed("The body is not JSON.") from problem


def read_as(model: type[_Model], value: Any) -> _Model:
    """`value` as a message; Refused `malformed` naming the member, never its content."""
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_context=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise malformed(f"{where or 'body'}: {first['type']}") from problem


def whole_number(text: str, name: str, *, most: int = 10**15) -> int:
    """A number from a header, the address or the query; Refused `malformed` when it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= most):
        raise malformed(f"{name} is not a number up to {most}.")
    return int(text)


def malformed(detail: str, *, status: int | None = None) -> Refused:
    return Refused(Problem.MALFORMED, detail, status=status)


def _too_large(limit: int) -> Refused:
    return Refused(Problem.TOO_LARGE, f"Central takes {limit} bytes at a time.", max=limit)
