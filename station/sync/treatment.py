"""What an outcome does to one packet's row. Trouble of the link or of the lane is handed back, not written there."""

from __future__ import annotations

from datetime import timedelta

from station.domain.delivery import OutboxItem
from station.domain.errors import TrustError
from station.domain.outcome import Accepted, Halted, Later, Note, Outcome, Parked, Rejected, Trouble
from station.seal.receipts import check_receipt
from station.sync.backoff import PARK_AFTER, floor_wait_s, item_wait
from station.sync.classify import bad_receipt
from station.sync.client import Answer
from station.sync.lanes import Did, Shared, Step

MAX_RESTARTS = 3
LANE_TROUBLES = frozenset({Trouble.BUSY, Trouble.MAINTENANCE, Trouble.NO_SPACE})
"""Central cannot take anything now: the lane rests, no item waits for it."""


def treat(shared: Shared, lane: str, item: OutboxItem, outcome: Outcome) -> Step:
    """Write `outcome` into the row of `item`, or hand it back when it is about more than this item."""
    outbox, now = shared.depot.outbox, shared.clock.now()
    if isinstance(outcome, Parked) or (isinstance(outcome, Later) and not _is_of_the_lane(outcome)):
        shared.depot.technical_log.add(at=now, lane=lane, key=item.key, note=outcome.note)
    match outcome:
        case Accepted():
            outbox.settle(item.key, outcome, at=now)
            shared.settled_at = now
            if shared.server_failing:
                shared.server_failing = False
                outbox.retry_troubled(Trouble.SERVER_ERROR)
            shared.news_soon()
        case Rejected(reasons=reasons):
            outbox.reject(item.key, reasons, at=now)
        case Parked(note=note):
            outbox.park(item.key, note, at=now)
        case Halted():
            return outcome
        case Later():
            return _later(shared, item, outcome)
    return Did()


def take_receipt(shared: Shared, item: OutboxItem, token: str, answer: Answer) -> Outcome:
    """The receipt in `token`, checked against our own file's hash; one that does not verify is no answer."""
    enrolment, _ = shared.depot.enrolled()
    try:
        receipt = check_receipt(
            token,
            enrolment.receipt_keys,
            record=item.key,
            sha256=item.sha256,
            size=item.size,
            central_id=enrolment.central_id,
        )
    except TrustError as problem:
        return bad_receipt(answer, problem.code)
    return Accepted(token, receipt.receipt_no, receipt.received_at)


def _is_of_the_lane(outcome: Later) -> bool:
    """Handed back, and noted for the lane: a line for the packet that was at hand would say the same again."""
    return outcome.link or outcome.note.trouble in LANE_TROUBLES


def _later(shared: Shared, item: OutboxItem, outcome: Later) -> Step:
    trouble = outcome.note.trouble
    if _is_of_the_lane(outcome):
        return outcome
    if trouble in (Trouble.UPLOAD_GONE, Trouble.DIGEST):
        return _start_over(shared, item, outcome)
    if trouble in (Trouble.VERIFYING, Trouble.OFFSET):
        _wait(shared, item, outcome, timedelta(seconds=floor_wait_s(max(outcome.floor_s, 1.0))))
        return Did()
    _burn(shared, item, outcome)
    return Did()


def _start_over(shared: Shared, item: OutboxItem, outcome: Later) -> Step:
    """The upload is gone: manifest again. Bytes that arrive spoilt twice, or an upload that never lasts, stop that."""
    now = shared.clock.now()
    spoilt = outcome.note.trouble is Trouble.DIGEST
    if spoilt and item.last_note is not None and item.last_note.trouble is Trouble.DIGEST:
        shared.depot.outbox.park(item.key, outcome.note, at=now)
    elif shared.depot.outbox.start_over(item.key, at=now) > MAX_RESTARTS:
        _burn(shared, item, outcome)
    elif spoilt:
        _wait(shared, item, outcome, timedelta())  # only to be remembered in the row
    return Did()


def _burn(shared: Shared, item: OutboxItem, outcome: Later) -> None:
    """The item itself failed: longer and longer waits, then a person must look."""
    server_error = outcome.note.trouble is Trouble.SERVER_ERROR
    shared.server_failing = shared.server_failing or server_error
    wait = item_wait(item.attempts + 1, outcome.floor_s)
    attempts = _wait(shared, item, outcome, wait, burns=True)
    if attempts >= PARK_AFTER and not (server_error and _nothing_settled_since(shared, item)):
        shared.depot.outbox.park(item.key, outcome.note, at=shared.clock.now())


def _nothing_settled_since(shared: Shared, item: OutboxItem) -> bool:
    """Central fails for all, however long that lasts: then no packet is to blame."""
    return item.last_tried_at is None or shared.settled_at is None or shared.settled_at < item.last_tried_at


def _wait(shared: Shared, item: OutboxItem, outcome: Later, wait: timedelta, *, burns: bool = False) -> int:
    now = shared.clock.now()
    return shared.depot.outbox.postpone(item.key, outcome.note, until=now + wait, at=now, burns=burns)


def park_bug(shared: Shared, item: OutboxItem, detail: str) -> None:
    """Our own mistake met this packet: keep it, show it, go on with the others."""
    note = Note(Trouble.OUR_BUG, detail=detail[:200])
    shared.depot.technical_log.add(at=shared.clock.now(), lane="engine", key=item.key, note=note)
    shared.depot.outbox.park(item.key, note, at=shared.clock.now())
