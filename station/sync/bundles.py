"""The bundles lane: target lists come down, a slice at a time, and wait in the inbox, sealed.

Records go first: a step is one short slice, and the engine asks the other lanes before every one. Trouble with one
bundle rests that bundle; what concerns them all is handed back, and no packet waits for it.
"""

from __future__ import annotations

import math

from station.domain.errors import StoreError, TrustError
from station.domain.lane import LaneName
from station.domain.outcome import Halted, Later, Note, Outcome, Parked, Trouble
from station.seal.bundle import ROSTER, BundleHead, check_body, check_head
from station.store.inbox import Inbox
from station.sync.backoff import item_wait
from station.sync.classify import FAILURES, judge, judge_failure, unreadable
from station.sync.client import Answer
from station.sync.lanes import Did, Idle, Rest, Shared, Step
from station.sync.upload import ChunkSize
from station.wire import BundleNotice

AIM_S = 10.0
"""Packets wait while a slice comes: it is shorter than a chunk that goes up."""
LONGEST_SLICE_S = 2 * AIM_S
"""On a line slower than it was, a slice ends here: its rest is asked for again."""
RESERVE_BYTES = 1024**3
"""What must stay free on the disk: records need it more than lists."""
_GIVEN_UP = (Trouble.BUNDLE_GONE, Trouble.BUNDLE_NOT_ALLOWED)
_OF_THE_LANE = (Trouble.BUSY, Trouble.MAINTENANCE, Trouble.NO_SPACE)


