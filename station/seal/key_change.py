"""A change of central's keys: central's signed word, by a key from before, about whom to believe from now on.

Who was away meanwhile follows the whole chain of changes. Must not know how a station keeps its keys.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, verify
from station.wire import PublicKey, SignedKeys

EVERY_STATION = "*"
MAX_TOKEN = 16 * 1024
"""A handful of keys; what is longer is not looked at."""


def sign_key_change(key: SigningKey, change: SignedKeys) -> str:
    """The signed form of `change`; `key` is one that stations believe already."""
    return key.sign(change.model_dump(mode="json"), typ="keys+jwt")


def check_key_change(token: object, keys: Iterable[PublicKey], *, station_id: str, central_id: str) -> SignedKeys:
    """The change in `token`, when one of `keys` signed it and it is meant for this station.

    TrustError: `keys.unreadable`, `keys.signature`, `keys.other_central`, `keys.other_station`.
    """
    if not isinstance(token, str) or len(token) > MAX_TOKEN:
        raise TrustError("keys.unreadable")
    try:
        payload = verify(token, keys).payload
    except TrustError as problem:
        raise TrustError("keys.signature") from problem
    try:
        change = SignedKeys.model_validate(payload)
    except ValidationError as problem:
        raise TrustError("keys.unreadable") from problem
    if change.central_id != central_id:
        raise TrustError("keys.other_central")
    if change.audience not in (EVERY_STATION, station_id):
        raise TrustError("keys.other_station")
    return change
