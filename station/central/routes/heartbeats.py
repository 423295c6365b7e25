"""POST /v1/heartbeats: how a station is; only its last word is kept."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from station.central.asking import asking_station, central_of, json_body, read_as
from station.wire import Heartbeat


async def heartbeats(request: Request) -> Response:
    station = await asking_station(request)
    central = central_of(request)
    heartbeat = read_as(Heartbeat, await json_body(request))
    await run_in_threadpool(central.heartbeats.take, station.station_id, heartbeat, central.clock.now())
    return Response(status_code=204)
