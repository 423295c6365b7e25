"""Uploading one packet by the tus 1.0 core protocol: a chunk at a time, always from the byte central has.

Chunks aim at 25 seconds each. A broken one costs little, for central keeps what has arrived of it; a short one wastes a
round trip, in which the line stands still.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

from station.domain.outcome import Later, Note, Outcome, Parked, Trouble
from station.domain.ports import Clock
from station.sync.classify import FAILURES, judge, judge_failure, unreadable
from station.sync.client import Answer, CentralClient
from station.wire import Problem

FIRST_CHUNK, SMALLEST_CHUNK, LARGEST_CHUNK = 64 * 1024, 32 * 1024, 1024 * 1024
AIM_S = 25.0
PIECE = 16 * 1024
STALL_S = 60.0
SLOWEST_BPS = 2000.0
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True)
class Acknowledged:
    """Central has `offset` bytes now. `receipt` came with the last chunk, if central was that quick.

    `corrected`: it took none of what was just sent, and says where to go on.
    """

    offset: int
    receipt: str | None
    answer: Answer
    corrected: bool = False


class ChunkSize:
    """How many bytes the next chunk has: half the old plus half of what would have taken `aim_s`."""

    def __init__(self, aim_s: float = AIM_S) -> None:
        self.bytes = FIRST_CHUNK
        self._aim_s = aim_s

    def took(self, size: int, seconds: float) -> None:
        """A chunk of `size` bytes took `seconds`."""
        predicted = size * self._aim_s / max(seconds, 0.001)
        self.bytes = int(min(max((self.bytes + predicted) / 2, SMALLEST_CHUNK), LARGEST_CHUNK))

    def failed(self) -> None:
        """A chunk did not arrive: lose less next time."""
        self.bytes = max(self.bytes // 2, SMALLEST_CHUNK)


def ask_offset(client: CentralClient, upload: str, size: int, clock: Clock) -> Acknowledged | Outcome:
    """How many bytes central has of `upload`."""
    try:
        answer = client.head(upload, TUS)
    except FAILURES as failure:
        return judge_failure(failure)
    outcome = judge(answer, clock.now())
    if isinstance(outcome, Parked):  # HEAD has no body to say why (blocked? the clock?): the manifest will be told
        return Later(Note(Trouble.UPLOAD_GONE, answer.request_id, answer.status))
    return outcome if outcome is not None else _acknowledged(answer, size)


def send_chunk(
    client: CentralClient, upload: str, data: bytes, offset: int, chunk: ChunkSize, limit: int, clock: Clock
) -> Acknowledged | Outcome:
    """Send the bytes from `offset`; what central acknowledged, or why not."""
    end = min(offset + min(chunk.bytes, limit), len(data))
    headers = {
        **TUS,
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
        "Content-Length": str(end - offset),
    }
    watchdog = Watchdog(client)
    deadline_s = 25.0 + 1.5 * (end - offset) / SLOWEST_BPS
    started = clock.monotonic()
    try:
        with watchdog:
            answer = client.patch(upload, lambda: watchdog.watched(data[offset:end]), headers, deadline_s)
    except FAILURES as failure:
        chunk.failed()
        if watchdog.barked:
            return Later(Note(Trouble.STALLED))
        return judge_failure(failure)
    outcome = judge(answer, clock.now())
    if outcome is None:
        chunk.took(end - offset, clock.monotonic() - started)
        found = _acknowledged(answer, len(data))
        if isinstance(found, Acknowledged) and found.offset <= offset:
            return unreadable(answer)  # a success that moved nothing would be repeated for ever
        return found
    body = answer.problem
    if body is not None and body.problem is Problem.OFFSET_MISMATCH and body.offset is not None:
        if body.offset == offset:
            return unreadable(answer)  # it contradicts itself, and would do so for ever
        if body.offset <= len(data):
            return Acknowledged(body.offset, None, answer, corrected=True)
        return Later(Note(Trouble.UPLOAD_GONE, answer.request_id, answer.status))
    return outcome


class Watchdog:
    """Hangs up when no byte has moved for a minute: a dead radio link gives no error of its own."""

    def __init__(self, client: CentralClient, stall_s: float = STALL_S) -> None:
        self._client = client
        self._stall_s = stall_s
        self._alive_at = monotonic()
        self._done = Event()
        self.barked = False

    def __enter__(self) -> Watchdog:
        self._alive_at = monotonic()
        Thread(target=self._watch, name="watchdog", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()

    def watched(self, data: bytes) -> Iterator[bytes]:
        """The same bytes in small pieces; each piece taken is a sign of life."""
        for start in range(0, len(data), PIECE):
            self._alive_at = monotonic()
            yield data[start : start + PIECE]
        self._alive_at = monotonic()

    def _watch(self) -> None:
        while not self._done.wait(max(0.0, self._alive_at + self._stall_s - monotonic())):
            if monotonic() >= self._alive_at + self._stall_s:
                self.barked = True
                self._client.network.hang_up()
                return


def _acknowledged(answer: Answer, size: int) -> Acknowledged | Outcome:
    value = answer.headers.get("upload-offset", "")
    if not (value.isascii() and value.isdigit()):
        return unreadable(answer)
    offset = int(value[:12])
    if offset > size:  # central has more than we ever had: this upload is not ours to go on with
        return Later(Note(Trouble.UPLOAD_GONE, answer.request_id, answer.status))
    return Acknowledged(offset, answer.headers.get("receipt"), answer)
