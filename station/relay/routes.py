"""The five questions of a neighbour over HTTP. Everything is decided at the counter; here it is only asked and said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from station.domain.record import RecordKey
from station.log import get_logger
from station.relay.asked import asking_neighbour, body_of, card_in, counter_of, key_of, message_of
from station.relay.bounds import JSON_BYTES, PACKETS_AT_ONCE
from station.relay.counter import Counter
from station.relay.messages import (
    CARD,
    OFFERS,
    PACKETS,
    RECEIPTS_HERE,
    RETURNED,
    SHA256_HEADER,
    OfferAnswers,
    Offers,
    Returned,
)
from station.relay.rate import Rate
from station.relay.refusal import RefusedNeighbour
from station.seal.packet import MAX_PACKET_BYTES
from station.wire import Problem

log = get_logger(__name__)

RETRY_S = 5
_STATUS = {
    Problem.BUSY: 503,
    Problem.CLOCK_SKEW: 401,
    Problem.UNKNOWN_STATION: 401,
    Problem.BAD_SIGNATURE: 401,
    Problem.NOT_ALLOWED: 403,
    Problem.KEY_CONFLICT: 409,
    Problem.TOO_LARGE: 413,
    Problem.DIGEST_MISMATCH: 422,
    Problem.NO_SPACE: 507,
}
Handler = Callable[[Request], Awaitable[Response]]


def make_app(counter: Counter, rate: Rate, changed: Callable[[], None]) -> Starlette:
    """What a relay answers. `changed` is called when a packet has been taken."""
    app = Starlette(
        routes=[
            Route(CARD, _guarded(_card), methods=["GET"]),
            Route(OFFERS, _guarded(_offers), methods=["POST"]),
            Route(PACKETS + "/{key}", _guarded(_packet), methods=["PUT"]),
            Route(RECEIPTS_HERE, _guarded(_receipts), methods=["GET"]),
            Route(RETURNED, _guarded(_returned), methods=["POST"]),
        ]
    )
    app.state.counter, app.state.rate, app.state.changed = counter, rate, changed
    app.state.slots = asyncio.Semaphore(PACKETS_AT_ONCE)
    return app


def _guarded(handler: Handler) -> Handler:
    """Every answer leaves through here: a refusal, or a bug, which says nothing of itself to a neighbour."""

    async def guarded(request: Request) -> Response:
        try:
            if not request.app.state.rate.allows(request.client.host if request.client else ""):
                raise RefusedNeighbour(Problem.BUSY)
            answer = await handler(request)
        except RefusedNeighbour as refused:
            answer = _refusal(refused.problem)
        except ClientDisconnect:
            answer = _refusal(Problem.MALFORMED)
        except Exception:  # a bug met by one neighbour must not end the service for all of them
            log.critical("a bug in the relay", exc_info=True)
            answer = _refusal(Problem.BUSY)
        answer.headers["Request-Id"] = _echo(request)
        return answer

    return guarded


async def _card(request: Request) -> Response:
    found = await run_in_threadpool(counter_of(request).introduction)
    return JSONResponse(found.model_dump(mode="json"))


async def _offers(request: Request) -> Response:
    card = await asking_neighbour(request)
    asked = await message_of(request, Offers, JSON_BYTES)
    items = await run_in_threadpool(counter_of(request).answer, card, asked.items)
    return JSONResponse(OfferAnswers(items=items).model_dump(mode="json"))


async def _packet(request: Request) -> Response:
    card = await asking_neighbour(request)
    key = key_of(request.path_params["key"])
    slots: asyncio.Semaphore = request.app.state.slots
    if slots.locked():
        raise RefusedNeighbour(Problem.BUSY)
    async with slots:
        data = await body_of(request, MAX_PACKET_BYTES)
        sha256 = request.headers.get(SHA256_HEADER, "")
        new = await run_in_threadpool(counter_of(request).take, card, card_in(request), key, data, sha256)
    if new:
        request.app.state.changed()
    return Response(status_code=201 if new else 200)


async def _receipts(request: Request) -> Response:
    card = await asking_neighbour(request)
    after = request.query_params.get("after", "")
    found = await run_in_threadpool(counter_of(request).receipts, card, key_of(after) if after else None)
    return JSONResponse(found.model_dump(mode="json"))


async def _returned(request: Request) -> Response:
    card = await asking_neighbour(request)
    told = await message_of(request, Returned, JSON_BYTES)
    keys = [RecordKey(record_id, revision) for record_id, revision in told.keys]
    await run_in_threadpool(counter_of(request).returned, card, keys)
    return Response(status_code=204)


def _refusal(problem: Problem) -> Response:
    headers = {"Retry-After": str(RETRY_S)} if problem is Problem.BUSY else {}
    status = _STATUS.get(problem, 400)
    body = {"type": problem.urn, "status": status}
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=headers)


def _echo(request: Request) -> str:
    try:
        return str(UUID(request.headers.get("request-id", "")))
    except ValueError:
        return ""
