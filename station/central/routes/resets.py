"""POST /v1/resets: a station leaves what answers its reset codes, sealed for central. Sent again, it is the same."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from station.central.asking import asking_station, central_of, json_body, malformed, read_as
from station.domain.errors import TrustError
from station.wire import ResetSeed


async def resets(request: Request) -> Response:
    station = await asking_station(request)
    central = central_of(request)
    seed = read_as(ResetSeed, await json_body(request))
    try:
        await run_in_threadpool(central.resets.take, station.station_id, seed)
    except TrustError as problem:
        raise malformed("sealed is nothing that this station has sealed for this central.") from problem
    return Response(status_code=204)
