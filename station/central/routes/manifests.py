"""POST /v1/manifests: which packets exist; one bad item never spoils the others."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from station.central.asking import asking_station, central_of, json_body, malformed, read_as
from station.central.manifests import Refusable
from station.central.problems import Refused
from station.domain.record import RecordKey
from station.wire import ManifestItem, ManifestResponse, Message, Problem, RecordId, Revision


class _Key(Message):
    """What an item must at least say, to be answered by itself."""

    record_id: RecordId
    revision: Revision


async def manifests(request: Request) -> Response:
    station = await asking_station(request)
    central = central_of(request)
    items = _items(await json_body(request), central.options.limits.manifest_batch)
    verdicts = await run_in_threadpool(central.manifests.answer, items, station.station_id)
    answer = ManifestResponse(items=tuple(verdicts))
    return JSONResponse(answer.model_dump(mode="json", exclude_none=True))


def _items(body: Any, most: int) -> list[ManifestItem | Refusable]:
    raw = body.get("items") if isinstance(body, dict) else None
    if not isinstance(raw, list):
        raise malformed("items: a list is missing")
    if len(raw) > most:
        raise Refused(Problem.TOO_LARGE, f"Central takes {most} items at a time.", max=most)
    return [_item(value) for value in raw]


def _item(value: Any) -> ManifestItem | Refusable:
    try:
        return ManifestItem.model_validate(value)
    except ValidationError:
        key = read_as(_Key, value)
        return Refusable(RecordKey(key.record_id, key.revision), malformed("This item could not be read."))
