"""POST /v1/reconcile and /v1/reconcile/ids: prove that nothing is missing on either side."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from station.central.asking import asking_station, central_of, json_body, read_as
from station.domain.record import RecordKey
from station.wire import ReconcileKeys, ReconcileRequest, ReconcileResponse


async def reconcile(request: Request) -> Response:
    """Days that differ."""
    station = await asking_station(request)
    asked = read_as(ReconcileRequest, await json_body(request))
    central = central_of(request)
    if asked.audit is not None:
        await run_in_threadpool(central.audit_heads.take, station, asked.audit, central.clock.now())
    differ = await run_in_threadpool(central.reckoning.differing, station.station_id, asked)
    return JSONResponse(ReconcileResponse(differ=differ).model_dump(mode="json"))


async def reconcile_ids(request: Request) -> Response:
    """How a part of one day differs."""
    station = await asking_station(request)
    asked = read_as(ReconcileKeys, await json_body(request))
    central = central_of(request)
    gone = set(asked.gone) & {name[:2] for name in asked.keys}
    if gone:
        keys = [RecordKey(*name) for name in sorted(gone)]
        await run_in_threadpool(central.intake.take_back, station.station_id, keys)
    found = await run_in_threadpool(central.reckoning.compare, station.station_id, asked)
    return JSONResponse(found.model_dump(mode="json"))
