"""The finger after the password: asked for where that was chosen, compared with the officer's own kept minutiae.

Where there is no scanner, no kept finger, or no match, a supervisor stands in with their password; where nobody could,
the finger is not asked for, so that no choice made here ever locks an office out. Must not know how a finger is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from station.desk import moments, prints, signin, staff
from station.desk.office import Office, Operator
from station.desk.officers import check_genuine
from station.domain.biometrics import Capture, Part
from station.domain.errors import AccessError, RuleError
from station.domain.permission import Permission
from station.domain.verification import MATCH_THRESHOLD, fingers_to_verify
from station.store import audit, known_prints
from station.store import officers as kept
from station.store.database import Connection
from station.store.settings import FINGER_OF_ALL, put_setting, read_setting


@dataclass(frozen=True)
class Asked:
    """What whoever is signing in has to show: one of `fingers` (empty: none is known), or one of `stand_ins`."""

    fingers: tuple[Part, ...]
    stand_ins: tuple[Operator, ...]

    @property
    def finger(self) -> Part | None:
        """The one to place, an index finger where it is known."""
        return next(iter(fingers_to_verify(self.fingers)), None)


def asked(office: Office) -> Asked | None:
    """What is asked for besides the password; None when nothing is."""
    me = office.operator.operator_id
    with office.applicants.read() as connection:
        if not staff.asks_finger(connection, me, moments.latest(connection, office.depot.clocks, office.now())):
            return None
        fingers = known_prints.all_of(connection).get(known_prints.operator(me), {})
        return Asked(tuple(sorted(fingers)), _stand_ins(office, connection))


def prove(office: Office, captures: Sequence[Capture]) -> None:
    """A finger was captured: AccessError `factor.no_match` unless it is one of the officer's own.

    RuleError `verify.no_minutiae` when nothing can be read from it, `capture.simulated` as for anybody; DeviceError.
    """
    check_genuine(office, captures)
    shown = [item.template for item in captures if item.template]
    if not shown:
        raise RuleError("verify.no_minutiae")
    me = office.operator.operator_id
    with office.applicants.read() as connection:
        own = known_prints.all_of(connection).get(known_prints.operator(me), {})
    best = max((score for row in prints.scores(office, shown, tuple(own.values())) for score in row), default=0)
    if best < MATCH_THRESHOLD:
        _note(office, "factor_refused")
        raise AccessError("factor.no_match")
    _note(office, "factor_finger", score=best)
    office.unproved = False


def stand_in(office: Office, operator_id: str, password: str) -> None:
    """A supervisor answers for who is signing in. AccessError `factor.stand_in`, and as of signing in."""
    with office.applicants.read() as connection:
        known = {item.operator_id for item in _stand_ins(office, connection)}
    if operator_id not in known:
        raise AccessError("factor.stand_in")
    signin.check_password(office.depot, operator_id, password, office.clock)
    _note(office, "factor_stand_in", by=operator_id)
    office.unproved = False


def of_all(office: Office) -> bool:
    """Whether every officer of this station is asked for a finger."""
    with office.applicants.read() as connection:
        return bool(read_setting(connection, FINGER_OF_ALL))


def ask_all(office: Office, on: bool) -> None:
    """From the next sign-in on every officer is asked, or only those for whom it was chosen."""
    office.require(Permission.ENTER_OFFICER)
    with office.applicants.write() as connection:
        put_setting(connection, FINGER_OF_ALL, on)
        _append(office, connection, "factor_of_all", on=on)


def ask_one(office: Office, operator_id: str, on: bool) -> None:
    """From their next sign-in on this officer is asked, or no more. RuleError `officer.gone`."""
    office.require(Permission.ENTER_OFFICER)
    with office.applicants.write() as connection:
        officer = kept.all_of(connection).get(operator_id)
        if officer is None or officer.ended_at is not None:
            raise RuleError("officer.gone")
        kept.change(connection, replace(officer, finger=on))
        _append(office, connection, "factor_of_one", officer=operator_id, on=on)


def _stand_ins(office: Office, connection: Connection) -> tuple[Operator, ...]:
    """Others who let people in, and may work here today."""
    latest = moments.latest(connection, office.depot.clocks, office.now())
    found = staff.stand_ins(connection, office.operator.operator_id, latest)
    return tuple(item for item in signin.operators(office.depot) if item.operator_id in found)


def _note(office: Office, action: str, **detail: Any) -> None:
    with office.applicants.write() as connection:
        _append(office, connection, action, **detail)


def _append(office: Office, connection: Connection, action: str, **detail: Any) -> None:
    audit.append(connection, at=office.now(), operator_id=office.operator.operator_id, action=action, **detail)
