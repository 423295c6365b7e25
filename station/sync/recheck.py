"""Asking central again about every packet on this disk: proof, not memory.

Reads nothing from the outbox: the packet files here and central's signed word are compared, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from station.domain.errors import TrustError
from station.domain.record import RecordKey
from station.seal.packet import sha256_of
from station.seal.receipts import check_receipt
from station.store.depot import Depot
from station.sync.classify import FAILURES
from station.sync.client import CentralClient
from station.wire import ReceiptResponse


@dataclass(frozen=True)
class Proof:
    """A packet on disk and central's receipt for exactly these bytes; '' when there is none that verifies."""

    key: RecordKey
    sha256: str
    size: int
    receipt_no: str


def recheck(depot: Depot, client: CentralClient) -> tuple[Proof, ...]:
    """One proof per packet on disk, oldest first."""
    return tuple(_prove(depot, client, key) for key in depot.packets.all_keys())


def _prove(depot: Depot, client: CentralClient, key: RecordKey) -> Proof:
    enrolment, _ = depot.enrolled()
    data = depot.packets.read(key)
    sha256, size = sha256_of(data), len(data)
    try:
        answer = client.get(f"/v1/receipts/{key.record_id}/{key.revision}")
        token = ReceiptResponse.model_validate_json(answer.body).receipt if answer.status == 200 else ""
        receipt = check_receipt(
            token, enrolment.receipt_keys, record=key, sha256=sha256, size=size, central_id=enrolment.central_id
        )
    except (*FAILURES, ValidationError, TrustError):
        return Proof(key, sha256, size, "")
    return Proof(key, sha256, size, receipt.receipt_no)
