"""Station cards: central's signed word about a station's name, office and public key.

A card makes what that station signed trustworthy at every other station of the same central, without a network.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import StringConstraints, ValidationError

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, read_unverified, verify
from station.wire import Message, PublicKey, Short, Time

MAX_TOKEN = 4 * 1024
"""A card is a name and a key; what is longer is not looked at."""


class StationCard(Message):
    """Payload of a card."""

    card: Literal[1] = 1
    station_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
    """Also the name of a file: nothing else may be in it."""
    name: Short
    office: Short
    public_key: PublicKey
    central_id: Short
    issued_at: Time


def sign_card(key: SigningKey, card: StationCard) -> str:
    """The signed form of `card`; `key` is a signing key of central."""
    return key.sign(card.model_dump(mode="json"), typ="card+jwt")


def check_card(token: str, keys: Iterable[PublicKey], central_id: str) -> StationCard:
    """The card in `token`, when one of central's `keys` signed it.

    TrustError: `card.signature`, `card.unreadable`, `card.other_central`.
    """
    if len(token) > MAX_TOKEN:
        raise TrustError("card.unreadable")
    try:
        payload = verify(token, keys).payload
    except TrustError as problem:
        raise TrustError("card.signature") from problem
    card = _card(payload)
    if card.central_id != central_id:
        raise TrustError("card.other_central")
    return card


def read_card(token: str) -> StationCard:
    """The card in `token` without checking who signed it: only to say whose it claims to be. TrustError."""
    if len(token) > MAX_TOKEN:
        raise TrustError("card.unreadable")
    return _card(read_unverified(token))


def _card(payload: object) -> StationCard:
    try:
        card = StationCard.model_validate(payload)
    except ValidationError as problem:
        raise TrustError("card.unreadable") from problem
    if card.public_key.kid not in ("", card.station_id):
        raise TrustError("card.unreadable")
    return card.model_copy(update={"public_key": card.public_key.model_copy(update={"kid": card.station_id})})
