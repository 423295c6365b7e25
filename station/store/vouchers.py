"""Colleagues' words that were given and not used yet. One is used by deleting it, in the transaction it is used for."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from station.domain.biometrics import ExceptionCode, Part
from station.domain.consent import Consent
from station.domain.letter import VoidCause
from station.domain.recapture import KnownBy
from station.store.tables import voucher

Cause = ExceptionCode | KnownBy | VoidCause | Consent
"""Why a part cannot be captured; that somebody who came again was known by a document; that a packet is given up; or
another decision that needs a second officer."""


@dataclass(frozen=True)
class Word:
    """What a colleague has said yes to. `expires_s` is of the monotonic clock of this run of the program."""

    operator_id: str
    asked_by: str
    record_id: str
    parts: frozenset[Part]
    code: Cause
    expires_s: float


def give(connection: Connection, token: str, word: Word) -> None:
    """Keep a word under its token."""
    values = {
        "operator_id": word.operator_id,
        "asked_by": word.asked_by,
        "record_id": word.record_id,
        "parts": json.dumps(sorted(part.value for part in word.parts)),
        "code": word.code.value,
        "expires_s": word.expires_s,
    }
    connection.execute(insert(voucher).values(token=token, **values))


def take(connection: Connection, token: str) -> Word | None:
    """The word under `token`, which is used with this; None when there is none (any more)."""
    row = connection.execute(select(voucher).where(voucher.c.token == token)).first()
    if row is None:
        return None
    connection.execute(delete(voucher).where(voucher.c.token == token))
    parts = frozenset(Part(part) for part in json.loads(row.parts))
    others: dict[str, Cause] = {cause.value: cause for causes in (KnownBy, VoidCause, Consent) for cause in causes}
    code = others.get(row.code) or ExceptionCode(row.code)
    return Word(row.operator_id, row.asked_by, row.record_id, parts, code, row.expires_s)


def clear(connection: Connection) -> None:
    """No word outlives the sign-in it was given under."""
    connection.execute(delete(voucher))


def tokens(connection: Connection) -> Collection[str]:
    """Those that were not used yet."""
    return tuple(connection.execute(select(voucher.c.token)).scalars())
