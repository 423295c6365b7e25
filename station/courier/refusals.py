"""Refusals on their way home: the origin has it repaired, as if the wire had brought it; who carries hands it on.

A refusal counts for exactly the file that it names, and never against a receipt.
"""

from __future__ import annotations

from datetime import datetime

from station.courier.receipts import Taken
from station.domain.errors import TrustError
from station.domain.outcome import Reason
from station.domain.record import RecordKey
from station.seal.refusals import SignedRefusal, check_refusal
from station.store.depot import Depot


def take_refusal(depot: Depot, key: RecordKey, token: str, *, at: datetime) -> Taken:
    """Weigh a refusal that somebody brought for `key`, and keep it where it belongs. Twice is harmless."""
    enrolment, _ = depot.enrolled()
    try:
        refusal = check_refusal(token, enrolment.receipt_keys, record=key, central_id=enrolment.central_id)
    except TrustError:
        return Taken.REFUSED
    item = depot.outbox.get(key)
    own = refusal.origin == enrolment.station_id
    if item is not None and (item.origin, item.sha256) != (refusal.origin, refusal.sha256):
        return Taken.UNKNOWN  # of another file under the same key, which nobody has here
    if item is None:
        if own:
            return Taken.UNKNOWN
        return Taken.PASSING if depot.courier.pass_refusal(key, refusal.origin, token, at=at) else Taken.KNOWN
    if item.carried and item.receipt is None:
        kept = depot.courier.pass_refusal(key, refusal.origin, token, at=at)
        depot.courier.refuse(key, _reasons(refusal), at=at)
        return Taken.CARRIED if kept else Taken.KNOWN
    return Taken.HOME if own and depot.courier.refuse(key, _reasons(refusal), at=at) else Taken.KNOWN


def _reasons(refusal: SignedRefusal) -> tuple[Reason, ...]:
    return tuple(Reason(item.code, item.field, item.detail) for item in refusal.reasons)
