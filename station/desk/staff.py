"""Who the officers of this station are by right: their role, and who let them in.

The keyring can be read and edited by anybody who may open the folder, so it is believed for names and keys only. Must
not know what a role is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from station.log import get_logger
from station.store import officers as kept
from station.store.database import Connection
from station.store.keyring import KeyHolder, Keyring, load_keyring, save_keyring
from station.store.officers import NOBODY, UNKNOWN, Officer

OPERATOR = "operator"
SUPERVISOR = "supervisor"
RECOVERY = "recovery"
ROLES = (OPERATOR, SUPERVISOR)

log = get_logger(__name__)


def found(connection: Connection, holders: Sequence[KeyHolder], at: datetime) -> None:
    """The officers of the first day: nobody let them in."""
    for holder in holders:
        if holder.role != RECOVERY:
            kept.add(connection, Officer(holder.operator_id, holder.role, NOBODY), at)


def settle(connection: Connection, holders: Sequence[KeyHolder], at: datetime) -> Mapping[str, Officer]:
    """Everybody of the keyring, known here as well; by operator.

    A station from before this was kept takes roles from the keyring once, and who let whom in from the audit trail.
    Whoever turns up in the keyring later came in by no door of this program: they sign in, and stand for nobody.
    """
    known = kept.all_of(connection)
    new = [holder for holder in holders if holder.operator_id not in known and holder.role != RECOVERY]
    made = [Officer(item.operator_id, OPERATOR, UNKNOWN) for item in new] if known else _of_before(connection, new)
    for officer in made:
        kept.add(connection, officer, at)
        if known:
            log.warning("an officer in the keyring was let in by nobody here")
    return {**known, **{officer.operator_id: officer for officer in made}}


def correct_keyring(path: Path, officers: Mapping[str, Officer]) -> None:
    """The keyring shows who may sign in, and in which role: it says what is kept here."""
    keyring = load_keyring(path)
    told = [
        holder.model_copy(update={"role": officers[holder.operator_id].role})
        if holder.operator_id in officers
        else holder
        for holder in keyring.holders
    ]
    if tuple(told) != keyring.holders:
        save_keyring(path, Keyring(version=keyring.version, holders=tuple(told)))


def _of_before(connection: Connection, holders: Sequence[KeyHolder]) -> list[Officer]:
    """The officers of a station from before. Somebody there since the first day is a supervisor."""
    let_in = kept.told_by_audit(connection)
    first = [holder for holder in holders if holder.operator_id not in let_in]
    led = any(holder.role == SUPERVISOR for holder in first)
    return [
        Officer(
            holder.operator_id,
            SUPERVISOR if holder in first and not led else holder.role,
            let_in.get(holder.operator_id, NOBODY),
        )
        for holder in holders
    ]
