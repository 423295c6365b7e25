"""The officers of this station: who may sign in, who vouches for a colleague's decision, and their own fingers.

A voucher is a colleague's password given for one record: it lasts minutes and is used once. It must not know what it is
used for.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from station.desk import signin
from station.desk.enrolment import Colleague, check_password_length, new_holder
from station.desk.office import Office, Operator
from station.domain.biometrics import Capture, Part
from station.domain.errors import AccessError, RuleError
from station.store import audit, known_prints
from station.store.keyring import load_keyring, save_keyring

OPERATOR = "operator"
SUPERVISOR = "supervisor"
ROLES = (OPERATOR, SUPERVISOR)
MAX_NAME = 60
VOUCHER_S = 300.0
"""So long a colleague's word counts: enough to take the photo and write the reason."""


@dataclass(frozen=True)
class Voucher:
    """A colleague's word for one record. `expires_s` is of the monotonic clock."""

    token: str
    operator: Operator
    record_id: str
    expires_s: float


def others(office: Office) -> tuple[Operator, ...]:
    """The colleagues who may vouch: everybody but who is signed in."""
    return tuple(item for item in signin.operators(office.depot) if item.operator_id != office.operator.operator_id)


def vouch(office: Office, operator_id: str, password: str, record_id: str) -> Voucher:
    """A colleague's voucher for one record.

    AccessError `officer.self`, and those of signing in: mistyped passwords count and make wait in the same way.
    """
    operator = next((item for item in others(office) if item.operator_id == operator_id), None)
    if operator is None:
        raise AccessError("officer.self")
    signin.check_password(office.depot, operator_id, password, office.clock)
    voucher = Voucher(secrets.token_hex(16), operator, record_id, office.clock.monotonic() + VOUCHER_S)
    office.vouchers.add(voucher.token)
    return voucher


def check_voucher(office: Office, voucher: Voucher, record_id: str) -> None:
    """AccessError `officer.voucher` unless it is of this station, for this record, fresh and unused."""
    good = voucher.token in office.vouchers and voucher.record_id == record_id
    if not good or office.clock.monotonic() > voucher.expires_s:
        raise AccessError("officer.voucher")


def spend(office: Office, voucher: Voucher) -> None:
    """It has been used."""
    office.vouchers.discard(voucher.token)


def add(office: Office, own_password: str, name: str, role: str, password: str) -> Operator:
    """Let another person work here, under a password of their own; the database is opened by it from now on.

    RuleError `field.required`, `officer.name_taken`, `officer.role`, `password.too_short`; AccessError as at sign-in
    when it is not the own password.
    """
    name = " ".join(name.split())[:MAX_NAME]
    _check_new(office, name, role, password)
    own, key = signin.open_key(office.depot, office.operator.operator_id, own_password, office.now())
    holder = new_holder(Colleague(name, role, password), key, own.wrapped.cost)
    path = office.depot.folder.keyring
    with office.applicants.write() as connection:
        audit.append(
            connection,
            at=office.now(),
            operator_id=office.operator.operator_id,
            action="officer_add",
            added=holder.operator_id,
            role=role,
        )
        save_keyring(path, load_keyring(path).with_holder(holder))
    return Operator(holder.operator_id, name, role)


def keep_prints(office: Office, captures: Sequence[Capture]) -> tuple[Part, ...]:
    """Keep minutiae of the own fingers, so that none of them is ever taken for an applicant's; which are known now.

    RuleError `officer.no_prints` when no finger is among `captures`, `capture.simulated` as for anybody.
    """
    templates = {item.part: item.template for item in captures if item.template}
    if not templates:
        raise RuleError("officer.no_prints")
    check_genuine(office, captures)
    owner = known_prints.operator(office.operator.operator_id)
    with office.applicants.write() as connection:
        known = {**known_prints.all_of(connection).get(owner, {}), **templates}
        known_prints.replace(connection, owner, known, office.now())
        audit.append(
            connection,
            at=office.now(),
            operator_id=office.operator.operator_id,
            action="officer_prints",
            fingers=len(known),
        )
    return tuple(sorted(known))


def prints_kept(office: Office) -> tuple[Part, ...]:
    """Which of the own fingers are known here."""
    with office.applicants.read() as connection:
        known = known_prints.all_of(connection).get(known_prints.operator(office.operator.operator_id), {})
    return tuple(sorted(known))


def check_genuine(office: Office, captures: Sequence[Capture]) -> None:
    """RuleError `capture.simulated` when a drawn person would be taken for a real one."""
    if not office.station.training and any(item.device.simulated for item in captures):
        raise RuleError("capture.simulated")


def _check_new(office: Office, name: str, role: str, password: str) -> None:
    if not name:
        raise RuleError("field.required", field="name")
    if name.casefold() in {item.name.casefold() for item in signin.operators(office.depot)}:
        raise RuleError("officer.name_taken", field="name")
    if role not in ROLES:
        raise RuleError("officer.role", field="role")
    check_password_length(password)
