"""GET /v1/bundles/{name}/{version} and its `/signature`: a sealed list, resumable, and what central signs about it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from station.central.asking import asking_station, central_of, whole_number
from station.central.bundle_shelf import Sealed
from station.central.roster_sealing import BUSY_S, PATIENCE_S, RosterSealing
from station.central.switches import busy

_PIECE = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


async def signature(request: Request) -> Response:
    """The signed head. Which bundle it is (whole, or what changed since `base`) is in it."""
    sealed = await _sealed(request)
    return Response(sealed.jws, media_type="application/jose")


async def bundle(request: Request) -> Response:
    """The body, or the asked part of it. A part of another body than the asking station has begun is never sent."""
    sealed = await _sealed(request)
    size, tag = sealed.head.size, f'"{sealed.head.sha256}"'
    headers = {"ETag": tag, "Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"}
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    first, last = 0, size - 1
    partial = asked is not None and request.headers.get("if-range", tag) == tag
    if asked is not None and partial:
        first = int(asked[1])
        last = min(int(asked[2]), last) if asked[2] else last
        if first > last:
            return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    headers["Content-Length"] = str(last - first + 1)
    return StreamingResponse(_part(sealed, first, last), 206 if partial else 200, headers)


async def _sealed(request: Request) -> Sealed:
    station = await asking_station(request)
    version = whole_number(request.path_params["version"], "version")
    base = whole_number(request.query_params["base"], "base") if "base" in request.query_params else None
    sealing, name = central_of(request).rosters.sealing, request.path_params["name"]
    found = await run_in_threadpool(sealing.found, station, name, version, base)
    if found is not None:
        return found
    async with _room(sealing):
        return await run_in_threadpool(sealing.sealed, station, name, version, base)


@asynccontextmanager
async def _room(sealing: RosterSealing) -> AsyncIterator[None]:
    """Wait for a turn to seal without holding a thread: the other requests need them."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await sealing.room.acquire()
    except TimeoutError:
        raise busy(BUSY_S) from None
    try:
        yield
    finally:
        sealing.room.release()


def _part(sealed: Sealed, first: int, last: int) -> Iterator[bytes]:
    with sealed.path.open("rb") as file:
        file.seek(sealed.offset + first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
