"""The claim of a station that was enrolled by a file: which key is its own, said by whoever had the one-time code.

Made once when the file is opened, so the station keeps no secret for it. Must not know how it reaches central.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints, ValidationError

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, read_unverified, verify
from station.wire import Message, PublicKey, Recipient, Short

MAX_TOKEN = 4 * 1024


class Claim(Message):
    """Payload of a claim."""

    claim: Literal[1] = 1
    station_id: Annotated[Short, StringConstraints(min_length=1)]
    central_id: Short
    public_key: PublicKey
    bundle_recipient: Annotated[Recipient, StringConstraints(max_length=200)]


def sign_claim(key: SigningKey, claim: Claim) -> str:
    """The signed form of `claim`; `key` came of the one-time code."""
    return key.sign(claim.model_dump(mode="json"), typ="claim+jwt")


def read_claim(token: str) -> Claim:
    """The claim in `token` without checking who signed it: only to learn whose it says it is. TrustError."""
    if len(token) > MAX_TOKEN:
        raise TrustError("claim.unreadable")
    return _claim(read_unverified(token))


def check_claim(token: str, claiming: PublicKey, central_id: str) -> Claim:
    """The claim in `token`, signed by what came of the code. TrustError `claim.signature`, `claim.unreadable`."""
    try:
        claim = _claim(verify(token, [claiming]).payload)
    except TrustError as problem:
        raise TrustError("claim.signature") from problem
    if claim.central_id != central_id:
        raise TrustError("claim.signature")
    return claim


def _claim(payload: object) -> Claim:
    try:
        return Claim.model_validate(payload)
    except ValidationError as problem:
        raise TrustError("claim.unreadable") from problem
