"""The upload lane: one chunk of one packet at a step, always from the byte that central has."""

from __future__ import annotations

from pydantic import ValidationError

from station.domain.delivery import OutboxItem, Progress, Stage
from station.domain.errors import StoreError
from station.domain.outcome import Later, Note, Outcome, Parked, Trouble
from station.domain.record import RecordKey
from station.seal.packet import sha256_of
from station.sync.classify import FAILURES, judge, judge_failure, unreadable
from station.sync.client import retry_after_s
from station.sync.lanes import Did, Idle, Shared, Step
from station.sync.treatment import take_receipt, treat
from station.sync.upload import Acknowledged, ChunkSize, ask_offset, send_chunk
from station.wire import ReceiptResponse


class UploadLane:
    """Sends what central wants. In memory only: the packet at hand and the offset central confirmed in this run."""

    name = "uploads"

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._chunk = ChunkSize()
        self._data: tuple[RecordKey, bytes] | None = None
        self._confirmed: tuple[RecordKey, str, int] | None = None
        self._corrected = False
        self._rate_bps = 0.0
        self.current: tuple[OutboxItem, ...] = ()

    def step(self) -> Step:
        found = self._shared.depot.outbox.due(Stage.SENDING, now=self._shared.clock.now(), limit=1)
        if not found:
            self._data = self._confirmed = None
            return Idle()
        item = found[0]
        if self._confirmed is not None and self._confirmed[0] != item.key:
            self._confirmed = None
        self.current = found
        result = self._advance(item)
        if isinstance(result, Acknowledged):
            return self._acknowledged(item, result)
        self._confirmed, self._corrected = None, False
        self._shared.on_progress(Progress())
        return treat(self._shared, self.name, item, result)

    def _advance(self, item: OutboxItem) -> Acknowledged | Outcome:
        """The next thing for this packet: its offset, its next chunk, or its receipt."""
        shared = self._shared
        data = self._load(item)
        if not isinstance(data, bytes):
            return data
        assert item.upload is not None  # a packet is in this stage only with an upload
        confirmed = self._confirmed or self._told(item)
        if confirmed is None or confirmed[:2] != (item.key, item.upload):
            return ask_offset(shared.client, item.upload, item.size, shared.clock)
        if confirmed[2] == item.size:
            return self._receipt(item)
        limit = shared.limits.chunk_bytes
        started = shared.clock.monotonic()
        result = send_chunk(shared.client, item.upload, data, confirmed[2], self._chunk, limit, shared.clock)
        if not isinstance(result, Acknowledged):
            return result
        if not result.corrected:
            self._measure(result.offset - confirmed[2], shared.clock.monotonic() - started)
        elif self._corrected:
            return unreadable(result.answer)  # corrected twice in a row: it would send us to and fro for ever
        self._corrected = result.corrected
        return result

    def _told(self, item: OutboxItem) -> tuple[RecordKey, str, int] | None:
        """What the manifest of this run was told about the upload; used once, for a failure makes it doubtful."""
        upload, offset = self._shared.fresh.pop(item.key, ("", 0))
        return (item.key, upload, offset) if upload else None

    def _acknowledged(self, item: OutboxItem, result: Acknowledged) -> Step:
        assert item.upload is not None
        self._confirmed = (item.key, item.upload, result.offset)
        if result.offset != item.offset:
            self._shared.depot.outbox.advance(item.key, offset=result.offset)
        self._shared.on_progress(Progress(item.key, result.offset, item.size, self._rate_bps))
        if result.receipt:
            self._confirmed = None
            return treat(self._shared, self.name, item, take_receipt(self._shared, item, result.receipt, result.answer))
        return Did()

    def _receipt(self, item: OutboxItem) -> Outcome:
        """Central has every byte: ask for its word."""
        shared = self._shared
        try:
            answer = shared.client.get(f"/v1/receipts/{item.key.record_id}/{item.key.revision}")
        except FAILURES as failure:
            return judge_failure(failure)
        outcome = judge(answer, shared.clock.now())
        if outcome is not None:
            return outcome
        if answer.status == 202:
            floor = retry_after_s(answer.headers, shared.clock.now())
            return Later(Note(Trouble.VERIFYING, answer.request_id, answer.status), floor_s=floor)
        try:
            token = ReceiptResponse.model_validate_json(answer.body).receipt
        except ValidationError:
            return unreadable(answer)
        return take_receipt(shared, item, token, answer)

    def _load(self, item: OutboxItem) -> bytes | Outcome:
        """The packet's bytes, checked once against what was sealed."""
        if self._data is not None and self._data[0] == item.key:
            return self._data[1]
        try:
            data = self._shared.depot.packets.read(item.key)
        except StoreError as problem:
            if problem.code == "packet.missing":
                return Parked(Note(Trouble.FILE_MISSING))
            if problem.code == "packet.too_large":
                return Parked(Note(Trouble.FILE_CHANGED, detail=problem.code))
            # A bad sector under one packet must not keep the others waiting; a passing trouble gets more tries.
            return Later(Note(Trouble.FILE_CHANGED, detail=problem.code), burns=True)
        if len(data) != item.size or sha256_of(data) != item.sha256:
            return Parked(Note(Trouble.FILE_CHANGED))
        self._data = (item.key, data)
        return data

    def _measure(self, sent: int, seconds: float) -> None:
        rate = sent / max(seconds, 0.001)
        self._rate_bps = rate if self._rate_bps == 0 else 0.7 * self._rate_bps + 0.3 * rate
