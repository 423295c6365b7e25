"""GET /v1/changes: news for one station, by cursor, with a long poll."""

from __future__ import annotations

import asyncio
import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from station.central.asking import asking_station, central_of, malformed, whole_number
from station.central.feed import Page

MAX_EVENTS = 200
_CURSOR = re.compile(r"[0-9]{1,15}(-[0-9a-f]{0,64})?")


async def changes(request: Request) -> Response:
    station = await asking_station(request)
    central = central_of(request)
    query = request.query_params
    since = query.get("since", "")
    if since and not _CURSOR.fullmatch(since):
        raise malformed("since is no cursor of this central.")
    limit = min(whole_number(query.get("limit", str(MAX_EVENTS)), "limit") or MAX_EVENTS, MAX_EVENTS)
    wait_s = min(_seconds(query.get("wait", "0")), central.options.max_wait_s)
    with central.bell.listening(station.station_id) as rung:
        page = await run_in_threadpool(central.feed.page, station.station_id, since, limit)
        if not page.events and wait_s > 0 and central.bell.listeners <= central.options.max_waiting:
            await _news(request, rung, wait_s)
            page = await run_in_threadpool(central.feed.page, station.station_id, since, limit)
    return JSONResponse(_body(request, page))


async def _news(request: Request, rung: asyncio.Event, wait_s: float) -> None:
    """Wait for news, but not for a station that went away."""
    waits = [asyncio.create_task(rung.wait()), asyncio.create_task(_gone(request))]
    try:
        await asyncio.wait(waits, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waits:
            task.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _body(request: Request, page: Page) -> dict[str, object]:
    pacing = central_of(request).switches.pacing.model_dump(mode="json")
    return {"cursor": page.cursor, "more": page.more, "pacing": pacing, "events": page.events}


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise malformed("wait is not a number of seconds.")
    return seconds
