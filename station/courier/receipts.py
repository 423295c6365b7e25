"""Receipts on their way home: taken when central signed them, handed on when they are another station's.

With them go refusals, and the changes of central's keys by which others learn to believe them.

A receipt that came by stick or neighbour is weighed exactly as one from the wire; what does not verify is no receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import ValidationError

from station.domain.delivery import OutboxItem, Stage
from station.domain.errors import StoreError, TrustError
from station.domain.ids import new_record_id
from station.domain.outcome import Accepted
from station.domain.ports import Clock, SystemClock
from station.domain.record import RecordKey
from station.seal import stick
from station.seal.courier import Kind, bundle_name
from station.seal.homebound import homebound, prove_homebound, write_homebound
from station.seal.jws import verify
from station.seal.receipts import check_receipt
from station.store.courier_book import Journey, Way
from station.store.depot import Depot
from station.wire import Receipt


class Taken(StrEnum):
    """What became of a receipt, or of a refusal."""

    HOME = "home"  # of this station, and settled (or stopped) by it
    CARRIED = "carried"  # of a packet that is carried here: kept, to be handed on
    PASSING = "passing"  # of another station's packet that never was here: kept, to be handed on
    KNOWN = "known"
    UNKNOWN = "unknown"  # of this station, which knows nothing of such a packet
    REFUSED = "refused"  # not central's word about this packet


@dataclass(frozen=True)
class ReceiptsExported:
    """A receipt bundle on a stick."""

    path: Path
    bundle_id: str
    receipts: int
    refusals: int = 0


def take_receipt(depot: Depot, key: RecordKey, token: str, *, at: datetime) -> Taken:
    """Weigh a receipt that somebody brought for `key`, and keep it where it belongs. Doing it twice is harmless."""
    enrolment, _ = depot.enrolled()
    try:
        receipt = _said(depot, token)
    except TrustError:
        return Taken.REFUSED
    if (receipt.record_id, receipt.revision) != (key.record_id, key.revision):
        return Taken.REFUSED
    item = depot.outbox.get(key)
    if item is not None:
        return _settle(depot, item, token)
    if receipt.origin == enrolment.station_id:
        return Taken.UNKNOWN
    return Taken.PASSING if depot.courier.pass_on(key, receipt.origin, token, at=at) else Taken.KNOWN


def receipts_for(depot: Depot, station_id: str) -> tuple[tuple[RecordKey, str], ...]:
    """Key and receipt of everything of `station_id` that has not gone home yet: for a neighbour that asks."""
    return (*depot.carried.receipts_for(station_id), *depot.courier.passing(station_id=station_id))


def mark_returned(depot: Depot, keys: list[RecordKey], at: datetime) -> None:
    """These were handed to their station, or put on a stick for it."""
    depot.carried.mark_returned(keys, at)
    depot.courier.mark_passed(keys, at)


def export_receipts(depot: Depot, folder: Path, *, again: bool = False, clock: Clock | None = None) -> ReceiptsExported:
    """Write the receipts of other stations into `folder`; with `again` also those that went on a stick before.

    Refusals go with them. StoreError `courier.no_receipts`, `stick.*`.
    """
    enrolment, _ = depot.enrolled()
    receipts = (*depot.carried.receipts(again=again), *depot.courier.passing(again=again))
    going = homebound(receipts, depot.courier.passing(again=again, refusals=True), enrolment.key_changes)
    if not going:
        raise StoreError("courier.no_receipts")
    stick.clear_old_parts(folder)
    stick.check_room(folder, going.size)
    now = (clock or SystemClock()).now()
    bundle_id = new_record_id(now)
    path = folder / bundle_name(enrolment.office, bundle_id, Kind.RECEIPTS)
    stick.put(path, lambda file: write_homebound(file, going), lambda file: prove_homebound(file, going))
    mark_returned(depot, [key for key, _ in going.receipts], now)
    depot.courier.mark_passed([key for key, _ in going.refusals], now)
    words = len(going.receipts) + len(going.refusals)
    depot.courier.note(Journey(now, Way.OUT, bundle_id, enrolment.station_id, receipts=words))
    return ReceiptsExported(path, bundle_id, len(going.receipts), len(going.refusals))


def _said(depot: Depot, token: str) -> Receipt:
    """What central says in `token`; TrustError when it is not central that says it."""
    enrolment, _ = depot.enrolled()
    payload = verify(token, enrolment.receipt_keys).payload
    try:
        receipt = Receipt.model_validate(payload)
    except ValidationError as problem:
        raise TrustError("receipt.unreadable") from problem
    if receipt.central_id != enrolment.central_id:
        raise TrustError("receipt.other_central")
    return receipt


def _settle(depot: Depot, item: OutboxItem, token: str) -> Taken:
    enrolment, _ = depot.enrolled()
    try:
        receipt = check_receipt(
            token,
            enrolment.receipt_keys,
            record=item.key,
            sha256=item.sha256,
            size=item.size,
            central_id=enrolment.central_id,
        )
    except TrustError:
        return Taken.REFUSED
    decided = item.stage in (Stage.REJECTED, Stage.REPLACED, Stage.VOID)  # then a receipt is only kept beside it
    if item.stage is Stage.RECEIPTED or (decided and item.receipt is not None):
        return Taken.KNOWN
    depot.outbox.settle(item.key, Accepted(token, receipt.receipt_no, receipt.received_at))
    if item.carried:
        depot.courier.forget_refusal(item.key)
    return Taken.CARRIED if item.carried else Taken.HOME
