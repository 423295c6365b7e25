"""POST /v1/wipes/{order_id}: a lost station says what it removed. The only thing a blocked station may say."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from station.central.asking import asking_station, central_of, json_body, malformed, read_as
from station.wire import WipeDone


async def wipe_done(request: Request) -> Response:
    station = await asking_station(request, blocked_too=True)
    report = read_as(WipeDone, await json_body(request))
    if report.order_id != request.path_params["order_id"]:
        raise malformed("order_id: is not that of the address")
    try:
        await run_in_threadpool(central_of(request).wipes.done, station.station_id, report)
    except LookupError:
        raise malformed("order_id: is of no order to this station") from None
    return Response(status_code=204)
