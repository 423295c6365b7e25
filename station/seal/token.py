"""Bearer tokens: who is asking, signed anew for every request and good for minutes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, verify
from station.wire import PublicKey

LIFETIME_S = 120
MAX_LIFETIME_S = 300
MAX_SKEW_S = 120


def make_token(key: SigningKey, *, central_id: str, now: datetime) -> str:
    """A token of station `key.kid` for central, valid from `now` (already corrected by central's clock)."""
    issued = int(now.timestamp())
    return key.sign(
        {"iss": key.kid, "aud": central_id, "iat": issued, "exp": issued + LIFETIME_S, "jti": secrets.token_hex(8)}
    )


def check_token(token: str, keys: Iterable[PublicKey], *, central_id: str, now: datetime) -> str:
    """The station id that signed `token`. TrustError `token.signature`, `token.clock` or `token.audience`."""
    try:
        verified = verify(token, keys)
    except TrustError as problem:
        raise TrustError("token.signature") from problem
    claims = verified.payload
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(expires, int) or not 0 < expires - issued <= MAX_LIFETIME_S:
        raise TrustError("token.signature")
    if claims.get("aud") != central_id or claims.get("iss") != verified.kid:
        raise TrustError("token.audience")
    moment = now.timestamp()
    if not issued - MAX_SKEW_S <= moment <= expires + MAX_SKEW_S:
        raise TrustError("token.clock", off_s=issued - int(moment))
    return verified.kid
