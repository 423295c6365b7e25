"""The live view: multipart M-JPEG, written frame by frame until somebody has seen enough, and torn when asked to.

It must not know of requests or drawings: frames come ready.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from time import monotonic

from station.capture.sbi.error_codes import ERRORS
from station.training.simulator.booth import Booth
from station.training.simulator.device import Device, Stream
from station.training.simulator.faults import Fault

BOUNDARY = "--BoundaryString"
_SLOW_S = 1.5
_GARBAGE = b"\xff\xd8\xff\xe0 this is no picture \xff\xd9"

Write = Callable[[bytes], object]


def head(port: int) -> bytes:
    """The reference implementation answers in HTTP/1.0 here and nowhere else."""
    return (
        "HTTP/1.0 200 OK\r\n"
        "CACHE-CONTROL:no-store\r\n"
        f"LOCATION:http://127.0.0.1:{port}\r\n"
        "Connection: close\r\n"
        f"Content-Type: multipart/x-mixed-replace; boundary={BOUNDARY}\r\n\r\n"
    ).encode()


def send_frames(
    booth: Booth, device: Device, stream: Stream, frames: Callable[[], Sequence[bytes]], timeout_s: float, write: Write
) -> None:
    """Send until the stream ends: nobody looks any more, a capture succeeded, the cable is out, or time is up."""
    until = monotonic() + timeout_s
    for number in count():
        if not stream.is_open or booth.closing.is_set():
            return
        if not device.plugged:
            write(error_part("202"))
            return
        if monotonic() > until:
            write(error_part("609"))
            return
        if not device.captures:  # the spec wants no frames while a capture runs
            shown = frames()
            frame = shown[number % len(shown)]
            write(torn_part(frame, number) if device.faults.has(Fault.TORN_FRAMES) else part(frame))
        booth.closing.wait(_SLOW_S if device.faults.has(Fault.SLOW_FRAMES) else booth.options.frame_s)


def part(frame: bytes, *, said: int | None = None) -> bytes:
    """One frame. `said` is the length it claims to have."""
    length = len(frame) if said is None else said
    top = f"{BOUNDARY}\r\nContent-Type:image/jpeg\r\nContent-Length:{length}\r\n\r\n"
    return top.encode() + frame + b"\r\n\r\n"


def torn_part(frame: bytes, number: int) -> bytes:
    """In turn: half a frame that claims to be whole, one cut in the middle, garbage, and a good one."""
    match number % 4:
        case 0:
            return part(frame[: len(frame) // 2], said=len(frame))
        case 1:
            return part(frame[: len(frame) // 2])
        case 2:
            return part(_GARBAGE) + _GARBAGE
        case _:
            return part(frame)


def error_part(code: str) -> bytes:
    """How the reference implementation tells trouble in a stream: flat, not below `error`."""
    body = f'{{"errorCode":"{code}","errorInfo":"{ERRORS[code]}"}}'
    return f"{BOUNDARY}\r\nContent-Type:application/json\r\nContent-Length:{len(body)}\r\n\r\n{body}\r\n\r\n".encode()
