"""POST /v1/manifests: which packets exist; one bad item never spoils the others."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from station.central.asking import asking_station, central_of, json_body, malformed, read_as
from station.central.central import Central
from station.central.manifests import Refusable
from station.central.problems import Refused
from station.central.switches import busy
from station.domain.record import RecordKey
from station.wire import (
    ManifestItem,
    ManifestResponse,
    Message,
    Problem,
    RecordId,
    Revision,
    Verdict,
)


class _Key(Message):
    """What an item must at least say, to be answered by itself."""

    record_id: RecordId
    revision: Revision


async def manifests(request: Request) -> Response:
    station = await asking_station(request)
    central = central_of(request)
    items = _items(await json_body(request), central.options.limits.manifest_batch)
    asked_s = _come_in(central, items, station.station_id)
    verdicts = await run_in_threadpool(central.manifests.answer, items, station.station_id)
    wanted = [RecordKey(one.record_id, one.revision) for one in verdicts if one.verdict is Verdict.WANT]
    new = central.admission.promise(station.station_id, _keys(items), wanted)
    central.admission.give_back(asked_s - _work_s(central, [item for item in items if _key(item) in new]))
    answer = ManifestResponse(items=tuple(verdicts))
    return JSONResponse(answer.model_dump(mode="json", exclude_none=True))


def _come_in(central: Central, items: list[ManifestItem | Refusable], station_id: str) -> float:
    """The work that this batch may turn out to be; Refused `busy` (429) when it is not this station's turn."""
    asked_s = _work_s(central, items)
    wait_s = central.admission.ask(station_id, asked_s, _keys(items))
    if wait_s:
        raise busy(wait_s, status=429)
    return asked_s


def _work_s(central: Central, items: list[ManifestItem | Refusable]) -> float:
    real = [item for item in items if isinstance(item, ManifestItem)]
    most = central.options.limits.packet_bytes  # what claims to be larger is refused by itself, and takes no time
    return central.admission.work_s(len(real), sum(min(item.size, most) for item in real))


def _keys(items: list[ManifestItem | Refusable]) -> list[RecordKey]:
    return [_key(item) for item in items]


def _key(item: ManifestItem | Refusable) -> RecordKey:
    return item.key if isinstance(item, Refusable) else RecordKey(item.record_id, item.revision)


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
