"""The four questions a device is asked: who it is, what it sees, a capture, and to stop.

It must not know orders or pictures: transport, shapes and signatures of one exchange, nothing about a person.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from time import monotonic

import httpx

from station.capture.sbi.asking import Wanted, capture_request, info_request, stream_request
from station.capture.sbi.discovery import Spot, unsigned
from station.capture.sbi.line import Limit, Line
from station.capture.sbi.messages import CaptureAnswer, CaptureItem, DeviceEntry, DigitalId, InfoItem, read, read_list
from station.capture.sbi.names import CALLS, DeviceSub
from station.capture.sbi.plain_json import decoded, loads
from station.capture.sbi.stream import MAX_COMPLAINT, FrameParser, complain
from station.capture.sbi.troubles import refused
from station.capture.sbi.trust import Signed, Trust
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError

INFO = Limit(seconds=5.0, size=1024 * 1024)
"""32 devices, each with two chains of certificates."""
CAPTURE_SIZE = {Modality.FINGER: 8 * 1024**2, Modality.FACE: 12 * 1024**2, Modality.IRIS: 4 * 1024**2}
"""Packed without loss and written in base64 twice: four fingers of 1000 ppi, a photo of 2 megapixels, two raw eyes; and
as much again."""
STALL_S = 5.0
STREAMS = ("multipart/", "image/", "video/", "application/octet-stream")
"""What a stream of pictures may call itself; many services leave it out."""
STREAM_S = 300.0


def ask_info(line: Line, spot: Spot, trust: Trust, now: datetime) -> tuple[DeviceEntry, DigitalId, Signed]:
    """What the device at `spot` signs about itself, the id it signs, and who signed it; trust is checked.

    A service tells of all its devices: what is wrong with another one is not asked.
    """
    answer = line.ask(spot.port, CALLS[spot.address.version].info, info_request(spot.address), INFO)
    items = read_list(InfoItem, answer)
    ours = next((item for item in items if _serial_in(item) == spot.who.serial_no), None)
    if ours is None:
        troubles = (refused(item.error) for item in items if item.error.is_error)
        raise next(troubles, DeviceError("device.unplugged", port=spot.port))
    if ours.device_info.count(".") != 2:
        raise DeviceError("sbi.not_registered")
    signed = trust.read(ours.device_info, now)
    entry = read(DeviceEntry, signed.payload)
    who = read(DigitalId, trust.read_id(entry.digital_id, now, signed, entry.certification))
    return entry, who, signed


def _serial_in(item: InfoItem) -> str:
    """Whom an item claims to be about, not yet believed."""
    parts = item.device_info.split(".")
    try:
        entry = read(DeviceEntry, loads(decoded(parts[1] if len(parts) == 3 else parts[0])))
    except (ValueError, DeviceError):
        return ""
    who = unsigned(entry.digital_id)
    return who.serial_no if who is not None else ""


def ask_capture(line: Line, spot: Spot, wanted: Wanted, seconds: float) -> tuple[CaptureItem, ...]:
    """The items of one capture as they came; DeviceError when the service complains instead."""
    request = capture_request(spot.address, wanted)
    answer = line.ask(spot.port, CALLS[spot.address.version].capture, request, Limit(seconds, CAPTURE_SIZE[spot.kind]))
    items = read(CaptureAnswer, answer).biometrics
    good = tuple(item for item in items if not item.error.is_error)
    if not good:
        raise refused(items[0].error) if items else DeviceError("sbi.bad_answer")
    return good


def _require_stream(line: Line, response: httpx.Response, port: int) -> None:
    """Neither a page nor a list is a stream: what the service complains of, else `sbi.not_sbi`."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code == HTTPStatus.OK and (not kind or kind.startswith(STREAMS)):
        return
    said, until = b"", monotonic() + STALL_S
    for chunk in response.iter_raw():
        said += chunk
        if len(said) > MAX_COMPLAINT or monotonic() > until:
            raise DeviceError("sbi.not_sbi", port=port)
    line.wait(0)  # a cut looks like an end
    complain(said)
    raise DeviceError("sbi.not_sbi", port=port)


def listen(line: Line, spot: Spot, sub: DeviceSub, on_frame: Callable[[bytes], None]) -> None:
    """Hand on every frame until the stream ends. DeviceError `sbi.stalled` when none comes for five seconds."""
    call, body = CALLS[spot.address.version].stream, stream_request(spot.address, sub, STREAM_S)
    try:
        with line.listen(spot.port, call, body, STALL_S) as response:
            _require_stream(line, response, spot.port)
            parser = FrameParser(response.headers.get("content-type", ""))
            seen = monotonic()
            for chunk in response.iter_raw():
                for frame in parser.feed(chunk):
                    seen = monotonic()
                    on_frame(frame)
                if monotonic() - seen > STALL_S:
                    raise DeviceError("sbi.stalled", port=spot.port)
            line.wait(0)  # a cut looks like an end
            parser.end()
    except DeviceError as problem:
        raise DeviceError("sbi.stalled", port=spot.port) if problem.code == "sbi.no_answer" else problem from None
