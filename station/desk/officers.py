"""The officers of this station: letting another one in, and their own fingers.

Must not know what an officer stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from station.desk import moments, signin, staff
from station.desk.colleague import Colleague, check_password_length, new_holder
from station.desk.office import Office, Operator
from station.domain.appointment import end_of, leads, roles_given_by
from station.domain.biometrics import FINGERS, Capture, DeviceInfo, Part
from station.domain.errors import AccessError, RuleError
from station.domain.role import Role
from station.store import audit, known_prints
from station.store import officers as kept
from station.store.keyring import change_keyring
from station.store.officers import UNKNOWN, Officer

MAX_NAME = 60


def supervisors(office: Office) -> tuple[Operator, ...]:
    """Who may let others in; whoever is signed in comes first."""
    leading = {key for key, item in _here(office).items() if leads(item.role)}
    found = [item for item in signin.operators(office.depot) if item.operator_id in leading]
    return tuple(sorted(found, key=lambda item: item.operator_id != office.operator.operator_id))


def roles_to_give(office: Office, by: str = "") -> tuple[Role, ...]:
    """The roles that `by` (who is signed in) may give and take here; none when they let nobody in."""
    here = _here(office)
    giver = here.get(by or office.operator.operator_id)
    admin_here = any(item.role == Role.ADMIN for item in here.values())
    return roles_given_by(giver.role, admin_here=admin_here) if giver else ()


def add(
    office: Office,
    password: str,
    name: str,
    role: str,
    new_password: str,
    *,
    by: str = "",
    last_day: date | None = None,
) -> Operator:
    """Let another person work here, under a password of their own; the database is opened by it from now on.

    Somebody of the keyring of whom nothing here says who let them in, as after an older copy of the database was put
    back, is confirmed by that: they stay who they were. `password` is that of the supervisor `by`, who answers for it:
    the one who is signed in, or another one who types it here. Their rights are over after `last_day`. RuleError
    `field.required`, `officer.name_taken`, `officer.role`, `officer.role_above`, `officer.day_past`,
    `password.too_short`; AccessError `officer.supervisor`, and as at sign-in when it is not their password.
    """
    by = by or office.operator.operator_id
    name = " ".join(name.split())[:MAX_NAME]
    if by not in {item.operator_id for item in supervisors(office)}:
        raise AccessError("officer.supervisor")
    unknown = _unknown(office, name)
    _check_new(office, name, role, new_password, by=by, known=unknown is None)
    check_day(office, last_day)
    name, operator_id = (unknown.name, unknown.operator_id) if unknown else (name, "")
    own, key = signin.open_key(office.depot, by, password, office.now())
    holder = new_holder(Colleague(name, role, new_password), key, own.wrapped.cost, operator_id)
    with office.applicants.write() as connection:
        until = end_of(last_day) if last_day else None
        kept.keep(connection, Officer(holder.operator_id, role, by, until), office.now())
        action = "officer_confirm" if unknown else "officer_add"
        audit.append(connection, at=office.now(), operator_id=by, action=action, added=holder.operator_id, role=role)
    # Only now: somebody of the keyring whom nobody let in would stand for nobody, see `staff.settle`.
    change_keyring(office.depot.folder.keyring, lambda keyring: keyring.with_holder(holder))
    return Operator(holder.operator_id, name, role)


def keep_prints(office: Office, captures: Sequence[Capture]) -> tuple[Part, ...]:
    """Keep minutiae of the own fingers, so that none of them is ever taken for an applicant's; which are known now.

    Those below the floor are left out. RuleError `officer.no_prints` when no finger is among `captures`,
    `officer.weak_prints` when none of them is good enough, `capture.simulated` as for anybody.
    """
    legible = [item for item in captures if item.template]
    if not legible:
        raise RuleError("officer.no_prints")
    check_genuine(office, captures)
    policy = office.policy_now()  # not that of whoever sat here last
    templates = {item.part: item.template for item in legible if policy.good_enough(item.part, item.quality)}
    if not templates:
        raise RuleError("officer.weak_prints")
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


def leave_out_prints(office: Office, parts: Sequence[Part]) -> None:
    """These own fingers are missing on purpose: nobody is reminded of them again."""
    owner = known_prints.operator(office.operator.operator_id)
    with office.applicants.write() as connection:
        known_prints.leave_out(connection, owner, parts, office.now())


def prints_wanted(office: Office) -> tuple[Part, ...]:
    """Which of the own fingers are neither known here nor left out on purpose."""
    owner = known_prints.operator(office.operator.operator_id)
    with office.applicants.read() as connection:
        done = {*known_prints.all_of(connection).get(owner, {}), *known_prints.left_out(connection, owner)}
    return tuple(part for part in FINGERS if part not in done)


def check_genuine(office: Office, captures: Sequence[Capture]) -> None:
    """RuleError `capture.simulated` when a drawn person would be taken for a real one."""
    for item in captures:
        check_device(office, item.device)


def check_device(office: Office, device: DeviceInfo | None) -> None:
    """RuleError `capture.simulated` for what a simulated device has drawn; None came from no device."""
    if device is not None and device.simulated and not office.station.training:
        raise RuleError("capture.simulated")


def _unknown(office: Office, name: str) -> Operator | None:
    """The only operator of this name, when nobody let them in here."""
    with office.applicants.read() as connection:
        unknown = {item.operator_id for item in kept.all_of(connection).values() if item.added_by == UNKNOWN}
    found = [item for item in signin.operators(office.depot) if item.name.casefold() == name.casefold()]
    return found[0] if len(found) == 1 and found[0].operator_id in unknown else None


def check_day(office: Office, last_day: date | None) -> None:
    """RuleError `officer.day_past` for a last day that is over already."""
    if last_day is not None and last_day < office.context.today:
        raise RuleError("officer.day_past", field="last_day")


def _here(office: Office) -> dict[str, Officer]:
    with office.applicants.read() as connection:
        return staff.here(connection, moments.latest(connection, office.depot.clocks, office.now()))


def _check_new(office: Office, name: str, role: str, password: str, *, by: str, known: bool) -> None:
    if not name:
        raise RuleError("field.required", field="name")
    if known and name.casefold() in {item.name.casefold() for item in signin.operators(office.depot)}:
        raise RuleError("officer.name_taken", field="name")
    if role not in list(Role):
        raise RuleError("officer.role", field="role")
    if role not in roles_to_give(office, by):
        raise RuleError("officer.role_above", field="role")
    check_password_length(password)
