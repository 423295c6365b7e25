"""Uploading one packet by the tus 1.0 core protocol: a chunk at a time, always from the byte central has.

Chunks aim at 25 seconds each. A broken one costs little, for central keeps what has arrived of it; a short one wastes a
round trip, in which the line stands still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from station.domain.outcome import Later, Note, Outcome, Parked, Trouble
from station.domain.ports import Clock
from station.sync.classify import FAILURES, GATES, judge, judge_failure, unreadable
from station.sync.client import Answer, CentralClient
from station.sync.pipe import LostBehind
from station.sync.watchdog import Watchdog
from station.wire import Problem

FIRST_CHUNK, SMALLEST_CHUNK, LARGEST_CHUNK = 64 * 1024, 32 * 1024, 1024 * 1024
AIM_S = 25.0
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

    def __init__(self, aim_s: float = AIM_S, first: int = FIRST_CHUNK) -> None:
        self.bytes = min(max(first, SMALLEST_CHUNK), LARGEST_CHUNK)
        self._whole = self.bytes
        self._aim_s = aim_s

    def took(self, size: int, seconds: float) -> None:
        """A chunk of `size` bytes took `seconds`."""
        predicted = size * self._aim_s / max(seconds, 0.001)
        self._whole = self.bytes = int(min(max((self.bytes + predicted) / 2, SMALLEST_CHUNK), LARGEST_CHUNK))

    def failed(self) -> None:
        """A chunk did not arrive: lose less next time."""
        self.bytes = max(self.bytes // 2, SMALLEST_CHUNK)

    def kept(self) -> None:
        """But central has what came of it: its size has cost nothing."""
        self.bytes = self._whole


def ask_offset(client: CentralClient, upload: str, size: int, clock: Clock) -> Acknowledged | Outcome:
    """How many bytes central has of `upload`."""
    try:
        answer = client.head(upload, TUS)
    except FAILURES as failure:
        return judge_failure(failure)
    outcome = judge(answer, clock.now())
    shut = answer.echoed and answer.status in GATES
    if shut or isinstance(outcome, Parked):  # HEAD has no body to say why (blocked? the clock?): the manifest is told
        return Later(Note(Trouble.UPLOAD_GONE, answer.request_id, answer.status))
    return outcome if outcome is not None else _acknowledged(answer, size)


class Flight:
    """One chunk on its way: handed to the line when it is made, and told of by `arrive`."""

    def __init__(
        self,
        client: CentralClient,
        upload: str,
        size: int,
        part: tuple[int, int],
        pieces: Callable[[], Iterator[bytes]],
        clock: Clock,
    ) -> None:
        """Bytes `part` (from, to) of `size`, as `pieces` gives them."""
        self.offset, self.end = part
        self.began = clock.monotonic()
        self._client, self._size, self._clock = client, size, clock
        self._failure: BaseException | None = None
        headers = {
            **TUS,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(self.offset),
            "Content-Length": str(self.end - self.offset),
        }
        try:
            self._answer = client.begin_patch(upload, pieces, headers)
        except FAILURES as failure:
            self._failure = failure

    @property
    def is_last(self) -> bool:
        """Central has the whole packet after it."""
        return self.end == self._size

    def arrive(self, watchdog: Watchdog, chunk: ChunkSize, since: float = 0.0) -> Acknowledged | Outcome | None:
        """What central acknowledged, or why not; None when nobody knows, for it waited behind one that failed.

        `since`: up to then the line was busy with another chunk, by the monotonic clock.
        """
        try:
            if self._failure is not None:
                raise self._failure
            answer = self._answer(25.0 + 1.5 * (self.end - self.offset) / SLOWEST_BPS)
        except LostBehind:
            return None
        except FAILURES as failure:
            return self._failed(failure, watchdog, chunk)
        outcome = judge(answer, self._clock.now())
        if outcome is None:
            chunk.took(self.end - self.offset, self._clock.monotonic() - max(self.began, since))
            found = _acknowledged(answer, self._size)
            if isinstance(found, Acknowledged) and found.offset <= self.offset:
                return unreadable(answer)  # a success that moved nothing would be repeated for ever
            return found
        return self._corrected(answer) or outcome

    def _failed(self, failure: BaseException, watchdog: Watchdog, chunk: ChunkSize) -> Later:
        chunk.failed()
        found = Later(Note(Trouble.STALLED)) if watchdog.barked else judge_failure(failure)
        if found.note.trouble in (Trouble.STALLED, Trouble.TIMEOUT):
            self._client.network.hang_up()  # the other connections went over the same dead line
        return found

    def _corrected(self, answer: Answer) -> Acknowledged | Outcome | None:
        """Where central says to go on, if it says so."""
        body = answer.problem
        if body is None or body.problem is not Problem.OFFSET_MISMATCH or body.offset is None:
            return None
        if body.offset == self.offset:
            return unreadable(answer)  # it contradicts itself, and would do so for ever
        if body.offset <= self._size:
            return Acknowledged(body.offset, None, answer, corrected=True)
        return Later(Note(Trouble.UPLOAD_GONE, answer.request_id, answer.status))


def _acknowledged(answer: Answer, size: int) -> Acknowledged | Outcome:
    value = answer.headers.get("upload-offset", "")
    if not (value.isascii() and value.isdigit()):
        return unreadable(answer)
    offset = int(value[:12])
    if offset > size:  # central has more than we ever had: this upload is not ours to go on with
        return Later(Note(Trouble.UPLOAD_GONE, answer.request_id, answer.status))
    return Acknowledged(offset, answer.headers.get("receipt"), answer)
