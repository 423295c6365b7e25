"""Signing in and out: the password opens the applicants' database.

Five mistakes, then a wait that survives a restart.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from station.capture.lab import Lab
from station.desk import healing, rosters, staff
from station.desk.office import Office, Operator, station_card
from station.domain.errors import AccessError
from station.domain.ports import Clock, SystemClock
from station.seal.vault import unwrap
from station.store import audit, known_prints, vouchers
from station.store.database import Database
from station.store.depot import Depot
from station.store.keyring import KeyHolder, load_keyring, note_failure
from station.store.migrate import migrate
from station.store.rosters import Rosters
from station.store.villages import VillageTable

FREE_TRIES = 5
WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
PREVIOUS_KEPT = timedelta(hours=24)
"""Minutiae of the person recorded last are not kept over the next day's sign-in."""


def operators(depot: Depot) -> tuple[Operator, ...]:
    """Who may sign in here: those who record first, by name."""
    holders = load_keyring(depot.folder.keyring).holders
    found = [_operator(holder) for holder in holders if holder.role != staff.RECOVERY]
    return tuple(sorted(found, key=lambda item: item.role))


def sign_in(
    depot: Depot, operator_id: str, password: str, clock: Clock | None = None, lab: Lab | None = None
) -> Office:
    """Open the office. AccessError `signin.wrong_password` (tries_left) or `signin.wait` (seconds); StoreError.

    `lab` stays open at signing out; without one the office has its own.
    """
    clock = clock or SystemClock()
    holder, key = open_key(depot, operator_id, password, clock.now())
    applicants = Database(depot.folder.applicants_db, key)
    try:
        migrate(applicants, "applicants")
        card = station_card(depot)
        villages = VillageTable(training=card.training, newer=depot.folder.regions)
        lists = Rosters(applicants, depot.folder.rosters)
        operator = _by_right(depot, applicants, holder, clock.now())
        office = Office(depot, applicants, operator, card, clock, villages, lists)
        if lab is not None:
            office.lab, office.own_lab = lab, False
        office.renew_policy()
        healing.heal(office)
        office.expired = rosters.drop_expired(office)
        with applicants.write() as connection:
            audit.append(connection, at=clock.now(), operator_id=operator_id, action="sign_in")
            known_prints.drop_previous(connection, before=clock.now() - PREVIOUS_KEPT)
            vouchers.clear(connection)
    except BaseException:
        applicants.close()
        raise
    return office


def check_password(depot: Depot, operator_id: str, password: str, clock: Clock | None = None) -> None:
    """Unlock the screen: the same check and the same errors as signing in, nothing opened."""
    open_key(depot, operator_id, password, (clock or SystemClock()).now())


def sign_out(office: Office) -> None:
    """Close the office. Drafts are on disk already. It is closed also when the audit trail cannot be written."""
    try:
        try:
            rosters.note_searches(office)
        finally:
            office.rosters.close()
        with office.applicants.write() as connection:
            audit.append(connection, at=office.now(), operator_id=office.operator.operator_id, action="sign_out")
    finally:
        office.applicants.close()
        if office.own_lab:
            office.lab.close()


def open_key(depot: Depot, operator_id: str, password: str, now: datetime) -> tuple[KeyHolder, bytes]:
    """The holder and the database key; AccessError as of `sign_in`, and mistyped passwords are counted."""
    path = depot.folder.keyring
    holder = load_keyring(path).holder(operator_id)
    if holder is None:
        raise AccessError("signin.unknown_operator")
    if holder.wait_until is not None and now < holder.wait_until:
        # A clock that was set back neither ends the wait nor makes it longer than the longest.
        until = min(holder.wait_until, now + LONGEST_WAIT)
        if until < holder.wait_until:
            note_failure(path, operator_id, failures=holder.failures, wait_until=until)
        raise AccessError("signin.wait", seconds=int((until - now).total_seconds()) + 1)
    try:
        key = unwrap(holder.wrapped, password, label=operator_id)
    except AccessError:
        raise _mistyped(depot, holder, now) from None
    if holder.failures:
        note_failure(path, operator_id, failures=0, wait_until=None)
    return holder, key


def _mistyped(depot: Depot, holder: KeyHolder, now: datetime) -> AccessError:
    failures = holder.failures + 1
    over = failures - FREE_TRIES
    wait = min(WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else None
    until = now + wait if wait else None
    note_failure(depot.folder.keyring, holder.operator_id, failures=failures, wait_until=until)
    if wait:
        return AccessError("signin.wait", seconds=int(wait.total_seconds()))
    return AccessError("signin.wrong_password", tries_left=FREE_TRIES - failures)


def _by_right(depot: Depot, applicants: Database, holder: KeyHolder, now: datetime) -> Operator:
    """Who is signing in, in the role that the encrypted database knows. AccessError for the recovery key."""
    path = depot.folder.keyring
    with applicants.write() as connection:
        known = staff.settle(connection, load_keyring(path).holders, now)
    staff.correct_keyring(path, known)
    if holder.operator_id not in known:
        raise AccessError("signin.unknown_operator")
    return Operator(holder.operator_id, holder.name, known[holder.operator_id].role)


def _operator(holder: KeyHolder) -> Operator:
    return Operator(holder.operator_id, holder.name, holder.role)
