"""Receipts come home: what a neighbour brings is weighed as the courier weighs it, and only for packets of our own."""

from __future__ import annotations

from datetime import datetime

from station.courier.receipts import Taken, take_receipt
from station.domain.record import RecordKey
from station.log import get_logger
from station.store.depot import Depot

log = get_logger(__name__)


def take_home(depot: Depot, key: RecordKey, token: str, *, at: datetime) -> bool:
    """True when our packet `key` is settled now; False when it is not ours or central did not sign this for it."""
    item = depot.outbox.get(key)
    if item is None or item.carried:
        return False
    taken = take_receipt(depot, key, token, at=at)
    if taken not in (Taken.HOME, Taken.KNOWN):
        log.warning("a neighbour brought a receipt for %s that is not good: %s", key, taken.value)
        return False
    return True
