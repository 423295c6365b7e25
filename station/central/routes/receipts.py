"""GET /v1/receipts/{record_id}/{revision}: the receipt, or how far central is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from station.central.admission import HELD_LONGEST_S, come_before_s
from station.central.asking import asking_station, central_of, malformed, whole_number
from station.central.central import Central
from station.central.packets import accepted, refusal_of
from station.central.problems import Refused, upload_gone
from station.central.uploads import Upload, uploads_of
from station.domain.ids import is_record_id
from station.domain.record import RecordKey
from station.wire import Problem, ReceiptResponse


async def receipt(request: Request) -> Response:
    await asking_station(request)
    record_id = request.path_params["record_id"]
    if not is_record_id(record_id):
        raise malformed("record_id is not an id.")
    key = RecordKey(record_id, whole_number(request.path_params["revision"], "revision", most=9999))
    central = central_of(request)
    found = await run_in_threadpool(_find, central, key)
    token = found if isinstance(found, str) else None
    if not isinstance(found, str):
        # It has its place in the order in which packets came whole, whoever asks meanwhile.
        wait_s = central.intake.turn_s(found[0])
        if wait_s > HELD_LONGEST_S:
            return _later(come_before_s(wait_s))
        await asyncio.sleep(wait_s)
        token = await run_in_threadpool(_finish, central, found)
    if token is None:
        return _later(1)
    return JSONResponse(ReceiptResponse(receipt=token).model_dump(mode="json"))


def _later(seconds: int) -> Response:
    return Response(status_code=202, headers={"Retry-After": str(seconds)})


def _find(central: Central, key: RecordKey) -> str | Sequence[Upload]:
    """The receipt, or the complete uploads of which one may be it; Refused otherwise."""
    with central.database.read() as rows:
        packet = accepted(rows, key)
        uploads = uploads_of(rows, key)
        refusal = refusal_of(rows, key)
    if packet is not None and not packet.wanted_again:
        return packet.receipt
    complete = [upload for upload in uploads if central.intake.offset(upload) >= upload.size]
    if complete:
        return complete
    if not uploads and refusal is not None and refusal.stands:
        raise Refused(
            refusal.problem.problem or Problem.PACKET_REFUSED,
            refusal.problem.detail,
            reasons=refusal.problem.reasons,
        )
    raise upload_gone()


def _finish(central: Central, complete: Sequence[Upload]) -> str | None:
    """What comes of the first that is good; when none is, why the last was not."""
    for upload in complete[:-1]:
        try:
            return central.intake.finish(upload.upload_id, in_turn=True)
        except Refused:
            continue  # the next may be what its station signed
    return central.intake.finish(complete[-1].upload_id, in_turn=True)
