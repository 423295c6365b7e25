"""Receipts: central's signed word that it has a packet. What does not verify is no answer at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import ValidationError

from station.domain.errors import TrustError
from station.domain.record import RecordKey
from station.seal.jws import SigningKey, verify
from station.wire import PublicKey, Receipt


def issue_receipt(key: SigningKey, receipt: Receipt) -> str:
    """The signed form of `receipt`."""
    return key.sign(receipt.model_dump(mode="json"), typ="receipt+jwt")


def check_receipt(
    token: str, keys: Iterable[PublicKey], *, record: RecordKey, sha256: str, size: int, central_id: str
) -> Receipt:
    """The receipt in `token` when it is signed by central and is about exactly this packet; else TrustError."""
    verified = verify(token, keys)
    try:
        receipt = Receipt.model_validate(verified.payload)
    except ValidationError as problem:
        raise TrustError("receipt.unreadable") from problem
    if (receipt.record_id, receipt.revision) != (record.record_id, record.revision):
        raise TrustError("receipt.other_record")
    if (receipt.sha256, receipt.size) != (sha256, size):
        raise TrustError("receipt.other_hash")
    if receipt.central_id != central_id:
        raise TrustError("receipt.other_central")
    return receipt


def received_at(receipt: Receipt) -> datetime:
    """When central had it on stable storage."""
    return receipt.received_at
