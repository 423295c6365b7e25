"""The order to wipe a lost station: central's signed word, for this station and no other, carried out once.

Must not know what is wiped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import ValidationError

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, verify
from station.wire import PublicKey, SignedWipe

MAX_TOKEN = 4096


def sign_wipe(key: SigningKey, order: SignedWipe) -> str:
    """The signed form of `order`."""
    return key.sign(order.model_dump(mode="json"), typ="wipe+jwt")


def check_wipe(
    token: object, keys: Iterable[PublicKey], *, station_id: str, central_id: str, now: datetime
) -> SignedWipe:
    """The order in `token`, when one of `keys` signed it, for this station, and its time is not over.

    TrustError `wipe.unreadable`, `wipe.signature`, `wipe.other_central`, `wipe.other_station`, `wipe.expired`.
    """
    if not isinstance(token, str) or len(token) > MAX_TOKEN:
        raise TrustError("wipe.unreadable")
    try:
        payload = verify(token, keys).payload
    except TrustError as problem:
        raise TrustError("wipe.signature") from problem
    try:
        order = SignedWipe.model_validate(payload)
    except ValidationError as problem:
        raise TrustError("wipe.unreadable") from problem
    if order.central_id != central_id:
        raise TrustError("wipe.other_central")
    if order.station_id != station_id:
        raise TrustError("wipe.other_station")
    if now >= order.expires_at:
        raise TrustError("wipe.expired")
    return order
