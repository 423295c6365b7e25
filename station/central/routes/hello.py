"""GET /v1/hello: the signed word that this is central. Needs no signature of the station."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from station.central.asking import central_of


async def hello(request: Request) -> Response:
    token = await run_in_threadpool(central_of(request).hello)
    return Response(token, media_type="application/jose")
