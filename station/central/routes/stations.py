"""POST /v1/stations: a station becomes known with a one-time code; or with its claim, when a file enrolled it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from station.central.asking import central_of, json_body, read_as
from station.central.central import Central
from station.central.gate import too_old
from station.central.stations import KnownStation
from station.wire import ClaimRequest, EnrolRequest, EnrolResponse


async def stations(request: Request) -> Response:
    asked = read_as(EnrolRequest, await json_body(request))
    central = central_of(request)
    answer = await run_in_threadpool(_enrol, central, asked)
    central.rosters.offers.make_soon()
    return JSONResponse(answer.model_dump(mode="json"), status_code=201)


async def claims(request: Request) -> Response:
    asked = read_as(ClaimRequest, await json_body(request))
    central = central_of(request)
    answer = await run_in_threadpool(_claim, central, asked)
    central.rosters.offers.make_soon()
    return JSONResponse(answer.model_dump(mode="json"), status_code=201)


def _enrol(central: Central, asked: EnrolRequest) -> EnrolResponse:
    _check_version(central, asked.app_version)
    return _welcome(central, central.stations.enrol(asked))


def _claim(central: Central, asked: ClaimRequest) -> EnrolResponse:
    _check_version(central, asked.app_version)
    return _welcome(central, central.invitations.claim(asked))


def _check_version(central: Central, version: str) -> None:
    refused = too_old(central.options.min_client, f"stasiun-ktpel/{version}")
    if refused is not None:
        raise refused


def _welcome(central: Central, station: KnownStation) -> EnrolResponse:
    return EnrolResponse(
        station_id=station.station_id,
        central_id=central.options.central_id,
        policy=central.policies.given(station.number),
        hello=central.hello(),
        card=central.cards.give(station),
    )
