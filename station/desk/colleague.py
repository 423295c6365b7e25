"""Somebody who gets a password of this station: what is asked of it, and how it opens the database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from station.domain.errors import RuleError
from station.seal.key_chain import name_of
from station.seal.vault import Argon2Cost, wrap
from station.store.keyring import KeyHolder

SHORTEST_PASSWORD = 8


@dataclass(frozen=True)
class Colleague:
    """Somebody who may sign in from the first day."""

    name: str
    role: str
    password: str


def check_password_length(password: str) -> None:
    """RuleError `password.too_short`."""
    if len(password) < SHORTEST_PASSWORD:
        raise RuleError("password.too_short", field="password", limit=SHORTEST_PASSWORD)


def new_holder(who: Colleague, key: bytes, cost: Argon2Cost | None, operator_id: str = "") -> KeyHolder:
    """The database key under somebody's password, for the keyring; `operator_id` of somebody who has one already."""
    operator_id = operator_id or f"op-{uuid.uuid4().hex[:12]}"
    return KeyHolder(
        operator_id=operator_id,
        name=" ".join(who.name.split()),
        role=who.role,
        wrapped=wrap(key, who.password, label=operator_id, cost=cost),
        key=name_of(key),
    )
