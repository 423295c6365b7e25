"""A forgotten password: with the recovery words, or with a code that central reads out. Works without any network.

Whoever comes in this way gets nothing but a new password; the rest is signing in. Must not know any dialog.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from station.desk import moments, recovering, signin, staff
from station.desk.colleague import check_password_length
from station.desk.office import Operator
from station.desk.reset_codes import slot_label
from station.domain.appointment import leads
from station.domain.errors import AccessError
from station.domain.ports import Clock, SystemClock
from station.seal import recovery_words, reset_code
from station.seal.key_chain import name_of
from station.seal.reset_code import Challenge
from station.seal.vault import Argon2Cost, unwrap, wrap
from station.store import audit
from station.store.depot import Depot
from station.store.keyring import (
    KeyHolder,
    Keyring,
    ResetBatch,
    ResetSlot,
    change_keyring,
    load_keyring,
    note_delivered,
)
from station.store.officers import UNKNOWN, Officer


@dataclass(frozen=True)
class Asked:
    """A challenge as it is read out: `text` in groups, for one officer."""

    text: str
    challenge: Challenge
    batch: str


ANYBODY = ""
"""Stands for an officer where the keyring names none any more: whoever leads there by the encrypted database."""


def whom_to_help(depot: Depot) -> tuple[Operator, ...]:
    """Whose password a code of central may set."""
    return signin.operators(depot) or (Operator(ANYBODY, "", ""),)


def leaders(depot: Depot) -> tuple[Operator, ...]:
    """Whose password the recovery words may set: they help the others then. As the keyring names them.

    Where it names none who leads, anybody: the words say who does.
    """
    everybody = signin.operators(depot)
    return tuple(who for who in everybody if leads(who.role)) or everybody


def set_password_by_words(
    depot: Depot,
    typed: str,
    operator_id: str,
    new_password: str,
    clock: Clock | None = None,
    *,
    without_backup: bool = False,
) -> None:
    """Open the station with the recovery words, and give one of those who lead a new password.

    AccessError `recovery.mistyped*`, `recovery.wrong` (tries_left), `signin.wait` (seconds), `forgotten.officer`,
    `officer.*`; RuleError `password.too_short`; StoreError, `backup.away` as of signing in.
    """
    check_password_length(new_password)
    now = (clock or SystemClock()).now()
    holder, words = _holder(depot, operator_id), recovery_words.read(typed)
    try:
        _paper, key = signin.open_key(depot, staff.RECOVERY, words, now)
    except AccessError as problem:
        if problem.code == "signin.wrong_password":
            raise AccessError("recovery.wrong", **problem.data) from None
        raise
    _give(
        depot, key, holder, new_password, now, action="password_by_words", leading=True, without_backup=without_backup
    )


def challenge(depot: Depot, operator_id: str) -> Asked:
    """What to read out to the Dinas for this officer. AccessError `reset_code.none` when central could not answer."""
    note_delivered(depot.folder.keyring, depot.resets.delivered)
    enrolment = depot.enrolment
    batch = _answerable(depot)
    if enrolment is None or batch is None:
        raise AccessError("reset_code.none")
    asked = Challenge(
        reset_code.office_number(enrolment.office),
        enrolment.policy.station_number,
        reset_code.batch_number(batch.name),
        batch.slots[0].number,
        reset_code.officer_tag(operator_id),
    )
    return Asked(reset_code.spell(asked), asked, batch.name)


def set_password_by_code(
    depot: Depot,
    typed: str,
    operator_id: str,
    new_password: str,
    clock: Clock | None = None,
    *,
    without_backup: bool = False,
) -> None:
    """Open the station with the code that answers `challenge`, and give this officer a new password. It counts once.

    AccessError `reset_code.mistyped`, `reset_code.wrong` (tries_left), `reset_code.none`, `signin.wait` (seconds),
    `officer.*`; RuleError `password.too_short`; StoreError.
    """
    check_password_length(new_password)
    now = (clock or SystemClock()).now()
    holder, asked = _holder(depot, operator_id), challenge(depot, operator_id)
    batch = _answerable(depot)
    assert batch is not None
    _check_wait(depot, batch, now)
    secret = reset_code.secret_in(typed, asked.challenge)
    slot = batch.slots[0]
    try:
        key = unwrap(slot.wrapped, secret, label=slot_label(batch.name, slot.number))
    except AccessError:
        raise _wrong(depot, batch, now) from None
    key = load_keyring(depot.folder.keyring).today(key)
    _give(
        depot,
        key,
        holder,
        new_password,
        now,
        action="password_by_code",
        used=(batch.name, slot),
        without_backup=without_backup,
    )


def _give(
    depot: Depot,
    key: bytes,
    holder: KeyHolder,
    password: str,
    now: datetime,
    *,
    action: str,
    leading: bool = False,
    used: tuple[str, ResetSlot] | None = None,
    without_backup: bool = False,
) -> None:
    """One write of the keyring: the new password is there, and the code that was used is not."""
    waived_by = (holder.operator_id or staff.RECOVERY) if without_backup else ""
    applicants, key, _to_settle = recovering.open_whole(depot, key, waived_by)
    try:
        with applicants.write() as connection:
            known = staff.settle(connection, load_keyring(depot.folder.keyring).holders, now)
            latest = moments.latest(connection, depot.clocks, now)
            if holder.operator_id == ANYBODY:
                holder = _first_leader(staff.here(connection, latest), holder)
            officer = known.get(holder.operator_id)
            officer = staff.name_leader(connection, officer, now) if officer else None
            if officer is None or (leading and not leads(officer.role)):
                raise AccessError("forgotten.officer")
            staff.check_right(officer, latest)
            recovering.count_on(depot, connection, holder.operator_id, now)
            staff.note_password(connection, officer.operator_id, UNKNOWN)
            audit.append(connection, at=now, operator_id=holder.operator_id, action=action)
    finally:
        applicants.close()
    wrapped = wrap(key, password, label=holder.operator_id, cost=holder.wrapped.cost)
    changed = holder.model_copy(update={"wrapped": wrapped, "key": name_of(key), "failures": 0, "wait_until": None})

    def given(keyring: Keyring) -> Keyring:
        keyring = keyring.with_holder(changed)
        if used is not None and (batch := keyring.batch(used[0])) is not None:
            left = tuple(slot for slot in batch.slots if slot.number != used[1].number)
            keyring = keyring.with_batch(batch.model_copy(update={"slots": left, "failures": 0, "wait_until": None}))
        return keyring.tidied()

    change_keyring(depot.folder.keyring, given)


def _first_leader(here: Mapping[str, Officer], stand_in: KeyHolder) -> KeyHolder:
    """AccessError `forgotten.officer` when nobody leads here any more."""
    found = next((item for item in here.values() if leads(item.role)), None)
    if found is None:
        raise AccessError("forgotten.officer")
    told = {"operator_id": found.operator_id, "name": found.name or found.operator_id, "role": found.role}
    return stand_in.model_copy(update=told)


def _holder(depot: Depot, operator_id: str) -> KeyHolder:
    """AccessError `signin.unknown_operator`."""
    keyring = load_keyring(depot.folder.keyring)
    if operator_id == ANYBODY and not any(item.role != staff.RECOVERY for item in keyring.holders):
        slot = next((slot for batch in keyring.resets for slot in batch.slots), None)
        if slot is None:
            raise AccessError("reset_code.none")
        wrapped = slot.wrapped.model_copy(update={"cost": Argon2Cost()})
        return KeyHolder(operator_id=ANYBODY, name="", role="", wrapped=wrapped)
    holder = keyring.holder(operator_id)
    if holder is None or holder.role == staff.RECOVERY:
        raise AccessError("signin.unknown_operator")
    return holder


def _answerable(depot: Depot) -> ResetBatch | None:
    """The newest batch that central can answer and that has a slot left."""
    found = [item for item in load_keyring(depot.folder.keyring).resets if item.delivered and item.slots]
    return found[-1] if found else None


def _check_wait(depot: Depot, batch: ResetBatch, now: datetime) -> None:
    """AccessError `signin.wait`. A clock that was set back neither ends it nor makes it longer than the longest."""
    if batch.wait_until is not None and now < batch.wait_until:
        until = min(batch.wait_until, now + signin.LONGEST_WAIT)
        if until < batch.wait_until:
            _note_failures(depot, batch, batch.failures, until)
        raise AccessError("signin.wait", seconds=int((until - now).total_seconds()) + 1)


def _wrong(depot: Depot, batch: ResetBatch, now: datetime) -> AccessError:
    failures = batch.failures + 1
    wait: timedelta | None = signin.wait_after(failures)
    _note_failures(depot, batch, failures, now + wait if wait else None)
    if wait:
        return AccessError("signin.wait", seconds=int(wait.total_seconds()))
    return AccessError("reset_code.wrong", tries_left=signin.FREE_TRIES - failures)


def _note_failures(depot: Depot, batch: ResetBatch, failures: int, until: datetime | None) -> None:
    changed = batch.model_copy(update={"failures": failures, "wait_until": until})
    change_keyring(depot.folder.keyring, lambda keyring: keyring.with_batch(changed))
