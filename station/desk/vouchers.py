"""A colleague's word for one decision: for these parts, this cause and the officer who asked; for minutes, and once.

Must not know how an exception is kept, nor how somebody who came again is recorded.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace

from station.desk import officers, signin
from station.desk.office import Office, Operator
from station.domain.biometrics import Part
from station.domain.errors import AccessError
from station.store import officers as kept
from station.store import vouchers
from station.store.database import Connection
from station.store.officers import UNKNOWN
from station.store.vouchers import Cause, Word

VOUCHER_S = 300.0
"""So long a colleague's word counts: enough to keep what it was given for."""


@dataclass(frozen=True)
class Voucher:
    """A colleague's word. What it was given for is kept by the station, not by who carries this."""

    token: str
    operator: Operator


@dataclass(frozen=True)
class Approvers:
    """Who may stand for a decision, and what helps where nobody may."""

    officers: tuple[Operator, ...]
    takers: tuple[Operator, ...] = ()
    """Officers for whom somebody may stand: one of them looks at it and takes it over."""
    add: bool = False
    """Letting another officer in would help."""
    own: bool = True
    """The decision is of who is signed in."""
    take_over: bool = False
    """Who is signed in may take it over."""


def approvers(office: Office, asked_by: str = "") -> Approvers:
    """Who may stand for a decision of `asked_by` (who is signed in), and the way out where that is nobody."""
    me = office.operator.operator_id
    asked_by = asked_by or me
    found = may_vouch(office, asked_by)
    if found:
        return Approvers(found)
    others = [item for item in signin.operators(office.depot) if item.operator_id != asked_by]
    takers = tuple(item for item in others if may_vouch(office, item.operator_id))
    led = any(item.operator_id != asked_by for item in officers.supervisors(office))
    return Approvers(
        (),
        takers,
        add=led or not takers,  # whom the only supervisor lets in cannot stand for them either
        own=asked_by == me,
        take_over=me in {item.operator_id for item in takers},
    )


def may_vouch(office: Office, asked_by: str = "") -> tuple[Operator, ...]:
    """Who may stand for a decision of `asked_by` (who is signed in): neither they themselves, nor whom they let in."""
    asked_by = asked_by or office.operator.operator_id
    with office.applicants.read() as connection:
        known = kept.all_of(connection)
    let_in = {item.operator_id: item.added_by for item in known.values()}
    refused = (asked_by, UNKNOWN)
    return tuple(
        item
        for item in signin.operators(office.depot)
        if item.operator_id != asked_by and let_in.get(item.operator_id, UNKNOWN) not in refused
    )


def vouch(
    office: Office,
    operator_id: str,
    password: str,
    record_id: str,
    parts: Collection[Part],
    code: Cause,
    asked_by: str = "",
) -> Voucher:
    """The word of a colleague, who types their password.

    AccessError `officer.self`, `officer.let_in`, and those of signing in: mistyped passwords count and make wait in
    the same way.
    """
    asked_by = asked_by or office.operator.operator_id
    if operator_id == asked_by:
        raise AccessError("officer.self")
    operator = next((item for item in may_vouch(office, asked_by) if item.operator_id == operator_id), None)
    if operator is None:
        here = any(item.operator_id == operator_id for item in signin.operators(office.depot))
        raise AccessError("officer.let_in" if here else "officer.self")
    signin.check_password(office.depot, operator_id, password, office.clock)
    voucher = Voucher(secrets.token_hex(16), operator)
    expires_s = office.clock.monotonic() + VOUCHER_S
    word = Word(operator_id, asked_by, record_id, frozenset(parts), code, expires_s)
    with office.applicants.write() as connection:
        vouchers.give(connection, voucher.token, word)
    return voucher


def use(
    office: Office,
    connection: Connection,
    voucher: Voucher,
    record_id: str,
    parts: Collection[Part],
    code: Cause,
    asked_by: str,
) -> None:
    """Use the word up inside the transaction it is needed for: what is undone there leaves it unused.

    AccessError `officer.voucher` unless exactly this was vouched for, for this officer, by the colleague it names, not
    long ago.
    """
    word = vouchers.take(connection, voucher.token)
    wanted = Word(voucher.operator.operator_id, asked_by, record_id, frozenset(parts), code, 0.0)
    if word is None or replace(word, expires_s=0.0) != wanted or office.clock.monotonic() > word.expires_s:
        raise AccessError("officer.voucher")
