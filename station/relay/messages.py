"""What neighbours say to each other, version 1. Sizes are bounded, unknown members ignored. Knows no HTTP."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from station.relay.bounds import BATCH, RECEIPTS
from station.wire import Jws, ManifestItem, Message, RecordId, RecordName, Revision, Short, Time

CARD, OFFERS = "/relay/v1/card", "/relay/v1/offers"
CARD_HEADER, CIRCLE_HEADER, SHA256_HEADER = "Station-Card", "Relay-Circle", "Packet-Sha256"
PACKETS, RECEIPTS_HERE, RETURNED = "/relay/v1/packets", "/relay/v1/receipts", "/relay/v1/returned"


class Introduction(Message):
    """Who answers here: its card, its circle, and what time it is there."""

    card: Jws
    circle: Short
    time: Time


class Offers(Message):
    """Packets of the one who asks."""

    items: tuple[ManifestItem, ...] = Field(max_length=BATCH)


class Says(StrEnum):
    """What a relay says to one offer."""

    WANT = "want"
    HAVE = "have"
    REFUSE = "refuse"


class OfferAnswer(Message):
    """`have` brings the receipt when there is one already. `problem` is the last word of a problem type."""

    record_id: RecordId
    revision: Revision
    says: Says
    receipt: Jws | None = None
    problem: Short = ""


class OfferAnswers(Message):
    """One answer per offer, same order."""

    items: tuple[OfferAnswer, ...] = Field(max_length=BATCH)


class ReceiptHere(Message):
    """Central's receipt for a packet of the one who asks."""

    record_id: RecordId
    revision: Revision
    receipt: Jws


class ReceiptsHere(Message):
    """Receipts after the packet that was named, in the order of their keys; `more` when these are not all."""

    items: tuple[ReceiptHere, ...] = Field(max_length=RECEIPTS)
    more: bool = False


class Returned(Message):
    """Receipts that have arrived at home and were found good."""

    keys: tuple[RecordName, ...] = Field(max_length=RECEIPTS)
