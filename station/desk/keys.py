"""The keys of this station as an officer handles them: passwords, recovery words, the database key, the safe.

Changing a password re-wraps and never re-encrypts. Must not know what any dialog looks like.
"""

from __future__ import annotations

from collections.abc import Callable

from station.desk import officers, reset_codes, signin, staff
from station.desk.colleague import check_password_length
from station.desk.database_key import begin_link, drop_link, settle_links
from station.desk.office import Office, Operator
from station.desk.station_key import restore_station_key as restore_station_key
from station.desk.station_key import settle_safe as settle_safe
from station.domain.errors import AccessError, RuleError, StationError
from station.domain.permission import Permission
from station.failpoint import reach
from station.log import get_logger
from station.seal.key_chain import name_of
from station.seal.recovery_words import spell
from station.seal.vault import new_database_key, new_recovery_key, wrap
from station.store import audit, snapshot
from station.store.keyring import KeyHolder, Keyring, change_keyring, load_keyring
from station.store.officers import NOBODY
from station.store.rekey import Stopped, check_room, drop_older, rekey

log = get_logger(__name__)


def change_password(office: Office, old: str, new: str) -> None:
    """Another password of one's own. RuleError `password.too_short`, `password.same`; AccessError as at sign-in."""
    check_password_length(new)
    if new == old:
        raise RuleError("password.same", field="password")
    holder, _key = signin.open_key(office.depot, office.operator.operator_id, old, office.now())
    _put_password(office, holder, new)
    with office.applicants.write() as connection:
        staff.note_password(connection, holder.operator_id, NOBODY)
    _note(office, "password_change")


def whom_to_help(office: Office) -> tuple[Operator, ...]:
    """The officers to whom whoever is signed in may give a new password."""
    roles = set(officers.roles_to_give(office))
    found = signin.operators(office.depot)
    return tuple(who for who in found if who.role in roles and who.operator_id != office.operator.operator_id)


def give_password(office: Office, own_password: str, operator_id: str, new_password: str) -> None:
    """A new password for a colleague who has forgotten theirs; they are there and choose it.

    Until they have changed it themselves they approve nothing for whoever gave it.

    AccessError `access.role`, and as at sign-in for the own password; RuleError `password.too_short`.
    """
    office.require(Permission.ENTER_OFFICER)
    check_password_length(new_password)
    if operator_id not in {who.operator_id for who in whom_to_help(office)}:
        # Whom a supervisor cannot help, an admin can: those who answer for the keys.
        raise AccessError("access.role", role=office.operator.role, needs=Permission.CHANGE_KEYS)
    signin.open_key(office.depot, office.operator.operator_id, own_password, office.now())
    holder = load_keyring(office.depot.folder.keyring).holder(operator_id)
    if holder is None:
        raise AccessError("signin.unknown_operator")
    with office.applicants.write() as connection:  # first: after a power cut it must not count as chosen by themselves
        staff.note_password(connection, operator_id, office.operator.operator_id)
    _put_password(office, holder, new_password)
    _note(office, "password_give", given=operator_id)


def new_recovery_words(office: Office, password: str) -> str:
    """A new recovery key, in its canonical form, to be shown once; the one before opens nothing any more.

    AccessError `access.role`, and as at sign-in.
    """
    office.require(Permission.CHANGE_KEYS)
    own, _key = signin.open_key(office.depot, office.operator.operator_id, password, office.now())
    recovery, key = new_recovery_key(), office.applicants.raw_key
    wrapped = wrap(key, recovery, label=staff.RECOVERY, cost=own.wrapped.cost)
    holder = KeyHolder(operator_id=staff.RECOVERY, name="", role=staff.RECOVERY, wrapped=wrapped, key=name_of(key))
    change_keyring(office.depot.folder.keyring, lambda keyring: keyring.with_holder(holder).tidied())
    _note(office, "recovery_words")
    return recovery


def in_words(recovery_key: str) -> tuple[str, ...]:
    """A recovery key as the fourteen words that people write down."""
    return spell(recovery_key)


def rotate_database_key(
    office: Office, password: str, progress: Callable[[int], None], stopped: Callable[[], bool]
) -> bool:
    """A new random database key; False when it was stopped, and nothing was changed.

    The passwords of others lead to it over the old key until each has signed in once. `progress` is told percent.
    AccessError `access.role`, and as at sign-in; StoreError `store.disk_full` before anything is written, and others.
    """
    office.require(Permission.CHANGE_KEYS)
    holder, _key = signin.open_key(office.depot, office.operator.operator_id, password, office.now())
    check_room(office.applicants.path)
    new = new_database_key()
    # From the key that the file has: the keyring knows an older one while a change before this one was not settled.
    begin_link(office.depot, office.applicants.raw_key, new, office.now())
    reach("rekey.linked")
    try:
        rekey(office.applicants, new, progress, stopped)
    except Stopped:
        drop_link(office.depot, new)
        return False
    except Exception:
        if office.applicants.raw_key != new:  # after the switch, the link is the only way to the file
            drop_link(office.depot, new)
        raise
    settle_links(office.depot, new)
    reach("rekey.settled")
    _put_password(office, holder, password)
    drop_older(office.applicants.path)
    _note(office, "database_key")
    reset_codes.renew(office.depot, new, office.now(), cost=holder.wrapped.cost)
    _renew_snapshot(office)
    return True


def _renew_snapshot(office: Office) -> None:
    """Where snapshots are kept, one under the new key at once: a damaged database is never mended from older ones."""
    try:
        if snapshot.snapshots_in(office.depot.folder.snapshots):
            snapshot.make(office.depot, office.applicants, office.now())
    except StationError as problem:
        log.error("no snapshot could be made under the new key: %s", problem.code)


def _put_password(office: Office, holder: KeyHolder, password: str) -> None:
    """`password` opens the key of today from now on; what was mistyped before is forgiven."""
    key = office.applicants.raw_key
    wrapped = wrap(key, password, label=holder.operator_id, cost=holder.wrapped.cost)
    update = {"wrapped": wrapped, "key": name_of(key), "failures": 0, "wait_until": None}

    def changed(keyring: Keyring) -> Keyring:
        found = keyring.holder(holder.operator_id) or holder
        return keyring.with_holder(found.model_copy(update=update)).tidied()

    change_keyring(office.depot.folder.keyring, changed)


def _note(office: Office, action: str, given: str = "") -> None:
    with office.applicants.write() as connection:
        by, at = office.operator.operator_id, office.now()
        if given:
            audit.append(connection, at=at, operator_id=by, action=action, given=given)
        else:
            audit.append(connection, at=at, operator_id=by, action=action)
