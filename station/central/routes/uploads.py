"""HEAD, PATCH and DELETE of an upload: tus 1.0 core. Bytes are on stable storage before their offset is told."""

from __future__ import annotations

import asyncio
from email.utils import format_datetime

from starlette.concurrency import run_in_threadpool
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import Response

from station.central.admission import HELD_LONGEST_S, come_before_s
from station.central.asking import asking_station, body_pieces, central_of, malformed, whole_number
from station.central.central import Central
from station.central.gate import TUS_VERSION
from station.central.packets import accepted
from station.central.problems import no_space, upload_gone
from station.central.switches import busy
from station.central.uploads import Upload, find_upload

OFFSET_STREAM = "application/offset+octet-stream"


class Uploads(HTTPEndpoint):
    """One upload. A repeated request on a finished one is answered with the receipt again."""

    async def head(self, request: Request) -> Response:
        central, upload, receipt = await _enter(request)
        offset = upload.size if receipt else await run_in_threadpool(central.intake.offset, upload)
        return _answer(200, upload, offset, receipt)

    async def patch(self, request: Request) -> Response:
        central, upload, receipt = await _enter(request)
        if request.headers.get("content-type", "") != OFFSET_STREAM:
            raise malformed(f"Content-Type must be {OFFSET_STREAM}.", status=415)
        start = whole_number(request.headers.get("upload-offset", ""), "Upload-Offset")
        if receipt:
            return _answer(204, upload, upload.size, receipt)
        if not await run_in_threadpool(central.has_room):
            raise no_space()
        if start == 0 and (wait_s := central.admission.behind_s()):
            raise busy(wait_s, status=429)
        try:
            await _take(request, central, upload, start)
        finally:
            # Also for a broken request: what came is kept, and what is whole is verified.
            offset = await run_in_threadpool(central.intake.offset, upload)
        if offset == upload.size:
            await _wait_for_turn(central, upload)
            receipt = await run_in_threadpool(central.intake.finish, upload.upload_id, in_turn=True)
        return _answer(204, upload, offset, receipt)

    async def options(self, request: Request) -> Response:
        """What of tus is spoken here. Needs no signature: it says nothing about any upload."""
        most = central_of(request).options.limits.packet_bytes
        return Response(status_code=204, headers={"Tus-Extension": "expiration,termination", "Tus-Max-Size": str(most)})

    async def delete(self, request: Request) -> Response:
        central, upload, _ = await _enter(request)
        await run_in_threadpool(central.intake.abandon, upload.upload_id)
        return Response(status_code=204)


async def _enter(request: Request) -> tuple[Central, Upload, str | None]:
    """The upload and, when it is accepted already, its receipt."""
    if request.headers.get("tus-resumable") != TUS_VERSION:
        raise malformed(f"Tus-Resumable must be {TUS_VERSION}.", status=412)
    await asking_station(request)
    central = central_of(request)
    upload, receipt = await run_in_threadpool(_find, central, request.path_params["upload_id"])
    return central, upload, receipt


def _find(central: Central, upload_id: str) -> tuple[Upload, str | None]:
    with central.database.read() as rows:
        upload = find_upload(rows, upload_id)
        packet = accepted(rows, upload.key) if upload else None
    if upload is None:
        raise upload_gone()
    if packet is not None and not packet.wanted_again:
        return upload, packet.receipt
    if upload.expires_at <= central.clock.now():
        central.intake.abandon(upload_id)
        raise upload_gone(410)
    return upload, None


async def _wait_for_turn(central: Central, upload: Upload) -> None:
    """Packets are accepted no faster than central can; Refused `busy` when it would take long. The bytes are kept."""
    wait_s = central.intake.turn_s(upload)
    if wait_s > HELD_LONGEST_S:
        raise busy(come_before_s(wait_s), status=429)
    await asyncio.sleep(wait_s)


async def _take(request: Request, central: Central, upload: Upload, start: int) -> None:
    """Append the body at `start`."""
    most = central.options.limits.chunk_bytes
    pieces = body_pieces(request, most)
    turn = await run_in_threadpool(central.parts.begin, upload.upload_id, start)
    end = start
    async for piece in pieces:
        end += len(piece)
        if end > upload.size:
            raise malformed("These are more bytes than the manifest announced.")
        await run_in_threadpool(central.parts.append, turn, piece)


def _answer(status: int, upload: Upload, offset: int, receipt: str | None) -> Response:
    headers = {"Upload-Offset": str(offset), "Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}
    if status == 200:
        headers["Upload-Length"] = str(upload.size)
    if receipt:
        headers["Receipt"] = receipt
    return Response(status_code=status, headers=headers)
