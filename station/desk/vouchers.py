"""A colleague's word for one decision: for these parts, this cause and the officer who asked; for minutes, and once.

Must not know how an exception is kept, nor how somebody who came again is recorded.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace

from station.desk import moments, officers, signin, staff
from station.desk.office import Office, Operator
from station.domain.biometrics import Part
from station.domain.errors import AccessError
from station.domain.permission import Permission, allows
from station.store import audit, vouchers
from station.store.database import Connection
from station.store.officers import UNKNOWN, Officer
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
    others = [item for item in _recording(office) if item.operator_id != asked_by]
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
    let_in = {
        key: item.added_by for key, item in _here(office).items() if allows(item.role, Permission.APPROVE_EXCEPTION)
    }
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

    AccessError `officer.self`, `officer.let_in`, `officer.password_given`, and those of signing in: mistyped passwords
    count and make wait in the same way.
    """
    asked_by = asked_by or office.operator.operator_id
    if operator_id == asked_by:
        raise AccessError("officer.self")
    operator = next((item for item in may_vouch(office, asked_by) if item.operator_id == operator_id), None)
    if operator is None:
        here = any(item.operator_id == operator_id for item in signin.operators(office.depot))
        raise AccessError("officer.let_in" if here else "officer.self")
    # Still counted among those who may stand: or giving a password would make an officer alone, who asks nobody.
    if _here(office)[operator_id].password_by in (asked_by, office.operator.operator_id, UNKNOWN):
        raise AccessError("officer.password_given")
    signin.check_password(office.depot, operator_id, password, office.clock)
    voucher = Voucher(secrets.token_hex(16), operator)
    expires_s = office.clock.monotonic() + VOUCHER_S
    word = Word(operator_id, asked_by, record_id, frozenset(parts), code, expires_s)
    with office.applicants.write() as connection:
        vouchers.give(connection, voucher.token, word)
        told = {"asked_by": asked_by, "parts": len(parts)}  # not the cause: it may tell of somebody's health
        at = office.now()
        audit.append(connection, at=at, operator_id=operator_id, action="vouch", record_id=record_id or None, **told)
    return voucher


def _here(office: Office) -> dict[str, Officer]:
    with office.applicants.read() as connection:
        return staff.here(connection, moments.latest(connection, office.depot.clocks, office.now()))


def _recording(office: Office) -> tuple[Operator, ...]:
    """Those who record people: who may open a draft and take over what waits in it."""
    here = _here(office)
    found = {key for key, item in here.items() if allows(item.role, Permission.ENTER_BIOMETRICS)}
    return tuple(item for item in signin.operators(office.depot) if item.operator_id in found)


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
