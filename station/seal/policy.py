"""Policies: central's signed word about what stations accept. One that does not verify changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import ValidationError

from station.domain.errors import TrustError
from station.domain.policy import Policy, policy_from
from station.seal.jws import SigningKey, verify
from station.wire import PublicKey, SignedPolicy, rfc3339

EVERY_STATION = "*"
MAX_TOKEN = 16 * 1024
"""A policy is a handful of figures; what is longer is not looked at."""


def sign_policy(key: SigningKey, policy: Policy, *, central_id: str, issued_at: datetime, audience: str) -> str:
    """The signed form of `policy` for one station or for `EVERY_STATION`."""
    head = {"central_id": central_id, "audience": audience, "issued_at": rfc3339(issued_at)}
    return key.sign({**head, **policy.figures}, typ="policy+jwt")


def check_policy(token: object, keys: Iterable[PublicKey], *, station_id: str, central_id: str) -> Policy:
    """The policy in `token`, when one of `keys` signed it and it is meant for this station.

    TrustError: `policy.unreadable`, `policy.signature`, `policy.other_central`, `policy.other_station`. RuleError
    `policy.bounds`.
    """
    if not isinstance(token, str) or len(token) > MAX_TOKEN:
        raise TrustError("policy.unreadable")
    try:
        payload = verify(token, keys).payload
    except TrustError as problem:
        raise TrustError("policy.signature") from problem
    try:
        said = SignedPolicy.model_validate(payload)
    except ValidationError as problem:
        raise TrustError("policy.unreadable") from problem
    if said.central_id != central_id:
        raise TrustError("policy.other_central")
    if said.audience not in (EVERY_STATION, station_id):
        raise TrustError("policy.other_station")
    return policy_from(payload, said.issued_at)
