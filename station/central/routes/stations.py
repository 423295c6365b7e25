"""POST /v1/stations: a station becomes known with a one-time code."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from station.central.asking import central_of, json_body, read_as
from station.central.central import Central
from station.central.gate import too_old
from station.wire import EnrolRequest, EnrolResponse, Policy, rfc3339


async def stations(request: Request) -> Response:
    asked = read_as(EnrolRequest, await json_body(request))
    central = central_of(request)
    answer = await run_in_threadpool(_enrol, central, asked)
    central.rosters.offers.make_soon()
    return JSONResponse(answer.model_dump(mode="json"), status_code=201)


def _enrol(central: Central, asked: EnrolRequest) -> EnrolResponse:
    refused = too_old(central.options.min_client, f"stasiun-ktpel/{asked.app_version}")
    if refused is not None:
        raise refused
    station = central.stations.enrol(asked)
    return EnrolResponse(
        station_id=station.station_id,
        central_id=central.options.central_id,
        policy=_policy(central, station.number),
        hello=central.hello(),
        card=central.cards.give(station),
    )


def _policy(central: Central, number: int) -> Policy:
    """With what holds for everybody now: read after the station is known, so that no later change passes it by."""
    current = central.policies.current()
    issued_at = rfc3339(current.issued_at) if current.issued_at else None
    return Policy.model_validate({"station_number": number, **current.figures, "issued_at": issued_at})
