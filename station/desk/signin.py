"""Signing in and out: the password opens the applicants' database.

Five mistakes, then a wait that survives a restart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from station.capture.lab import Lab
from station.desk import healing, moments, recovering, reset_codes, rosters, staff, trail
from station.desk.database_key import renew_holder
from station.desk.office import Office, Operator, station_card
from station.desk.station_key import restore_station_key
from station.domain.errors import AccessError
from station.domain.ports import Clock, SystemClock
from station.domain.role import Role
from station.seal.vault import unwrap
from station.store import audit, doorplate, known_prints, vouchers
from station.store import officers as kept
from station.store.database import Database
from station.store.depot import Depot
from station.store.doorplate import Doorplate
from station.store.keyring import KeyHolder, load_keyring, note_failure
from station.store.officers import Officer
from station.store.rosters import Rosters
from station.store.villages import VillageTable

FREE_TRIES = 5
WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
_FIRST = (Role.OPERATOR, Role.SUPERVISOR, Role.COUNTER, Role.ARCHIVIST, Role.TECHNICIAN, Role.HEAD, Role.ADMIN)
PREVIOUS_KEPT = timedelta(hours=24)
"""Minutiae of the person recorded last are not kept over the next day's sign-in."""


def operators(depot: Depot) -> tuple[Operator, ...]:
    """Who may sign in here: those who record first, by name."""
    holders = load_keyring(depot.folder.keyring).holders
    found = [_operator(holder) for holder in holders if holder.role != staff.RECOVERY]
    return tuple(sorted(found, key=lambda item: (*_FIRST, item.role).index(item.role)))


def put_up(depot: Depot, language: str, place: str, officers: tuple[tuple[str, str], ...]) -> None:
    """What the sign-in screen shows from now on, for the next start; nothing where nobody may sign in. StoreError."""
    if officers:
        plate = Doorplate.model_validate({"language": language, "place": place, "officers": officers})
        doorplate.put_up(depot.folder.root, plate)
    else:
        doorplate.take_down(depot.folder.root)


def sign_in(
    depot: Depot,
    operator_id: str,
    password: str,
    clock: Clock | None = None,
    lab: Lab | None = None,
    *,
    without_backup: bool = False,
) -> Office:
    """Open the office. AccessError `signin.wrong_password` (tries_left), `signin.wait` (seconds), `officer.ended` or
    `officer.over` (day); StoreError, `backup.away` (place) among them: `without_backup` goes on all the same.

    Where a finger is asked for as well, the office is `unproved` until `second_factor` says otherwise.
    `lab` stays open at signing out; without one the office has its own.
    """
    clock = clock or SystemClock()
    holder, key = open_key(depot, operator_id, password, clock.now())
    applicants, key, recovery = recovering.open_whole(depot, key, operator_id if without_backup else "")
    try:
        restore_station_key(depot, applicants)
        card = station_card(depot)
        villages = VillageTable(training=card.training, newer=depot.folder.regions)
        lists = Rosters(applicants, depot.folder.rosters)
        operator = _by_right(depot, applicants, holder, clock.now())
        office = Office(depot, applicants, operator, card, clock, villages, lists)
        office.unproved = _asks_finger(office)
        if lab is not None:
            office.lab, office.own_lab = lab, False
        office.renew_policy()
        trail.check_end(office)
        office.recovered = recovering.settle(office, recovery)
        healing.heal(office)
        office.expired = rosters.drop_expired(office)
        with applicants.write() as connection:
            trail.note_mistyped(office, connection, {operator_id: holder.failures})
            audit.append(connection, at=clock.now(), operator_id=operator_id, action="sign_in")
            known_prints.drop_previous(connection, before=clock.now() - PREVIOUS_KEPT)
            vouchers.clear(connection)
        renew_holder(depot, operator_id, password, key)
        reset_codes.keep_enough(depot, key, clock.now(), holder.wrapped.cost)
    except BaseException:
        applicants.close()
        raise
    return office


def check_password(depot: Depot, operator_id: str, password: str, clock: Clock | None = None) -> None:
    """Unlock the screen: the same check and the same errors as signing in, nothing opened."""
    open_key(depot, operator_id, password, (clock or SystemClock()).now())


def unlock(office: Office, password: str) -> None:
    """Who is signed in types their password once more: errors as of signing in, also when their rights have ended."""
    me = office.operator.operator_id
    known = load_keyring(office.depot.folder.keyring).holder(me)
    check_password(office.depot, me, password, office.clock)
    check_still(office)
    trail.unlocked(office, known.failures if known else 0)


def check_still(office: Office) -> None:
    """AccessError `officer.ended` or `officer.over` when the rights of who is signed in have ended meanwhile."""
    with office.applicants.write() as connection:
        moments.note(connection, office.depot.clocks, office.now())
        latest = moments.latest(connection, office.depot.clocks, office.now())
        staff.check_right(kept.all_of(connection)[office.operator.operator_id], latest)


def sign_out(office: Office) -> None:
    """Close the office. Drafts are on disk already. It is closed also when the audit trail cannot be written."""
    try:
        try:
            rosters.note_searches(office)
            trail.leave(office)
        finally:
            office.rosters.close()
        with office.applicants.write() as connection:
            audit.append(connection, at=office.now(), operator_id=office.operator.operator_id, action="sign_out")
        trail.tell_head(office)
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
    return holder, load_keyring(path).today(key)


def _mistyped(depot: Depot, holder: KeyHolder, now: datetime) -> AccessError:
    failures = holder.failures + 1
    wait = wait_after(failures)
    until = now + wait if wait else None
    note_failure(depot.folder.keyring, holder.operator_id, failures=failures, wait_until=until)
    if wait:
        return AccessError("signin.wait", seconds=int(wait.total_seconds()))
    return AccessError("signin.wrong_password", tries_left=FREE_TRIES - failures)


def wait_after(failures: int) -> timedelta | None:
    """How long nobody may try again after so many mistakes; None while there are free tries left."""
    over = failures - FREE_TRIES
    return min(WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else None


def _by_right(depot: Depot, applicants: Database, holder: KeyHolder, now: datetime) -> Operator:
    """Who is signing in, in the role that the encrypted database knows. AccessError for the recovery key."""
    path = depot.folder.keyring
    with applicants.write() as connection:
        known = staff.settle(connection, load_keyring(path).holders, now)
        moments.note(connection, depot.clocks, now)
        latest = moments.latest(connection, depot.clocks, now)
    staff.correct_keyring(path, known)
    if holder.operator_id not in known:
        raise AccessError("signin.unknown_operator")
    officer = known[holder.operator_id]
    _check_right(applicants, officer, latest, now)
    with applicants.write() as connection:
        kept.change(connection, replace(officer, signed_in_at=latest))
    return Operator(holder.operator_id, holder.name, officer.role)


def _check_right(applicants: Database, officer: Officer, latest: datetime, now: datetime) -> None:
    """Refused is told in the trail as well: somebody who left has come back."""
    try:
        staff.check_right(officer, latest)
    except AccessError as problem:
        with applicants.write() as connection:
            audit.append(
                connection, at=now, operator_id=officer.operator_id, action="sign_in_refused", code=problem.code
            )
        raise


def _asks_finger(office: Office) -> bool:
    with office.applicants.read() as connection:
        latest = moments.latest(connection, office.depot.clocks, office.now())
        return staff.asks_finger(connection, office.operator.operator_id, latest)


def _operator(holder: KeyHolder) -> Operator:
    return Operator(holder.operator_id, holder.name, holder.role)