class BundleLane:
    """Fetches what central has told of. What has arrived is on disk: a restart goes on at the next byte."""

    name = LaneName.BUNDLES

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._inbox = Inbox(shared.depot.folder)
        self._chunk = ChunkSize(AIM_S)
        self._failures: dict[BundleNotice, int] = {}
        self._rests: dict[BundleNotice, Rest] = {}

    def due_in_s(self) -> float:
        """Seconds until a bundle wants its next slice."""
        rests = (self._rests.get(notice) for notice in self._shared.depot.memory.wanted_bundles)
        return min((rest.left_s() if rest is not None else 0.0 for rest in rests), default=math.inf)

    def wake(self) -> None:
        """A person asked: no bundle waits."""
        self._rests.clear()

    def step(self) -> Step:
        wanted = self._shared.depot.memory.wanted_bundles
        notice = next((item for item in wanted if self._due(item)), None)
        if notice is None:
            return Idle()
        try:
            return self._advance(notice)
        except StoreError as problem:
            return self._store_trouble(problem)

    def _due(self, notice: BundleNotice) -> bool:
        rest = self._rests.get(notice)
        return rest is None or rest.left_s() == 0

    def _advance(self, notice: BundleNotice) -> Step:
        """The next thing for this bundle: its head, its next slice, or the proof that it is whole."""
        held = self._shared.depot.memory.held_rosters.get(notice.name.removeprefix(ROSTER), 0)
        if not notice.name.startswith(ROSTER) or held >= notice.version or self._inbox.has(notice):
            self._forget(notice)
            return Did()
        token = self._inbox.head(notice)
        if token is None:
            return self._begin(notice, held)
        try:
            head = self._checked(notice, token)
            if self._inbox.size(notice) < head.size:
                return self._slice(notice, head)
            return self._finish(notice, head)
        except TrustError as problem:
            return self._broken(notice, problem)

    def _begin(self, notice: BundleNotice, held: int) -> Step:
        query = f"?base={held}" if held and not notice.whole else ""
        try:
            answer = self._shared.client.get(f"{_path(notice)}/signature{query}")
        except FAILURES as failure:
            return self._trouble(notice, judge_failure(failure))
        outcome = judge(answer, self._shared.clock.now())
        if outcome is not None:
            return self._trouble(notice, outcome)
        try:
            token = answer.body.decode("ascii")
            head = self._checked(notice, token)
        except UnicodeDecodeError:
            return self._trouble(notice, unreadable(answer))
        except TrustError as problem:
            return self._broken(notice, problem)
        if self._inbox.free_bytes() < head.size + RESERVE_BYTES:
            return self._store_trouble(StoreError("store.disk_full"))
        self._inbox.clear(self._shared.depot.memory.wanted_bundles)
        self._inbox.begin(notice, token)
        return Did()

    def _checked(self, notice: BundleNotice, token: str) -> BundleHead:
        """TrustError unless it is central's word about this bundle, for this station."""
        enrolment, _ = self._shared.depot.enrolled()
        now = self._shared.clock.now()
        head = check_head(
            token,
            enrolment.receipt_keys,
            station_id=enrolment.station_id,
            central_id=enrolment.central_id,
            # The offset is that of the last answer: a clock that was put right since does not make a list expire.
            now=min(now, now + self._shared.client.clock_offset),
            bundle=notice.name,
        )
        if head.version != notice.version:
            raise TrustError("roster.other_version")
        return head

    def _slice(self, notice: BundleNotice, head: BundleHead) -> Step:
        clock, start = self._shared.clock, self._inbox.size(notice)
        size = min(self._chunk.bytes, head.size - start)
        slice_ = _Slice(start, size)
        began = clock.monotonic()
        query = f"?base={head.base}" if head.base else ""
        headers = {"Range": f"bytes={start}-{start + size - 1}", "If-Range": f'"{head.sha256}"'}
        try:
            answer = self._shared.client.read(
                _path(notice) + query,
                headers,
                slice_.fits,
                lambda piece: slice_.take(piece) and clock.monotonic() - began < LONGEST_SLICE_S,
            )
        except FAILURES as failure:
            self._chunk.failed()
            # Bytes that came are work done: with a line that is dead, the next slice brings none.
            return Did() if self._keep(notice, slice_) else self._trouble(notice, judge_failure(failure))
        seconds = clock.monotonic() - began
        if self._keep(notice, slice_):
            self._chunk.took(len(slice_.data), seconds)
            return Did()
        return self._no_slice(notice, answer)

    def _keep(self, notice: BundleNotice, slice_: _Slice) -> bool:
        """Keep what came, also of a slice that broke off; False when nothing did."""
        if not slice_.data:
            return False
        self._inbox.append(notice, bytes(slice_.data))
        return True

    def _no_slice(self, notice: BundleNotice, answer: Answer) -> Step:
        if answer.echoed and answer.status in (200, 416):
            self._inbox.abandon(notice)  # sealed anew: another body stands there now
            return self._wait(notice, Note(Trouble.BUNDLE_BROKEN, answer.request_id, answer.status))
        return self._trouble(notice, judge(answer, self._shared.clock.now()) or unreadable(answer))

    def _finish(self, notice: BundleNotice, head: BundleHead) -> Step:
        with self._inbox.part(notice).open("rb") as file:
            check_body(file, head)
        self._inbox.finish(notice)
        self._forget(notice)
        return Did()

    # ---------------------------------------------------------------------------------------------------- trouble

    def _broken(self, notice: BundleNotice, problem: TrustError) -> Step:
        """What is here is not what central signed for this station: away with it, and again after a while."""
        self._inbox.abandon(notice)
        if problem.code == "roster.expired":
            self._forget(notice)
        return self._wait(notice, Note(Trouble.BUNDLE_BROKEN, detail=problem.code))

    def _trouble(self, notice: BundleNotice, outcome: Outcome) -> Step:
        match outcome:
            case Parked(note=note) if note.trouble in _GIVEN_UP:
                self._log(note)
                self._inbox.abandon(notice)
                self._forget(notice)
                return Did()
            case Halted():
                return outcome
            case Later(note=note) if outcome.link or note.trouble in _OF_THE_LANE:
                return outcome
            case Later(note=note, floor_s=floor_s):
                return self._wait(notice, note, floor_s)
            case Parked(note=note):
                return self._wait(notice, note)
        return self._wait(notice, Note(Trouble.UNREADABLE))

    def _store_trouble(self, problem: StoreError) -> Step:
        full = problem.code == "store.disk_full"
        return Later(Note(Trouble.DISK_FULL if full else Trouble.STORE, detail=problem.code))

    def _wait(self, notice: BundleNotice, note: Note, floor_s: float = 0.0) -> Step:
        """This bundle rests, longer and longer; the others go on."""
        self._log(note)
        self._failures[notice] = self._failures.get(notice, 0) + 1
        rest = self._rests[notice] = Rest(self._shared.clock)
        rest.rest(item_wait(self._failures[notice], floor_s).total_seconds())
        return Idle()

    def _forget(self, notice: BundleNotice) -> None:
        self._shared.depot.memory.forget_bundle(notice)
        self._failures.pop(notice, None)
        self._rests.pop(notice, None)

    def _log(self, note: Note) -> None:
        self._shared.depot.technical_log.add(at=self._shared.clock.now(), lane=self.name, key=None, note=note)


class _Slice:
    """Bytes of one request, up to what was asked for."""

    def __init__(self, start: int, size: int) -> None:
        self._start, self._size = start, size
        self.data = bytearray()

    def fits(self, answer: Answer) -> bool:
        """True for central's answer with the bytes asked for, as they are."""
        return (
            answer.echoed
            and answer.status == 206
            and answer.headers.get("content-range", "").startswith(f"bytes {self._start}-")
            and "content-encoding" not in answer.headers
        )

    def take(self, piece: bytes) -> bool:
        self.data += piece[: self._size - len(self.data)]
        return len(self.data) < self._size


def _path(notice: BundleNotice) -> str:
    return f"/v1/bundles/{notice.name}/{notice.version}"
