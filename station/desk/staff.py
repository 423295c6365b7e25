"""Who the officers of this station are by right: their role, who let them in, and until when.

The keyring can be read and edited by anybody who may open the folder, so it is believed for names and keys only. Must
not know what a role is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from station.domain.appointment import is_over, last_day, leads
from station.domain.errors import AccessError
from station.domain.role import Role
from station.log import get_logger
from station.store import audit
from station.store import officers as kept
from station.store.database import Connection
from station.store.keyring import KeyHolder, Keyring, change_keyring
from station.store.officers import NOBODY, UNKNOWN, Officer
from station.store.settings import FINGER_OF_ALL, read_setting

RECOVERY = "recovery"
"""Stands in the place of a role in the keyring, for the key on paper: nobody signs in with it."""

log = get_logger(__name__)


def found(connection: Connection, holders: Sequence[KeyHolder], at: datetime) -> None:
    """The officers of the first day: nobody let them in."""
    for holder in holders:
        if holder.role != RECOVERY:
            kept.add(connection, Officer(holder.operator_id, holder.role, NOBODY), at)


def settle(connection: Connection, holders: Sequence[KeyHolder], at: datetime) -> Mapping[str, Officer]:
    """Everybody of the keyring, known here as well; by operator.

    A station from before this was kept takes roles from the keyring once, and who let whom in from the audit trail.
    Whoever turns up in the keyring later came in by no door of this program: they sign in, and stand for nobody. So
    does everybody where the database was lost and no copy of it was left, until `name_leader`.
    """
    known = kept.all_of(connection)
    new = [holder for holder in holders if holder.operator_id not in known and holder.role != RECOVERY]
    before = not known and audit.head(connection)[0] > 0
    unknown = [Officer(item.operator_id, Role.OPERATOR, UNKNOWN) for item in new]
    made = _of_before(connection, new) if before else unknown
    for officer in made:
        kept.add(connection, officer, at)
        if not before:
            log.warning("an officer in the keyring was let in by nobody here")
    return {**known, **{officer.operator_id: officer for officer in made}}


def name_leader(connection: Connection, officer: Officer, at: datetime) -> Officer:
    """Where the list of officers was lost, the recovery words or a code of central say who leads: a supervisor.

    Nothing is changed where somebody leads, or of somebody whom this station knows.
    """
    led = any(leads(item.role) and item.ended_at is None for item in kept.all_of(connection).values())
    if led or officer.added_by != UNKNOWN:
        return officer
    named = replace(officer, role=Role.SUPERVISOR.value, added_by=NOBODY)
    kept.change(connection, named)
    audit.append(connection, at=at, operator_id=officer.operator_id, action="officer_named", role=named.role)
    log.warning("this station knew nobody who leads, and somebody was named")
    return named


def note_password(connection: Connection, operator_id: str, by: str) -> None:
    """The password of this officer was set by `by`: another officer, UNKNOWN, or NOBODY when by themselves."""
    officer = kept.all_of(connection).get(operator_id)
    if officer is not None:
        kept.change(connection, replace(officer, password_by=by))


def correct_keyring(path: Path, officers: Mapping[str, Officer]) -> None:
    """The keyring shows who may sign in, and in which role: it says what is kept here.

    Of those whose rights were ended it holds no key, also when an older keyring was put back.
    """
    ended = {officer.operator_id for officer in officers.values() if officer.ended_at is not None}

    def corrected(keyring: Keyring) -> Keyring:
        told = [
            holder.model_copy(update={"role": officers[holder.operator_id].role})
            if holder.operator_id in officers
            else holder
            for holder in keyring.holders
            if holder.operator_id not in ended
        ]
        return keyring.model_copy(update={"holders": tuple(told)})

    change_keyring(path, corrected)


def here(connection: Connection, latest: datetime) -> dict[str, Officer]:
    """Those who may work here at the latest moment that is known, by operator."""
    everybody = kept.all_of(connection)
    return {key: item for key, item in everybody.items() if item.ended_at is None and not is_over(item.until, latest)}


def stand_ins(connection: Connection, operator_id: str, latest: datetime) -> frozenset[str]:
    """Others who let people in, and may work here at that moment: one of them may answer for who is signing in."""
    return frozenset(key for key, item in here(connection, latest).items() if leads(item.role) and key != operator_id)


def asks_finger(connection: Connection, operator_id: str, latest: datetime) -> bool:
    """Whether this officer shows a finger after the password.

    Only where somebody else could stand in: no choice made here ever locks an office out.
    """
    wanted = bool(read_setting(connection, FINGER_OF_ALL)) or kept.all_of(connection)[operator_id].finger
    return wanted and bool(stand_ins(connection, operator_id, latest))


def check_right(officer: Officer, latest: datetime) -> None:
    """AccessError `officer.ended` or `officer.over` (day, as dd-mm-yyyy) when somebody may not work here any more."""
    if officer.ended_at is not None:
        raise AccessError("officer.ended", day=f"{officer.ended_at.astimezone():%d-%m-%Y}")
    if officer.until is not None and is_over(officer.until, latest):
        raise AccessError("officer.over", day=f"{last_day(officer.until):%d-%m-%Y}")


def _of_before(connection: Connection, holders: Sequence[KeyHolder]) -> list[Officer]:
    """The officers of a station from before. Somebody there since the first day is a supervisor."""
    let_in = kept.told_by_audit(connection)
    first = [holder for holder in holders if holder.operator_id not in let_in]
    led = any(holder.role == Role.SUPERVISOR for holder in first)
    return [
        Officer(
            holder.operator_id,
            Role.SUPERVISOR if holder in first and not led else holder.role,
            let_in.get(holder.operator_id, NOBODY),
        )
        for holder in holders
    ]
