"""One request of a neighbour: who asks, its body within its bounds. Decides nothing about packets."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from station.domain.ids import is_record_id
from station.domain.record import RecordKey
from station.relay.counter import Counter
from station.relay.messages import CARD_HEADER, CIRCLE_HEADER
from station.relay.refusal import RefusedNeighbour
from station.seal.card import MAX_TOKEN, StationCard
from station.wire import Problem

_KEY = re.compile(r"([0-9a-f-]{36})\.(\d{1,4})")
_Model = TypeVar("_Model", bound=BaseModel)


def counter_of(request: Request) -> Counter:
    """The counter behind this server."""
    counter = request.app.state.counter
    assert isinstance(counter, Counter)
    return counter


def card_in(request: Request) -> str:
    """The signed card of whoever asks, not checked yet."""
    return request.headers.get(CARD_HEADER, "")[: MAX_TOKEN + 1]


async def asking_neighbour(request: Request) -> StationCard:
    """The proven neighbour who asks; RefusedNeighbour before a byte of the body is read."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or len(bearer) > MAX_TOKEN:
        raise RefusedNeighbour(Problem.BAD_SIGNATURE)
    circle = request.headers.get(CIRCLE_HEADER, "")[:64]
    return await run_in_threadpool(counter_of(request).admit, card_in(request), bearer, circle)


async def body_of(request: Request, limit: int) -> bytes:
    """The whole body, at most `limit` bytes, whatever was declared: chunks count for themselves."""
    declared = request.headers.get("content-length", "")
    if not (declared.isascii() and declared.isdigit() and len(declared) < 12):
        raise RefusedNeighbour(Problem.MALFORMED)
    if int(declared) > limit:
        raise RefusedNeighbour(Problem.TOO_LARGE)
    pieces, total = [], 0
    async for piece in request.stream():
        pieces.append(piece)
        total += len(piece)
        if total > limit:
            raise RefusedNeighbour(Problem.TOO_LARGE)
    return b"".join(pieces)


async def message_of(request: Request, model: type[_Model], limit: int) -> _Model:
    """The body as a message."""
    try:
        return model.model_validate_json(await body_of(request, limit))
    except ValidationError as problem:
        raise RefusedNeighbour(Problem.MALFORMED) from problem


def key_of(text: str) -> RecordKey:
    """`<record id>.<revision>`; RefusedNeighbour when it is none."""
    found = _KEY.fullmatch(text)
    if found is None or not is_record_id(found[1]) or int(found[2]) < 1:
        raise RefusedNeighbour(Problem.MALFORMED)
    return RecordKey(found[1], int(found[2]))
