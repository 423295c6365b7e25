"""Refusals that go home by stick: central's signed word that it will not have a packet, and why.

Over the wire the answer itself is the word. A stick has no line to central, so what it brings must be signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field, ValidationError

from station.domain.errors import TrustError
from station.domain.record import RecordKey
from station.seal.jws import SigningKey, verify
from station.wire import Message, PublicKey, RecordId, RefusalReason, Revision, Sha256, Short, Time

MOST_REASONS = 12
MOST_DETAIL = 200
"""Letters of a reason's sentence: all together stay below `MAX_TOKEN`."""
MAX_TOKEN = 16 * 1024


class SignedRefusal(Message):
    """Payload of a signed refusal of the packet with this hash. `at`: when central refused it."""

    refusal: Literal[1]
    record_id: RecordId
    revision: Revision
    origin: Short
    sha256: Sha256
    reasons: tuple[RefusalReason, ...] = Field(min_length=1, max_length=MOST_REASONS)
    at: Time
    central_id: Short

    @property
    def key(self) -> RecordKey:
        return RecordKey(self.record_id, self.revision)


def sign_refusal(key: SigningKey, refusal: SignedRefusal) -> str:
    """The signed form of `refusal`; `key` is a signing key of central."""
    return key.sign(refusal.model_dump(mode="json"), typ="refusal+jwt")


def few_reasons(reasons: Iterable[RefusalReason]) -> tuple[RefusalReason, ...]:
    """The first of `reasons`, with sentences as long as a signed refusal has room for."""
    few = [reason.model_copy(update={"detail": reason.detail[:MOST_DETAIL]}) for reason in reasons]
    return tuple(few[:MOST_REASONS])


def check_refusal(token: str, keys: Iterable[PublicKey], *, record: RecordKey, central_id: str) -> SignedRefusal:
    """The refusal in `token` when central signed it and it is about `record`; else TrustError `refusal.…`."""
    if len(token) > MAX_TOKEN:
        raise TrustError("refusal.unreadable")
    payload = verify(token, keys).payload
    try:
        refusal = SignedRefusal.model_validate(payload)
    except ValidationError as problem:
        raise TrustError("refusal.unreadable") from problem
    if refusal.key != record:
        raise TrustError("refusal.other_record")
    if refusal.central_id != central_id:
        raise TrustError("refusal.other_central")
    return refusal
