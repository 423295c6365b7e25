"""One packet at hand: its bytes, what central confirmed of it in this run, and the chunk that is on its way.

Knows the packet and the questions about it; what becomes of its row is the lane's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from station.domain.delivery import OutboxItem
from station.domain.errors import StoreError
from station.domain.outcome import Later, Note, Outcome, Parked, Trouble
from station.seal.packet import sha256_of
from station.sync.classify import FAILURES, judge, judge_failure, unreadable
from station.sync.client import retry_after_s
from station.sync.lanes import Shared
from station.sync.treatment import take_receipt
from station.sync.upload import Acknowledged, Flight, ask_offset
from station.wire import ReceiptResponse


@dataclass
class Cargo:
    """`offset` None: central has to be asked first."""

    item: OutboxItem
    upload: str
    data: bytes
    offset: int | None
    corrected: bool = False
    """Central has put the offset right just now."""
    flight: Flight | None = None

    def ask(self, shared: Shared) -> Acknowledged | Outcome:
        """The offset, while it is not known; the receipt, when central has every byte."""
        if self.offset is None:
            return ask_offset(shared.client, self.upload, self.item.size, shared.clock)
        return fetch_receipt(shared, self.item)

    @property
    def has_to_ask(self) -> bool:
        return self.offset is None or self.offset == self.item.size

    def depart(self, shared: Shared, most: int, pieces: Callable[[int, int], Iterator[bytes]]) -> Flight:
        """Hand the next chunk, of at most so many bytes, to the line."""
        assert self.offset is not None
        start, end = self.offset, min(self.offset + most, self.item.size)
        self.flight = Flight(
            shared.client, self.upload, self.item.size, (start, end), lambda: pieces(start, end), shared.clock
        )
        return self.flight


def load(shared: Shared, item: OutboxItem) -> Cargo | Outcome:
    """The packet, checked against what was sealed. What its manifest was told in this run needs no asking."""
    assert item.upload is not None  # a packet is in this stage only with an upload
    try:
        data = shared.depot.read_packet(item)
    except StoreError as problem:
        if problem.code == "packet.missing":
            return Parked(Note(Trouble.FILE_MISSING))
        if problem.code == "packet.too_large":
            return Parked(Note(Trouble.FILE_CHANGED, detail=problem.code))
        # A bad sector under one packet must not keep the others waiting; a passing trouble gets more tries.
        return Later(Note(Trouble.FILE_CHANGED, detail=problem.code), burns=True)
    if len(data) != item.size or sha256_of(data) != item.sha256:
        return Parked(Note(Trouble.FILE_CHANGED))
    upload, offset = shared.fresh.pop(item.key, ("", 0))
    return Cargo(item, item.upload, data, offset if upload == item.upload else None)


def fetch_receipt(shared: Shared, item: OutboxItem) -> Outcome:
    """Central has every byte: ask for its word."""
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
