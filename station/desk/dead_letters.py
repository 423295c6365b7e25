"""Packets that do not go on by themselves: why, and what a person may do. Nothing here is done without being asked.

Trying again, correcting and giving up are noted in the audit trail. Must not know how a packet is written on a stick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from station.desk import vouchers
from station.desk.drafting import note, resume, storable
from station.desk.office import Office
from station.desk.reopening import open_sealed, put_back, reopen, restored
from station.desk.vouchers import Voucher
from station.domain.delivery import OutboxItem, Stage
from station.domain.draft import Draft
from station.domain.errors import RuleError, StoreError
from station.domain.letter import Remedy, VoidCause, at_central
from station.domain.permission import Permission
from station.domain.record import MOVES, Move, RecordKey, State, after
from station.domain.steps import Step
from station.store import letters, records, seals
from station.store.database import Connection
from station.store.records import Stored

LEAST_REASON, MOST_REASON = 10, 200


@dataclass(frozen=True)
class Letter:
    """One stopped packet. `hurdles` says for each remedy that cannot be had now why: a code with a sentence."""

    item: OutboxItem
    name: str
    registration_no: str
    intact: bool
    hurdles: Mapping[Remedy, str]

    def may(self, remedy: Remedy) -> bool:
        """True when it can be done now."""
        return remedy not in self.hurdles


@dataclass(frozen=True)
class Retried:
    """Packets that are on their way again, and those whose file is not what was sealed."""

    done: tuple[RecordKey, ...]
    broken: tuple[RecordKey, ...]


def letter(office: Office, key: RecordKey) -> Letter:
    """One stopped packet and what may be done. RuleError `letter.moved` when it is not stopped (any more)."""
    office.require(Permission.READ_DELIVERY)
    item = office.depot.outbox.get(key)
    if item is None or item.stage not in (Stage.PARKED, Stage.REJECTED):
        raise RuleError("letter.moved")
    with office.applicants.read() as connection:
        stored = records.get(connection, key.record_id)
        opens = seals.identity_of(connection, key) is not None
    intact = _intact(office, item)
    hurdles = {
        Remedy.RETRY: _why_not_send(item, intact=intact),
        Remedy.CORRECT: _why_not_correct(item, stored, intact=intact, opens=opens),
        Remedy.EXPORT: _why_not_send(item, intact=intact),
        Remedy.VOID: _why_not_void(office, item, stored),
    }
    told = stored is not None and office.may(Permission.READ_PERSON)
    name, number = (stored.record.name, stored.record.registration_no) if stored and told else ("", "")
    return Letter(item, name, number, intact, {remedy: code for remedy, code in hurdles.items() if code})


def retry(office: Office, keys: Sequence[RecordKey]) -> Retried:
    """Try these again from the manifest on. What is not on hold stays as it is; a broken file is not tried."""
    office.require(Permission.CHANGE_DELIVERY)
    done, broken = [], []
    for key in keys:
        item = office.depot.outbox.get(key)
        if item is None or item.stage is not Stage.PARKED:
            continue
        if not _intact(office, item):
            broken.append(key)
            continue
        office.depot.packets.unmark_void(key)
        office.depot.outbox.retry(key)
        done.append(key)
    with office.applicants.write() as connection:
        for key in done:
            note(office, connection, "retry", key.record_id, revision=key.revision)
    return Retried(tuple(done), tuple(broken))


def correct(office: Office, key: RecordKey) -> Draft:
    """Open the record of a stopped packet as its next revision, with everything that was sealed.

    RuleError: the hurdle that `letter` tells. TrustError and StoreError when the packet cannot be opened; then nothing
    has changed.
    """
    office.require(Permission.CORRECT_RECORD)
    found = _permitted(office, key, Remedy.CORRECT)
    with office.applicants.read() as connection:
        state = _of_revision(connection, key).record.state
    if state is State.REJECTED:
        draft = reopen(office, key.record_id)
    else:
        sealed = open_sealed(office, key.record_id, Move.CORRECT)
        stored = replace(restored(office, sealed, Move.CORRECT), step=Step.REVIEW)
        with office.applicants.write() as connection:
            put_back(office, connection, stored, sealed.body.captures, sealed.body, Move.CORRECT)
        draft = resume(office, key.record_id)
    office.depot.packets.unmark_void(key)
    office.depot.outbox.replace([found.item.key])
    return draft


def void(office: Office, key: RecordKey, reason: str, voucher: Voucher) -> None:
    """Give a packet up for good: its record is withdrawn, it is never sent, its file stays on the disk.

    RuleError `void.reason` when less than ten characters say why, and the hurdle that `letter` tells; AccessError
    `officer.voucher` unless a colleague has said yes to exactly this. The reason is kept behind the password only.
    """
    office.require(Permission.DELETE_PACKET)
    reason = " ".join(storable(reason).split())[:MOST_REASON]
    if len(reason) < LEAST_REASON:
        raise RuleError("void.reason", least=LEAST_REASON)
    found = _permitted(office, key, Remedy.VOID)
    me = office.operator.operator_id
    trouble = found.item.last_note.trouble.value if found.item.last_note else found.item.stage.value
    with _given_up(office, found.item, trouble) as give_up, office.applicants.write() as connection:
        vouchers.use(office, connection, voucher, key.record_id, (), VoidCause.VOID, me)
        stored = _of_revision(connection, key)
        moved = replace(stored.record, state=after(stored.record.state, Move.VOID), changed_at=office.now())
        records.save(connection, replace(stored, record=moved))
        second = voucher.operator.operator_id
        note(
            office, connection, "void", key.record_id,
            revision=key.revision, reason=reason, vouched_by=second, trouble=trouble,
        )  # fmt: skip
        give_up()


@contextmanager
def _given_up(office: Office, item: OutboxItem, trouble: str) -> Iterator[Callable[[], None]]:
    """Hands out what gives the packet up; when the decision is not kept after all, neither is the giving up.

    The mark beside the packet comes last, for it is believed when the outbox is lost.
    """
    depot, done = office.depot, False

    def give_up() -> None:
        nonlocal done
        done = letters.void(depot.outbox.database, item.key, at=office.now(), trouble=trouble)
        if not done:
            raise RuleError("letter.moved")

    try:
        yield give_up
    except Exception:
        if done:
            letters.take_back_void(depot.outbox.database, item.key, item.stage)
        raise
    depot.mark_voided([item.key])


def vouch_for_void(office: Office, key: RecordKey, operator_id: str, password: str) -> Voucher:
    """The word of a colleague who has seen why, for this packet; see `vouchers.vouch`."""
    office.require(Permission.DELETE_PACKET)
    return vouchers.vouch(office, operator_id, password, key.record_id, (), VoidCause.VOID)


def _permitted(office: Office, key: RecordKey, remedy: Remedy) -> Letter:
    found = letter(office, key)
    if not found.may(remedy):
        raise RuleError(found.hurdles[remedy])
    return found


def _of_revision(connection: Connection, key: RecordKey) -> Stored:
    """The record, if this packet is its newest. RuleError `letter.later_revision`."""
    stored = records.get(connection, key.record_id)
    if stored is None or stored.record.revision != key.revision:
        raise RuleError("letter.later_revision")
    return stored


def _intact(office: Office, item: OutboxItem) -> bool:
    try:
        return office.depot.packets.intact(item.key, item.sha256)
    except StoreError:
        return False


def _why_not_send(item: OutboxItem, *, intact: bool) -> str:
    """The same packet once more, by whatever way."""
    if item.stage is Stage.REJECTED:
        return "letter.refused"
    return "" if intact else "letter.file"


def _why_not_correct(item: OutboxItem, stored: Stored | None, *, intact: bool, opens: bool) -> str:
    hurdle = _not_ours(item, stored)
    if hurdle or stored is None:
        return hurdle
    state = stored.record.state
    if (state, Move.CORRECT) not in MOVES and (state, Move.REOPEN) not in MOVES:
        return "letter.confirmed"
    if not intact:
        return "letter.file"
    return "" if opens else "record.shredded"


def _why_not_void(office: Office, item: OutboxItem, stored: Stored | None) -> str:
    hurdle = _not_ours(item, stored) or at_central(item, office.now())
    if hurdle or stored is None:
        return hurdle
    return "" if (stored.record.state, Move.VOID) in MOVES else "letter.confirmed"


def _not_ours(item: OutboxItem, stored: Stored | None) -> str:
    """Why nobody here decides about what is in the packet: of another station, or no longer the newest."""
    if item.carried or stored is None:
        return "letter.carried"
    return "" if stored.record.revision == item.key.revision else "letter.later_revision"
