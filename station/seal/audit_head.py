"""The head of an audit trail as its station signed it: who cuts the trail later contradicts a word that is elsewhere.

Must not know where trails and heads are kept.
"""

from __future__ import annotations

from pydantic import ValidationError

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, verify
from station.wire import PublicKey, SignedAuditHead

MAX_TOKEN = 4096


def sign_head(key: SigningKey, head: SignedAuditHead) -> str:
    """The signed form of `head`."""
    return key.sign(head.model_dump(mode="json"), typ="audit-head+jwt")


def check_head(token: object, key: PublicKey, station_id: str) -> SignedAuditHead:
    """The head in `token`, when this station signed it. TrustError `audit.head`."""
    if not isinstance(token, str) or len(token) > MAX_TOKEN:
        raise TrustError("audit.head")
    try:
        found = SignedAuditHead.model_validate(verify(token, [key]).payload)
    except (TrustError, ValidationError) as problem:
        raise TrustError("audit.head") from problem
    if found.station_id != station_id:
        raise TrustError("audit.head")
    return found
