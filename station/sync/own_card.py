"""This station's own card among central's news: kept only when central signed it for this very station."""

from __future__ import annotations

from station.domain.errors import TrustError
from station.log import get_logger
from station.seal.card import StationCard, check_card
from station.seal.jws import SigningKey
from station.store.enrolment import Enrolment

KIND = "card"

log = get_logger(__name__)


def with_card(enrolment: Enrolment, token: object, key: SigningKey) -> Enrolment:
    """`enrolment` with the card in `token`, when it verifies, is ours and newer than the one before; else as it was."""
    try:
        card = _ours(enrolment, token, key)
        before = _ours(enrolment, enrolment.card, key) if enrolment.card else None
    except TrustError as problem:
        log.warning("a card from central was not kept: %s", problem.code)
        return enrolment
    if before is not None and card.issued_at <= before.issued_at:
        return enrolment
    return enrolment.model_copy(update={"card": token})


def _ours(enrolment: Enrolment, token: object, key: SigningKey) -> StationCard:
    if not isinstance(token, str):
        raise TrustError("card.unreadable")
    card = check_card(token, enrolment.receipt_keys, enrolment.central_id)
    if (card.station_id, card.public_key.x) != (enrolment.station_id, key.public.x):
        raise TrustError("card.other_station")
    return card
