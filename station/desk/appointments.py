"""What becomes of the officers of this station: another role, a last day, an end at once. Each is audited.

Nobody decides about themselves, nor about anybody whose role they could not give; and somebody stays who lets others
in. Must not know how anybody is let in.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from station.desk import moments, signin, staff
from station.desk.office import Office
from station.desk.officers import check_day, roles_to_give
from station.domain.appointment import end_of, is_over, last_day, leads
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.role import Role
from station.store import audit
from station.store import officers as kept
from station.store.database import Connection
from station.store.keyring import load_keyring
from station.store.officers import Officer


@dataclass(frozen=True)
class Appointment:
    """One officer as the list shows them. `mine`: whoever is signed in may decide about them."""

    operator_id: str
    name: str
    role: str
    last_day: date | None
    over: bool
    ended_at: datetime | None
    signed_in_at: datetime | None
    finger: bool
    mine: bool


def listed(office: Office) -> tuple[Appointment, ...]:
    """Everybody who was let in: those who may work here first, in the order of signing in; then those who have left."""
    office.require(Permission.ENTER_OFFICER)
    names = {item.operator_id: item.name for item in signin.operators(office.depot)}
    gives, me = roles_to_give(office), office.operator.operator_id
    with office.applicants.read() as connection:
        latest = moments.latest(connection, office.depot.clocks, office.now())
        everybody = kept.all_of(connection)
    order = list(names)
    found = [
        Appointment(
            operator_id=key,
            name=names.get(key, item.name),
            role=item.role,
            last_day=last_day(item.until) if item.until else None,
            over=is_over(item.until, latest),
            ended_at=item.ended_at,
            signed_in_at=item.signed_in_at,
            finger=item.finger,
            mine=key != me and item.ended_at is None and item.role in gives,
        )
        for key, item in everybody.items()
    ]
    return tuple(
        sorted(found, key=lambda item: order.index(item.operator_id) if item.operator_id in names else len(order))
    )


def change_role(office: Office, operator_id: str, role: str) -> None:
    """Another role from their next sign-in on. RuleError `officer.role_above`, `officer.last`, and as of `end_now`."""
    office.require(Permission.ENTER_OFFICER)
    gives = roles_to_give(office)
    if role not in gives:
        raise RuleError("officer.role_above", field="role")
    with office.applicants.write() as connection:
        before = _decided_upon(office, connection, operator_id, gives)
        kept.change(connection, replace(before, role=Role(role).value))
        _check_led(office, connection, before)
        _note(office, connection, "officer_role", operator_id, role=role, before=before.role)
        everybody = kept.all_of(connection)
    staff.correct_keyring(office.depot.folder.keyring, everybody)


def set_last_day(office: Office, operator_id: str, day: date | None) -> None:
    """Their rights are over after this local day; None: without end. RuleError `officer.day_past`, and as of `end_now`.

    Whoever sets it says what day it is today: a clock that once ran ahead counts no more from here on, unless something
    was done here while it did.
    """
    office.require(Permission.ENTER_OFFICER)
    check_day(office, day)
    gives = roles_to_give(office)
    with office.applicants.write() as connection:
        before = _decided_upon(office, connection, operator_id, gives)
        moments.begin_again(connection, office.depot.clocks, office.now())
        kept.change(connection, replace(before, until=end_of(day) if day else None))
        _check_led(office, connection, before)
        _note(office, connection, "officer_until", operator_id, day=day.isoformat() if day else "")


def end_now(office: Office, operator_id: str) -> None:
    """They may not work here any more, and their key is gone from the keyring: letting them in again takes a new one.

    RuleError `officer.gone`, `officer.own`, `officer.role_above`, `officer.last`.
    """
    office.require(Permission.ENTER_OFFICER)
    gives = roles_to_give(office)
    holder = load_keyring(office.depot.folder.keyring).holder(operator_id)
    with office.applicants.write() as connection:
        before = _decided_upon(office, connection, operator_id, gives)
        kept.change(connection, replace(before, ended_at=office.now(), name=holder.name if holder else ""))
        _check_led(office, connection, before)
        _note(office, connection, "officer_end", operator_id)
        everybody = kept.all_of(connection)
    # After it is kept: a power cut in between is put right at the next sign-in.
    staff.correct_keyring(office.depot.folder.keyring, everybody)


def _decided_upon(office: Office, connection: Connection, operator_id: str, gives: Collection[Role]) -> Officer:
    """The officer as they are, when whoever is signed in may decide about them."""
    if operator_id == office.operator.operator_id:
        raise RuleError("officer.own")
    found = kept.all_of(connection).get(operator_id)
    if found is None or found.ended_at is not None:
        raise RuleError("officer.gone")
    if found.role not in gives:
        raise RuleError("officer.role_above", field="role")
    return found


def _check_led(office: Office, connection: Connection, before: Officer) -> None:
    """RuleError `officer.last` unless somebody without a last day still lets others in, and, was it an admin, an admin.

    Inside the transaction that has changed it already: it is taken back with everything else.
    """
    latest = moments.latest(connection, office.depot.clocks, office.now())
    staying = [item for item in staff.here(connection, latest).values() if item.until is None]
    led = any(leads(item.role) for item in staying)
    administered = before.role != Role.ADMIN or any(item.role == Role.ADMIN for item in staying)
    if not (led and administered):
        raise RuleError("officer.last")


def _note(office: Office, connection: Connection, action: str, operator_id: str, **detail: Any) -> None:
    me = office.operator.operator_id
    audit.append(connection, at=office.now(), operator_id=me, action=action, officer=operator_id, **detail)
