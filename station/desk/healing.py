"""Healing at sign-in: what a power cut interrupted is finished, and what central said meanwhile is taken over.

The packets are believed: a draft whose packet exists is sealed; a sealed record with a receipt is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from station.desk import leftovers, print_queue, retention
from station.desk.office import Office
from station.desk.queueing import queue_late
from station.domain.delivery import OutboxItem, Stage
from station.domain.record import Move, State, after
from station.store import audit, records
from station.store.database import Connection

_MOVE = {
    Stage.RECEIPTED: (Move.ACCEPT, (State.SEALED,)),
    Stage.REJECTED: (Move.REJECT, (State.SEALED, State.ACCEPTED)),
    Stage.VOID: (Move.VOID, (State.SEALED, State.REJECTED)),  # the power went out before it could be noted
}


def heal(office: Office) -> None:
    """Bring `applicants.db` in line with the packets and the outbox."""
    finish_interrupted_seals(office)
    retention.heal(office)
    office.seen_change = office.depot.outbox.newest_change()
    with office.applicants.read() as connection:
        sealed = [stored.record.key for stored in records.with_states(connection, [State.SEALED])]
    outbox = office.depot.outbox
    known = outbox.of_records([key.record_id for key in sealed])
    office.unqueued.update(key for key in sealed if key not in known)
    queue_late(office)
    take_over(office, known.values())
    stopped = outbox.page([Stage.REJECTED, Stage.PARKED, Stage.VOID], offset=0, limit=500)
    take_over(office, stopped)
    outbox.replace([item.key for item in stopped if _was_reopened(office, item)])
    print_queue.note_birthdays(office)


def _was_reopened(office: Office, item: OutboxItem) -> bool:
    """The record has a later revision: the power went out before its refused packet could be set aside.

    Of somebody who came again the refusal is kept until central has accepted what came of that: when nothing comes of
    it, the record is again the one that was refused.
    """
    with office.applicants.read() as connection:
        stored = records.get(connection, item.key.record_id)
    if stored is None or stored.record.revision <= item.key.revision:
        return False
    visit = stored.recapture
    open_visit = visit is not None and stored.record.state is not State.ACCEPTED
    return not (open_visit and visit is not None and visit.revision == item.key.revision)


def catch_up(office: Office) -> int:
    """Take over what changed in the outbox since the last look, and add what is not in it; how many records moved."""
    queue_late(office)
    office.seen_change, items = office.depot.outbox.changed_since(office.seen_change)
    if not items:
        return 0
    moved = take_over(office, items)
    print_queue.note_birthdays(office)
    return moved


def finish_interrupted_seals(office: Office) -> None:
    """A draft whose packet is on disk was sealed: the power went out before it could be noted.

    Unless the draft was changed since, see `leftovers.py`.
    """
    with office.applicants.read() as connection:
        drafts = [stored.record.key for stored in records.with_states(connection, [State.DRAFT])]
    known = office.depot.outbox.of_records([key.record_id for key in drafts])
    for key in drafts:
        if key in known:
            leftovers.settle(office, known[key])


def take_over(office: Office, items: Iterable[OutboxItem]) -> int:
    """Move records by what central said of their packets; how many moved. Doing it twice changes nothing."""
    moved = 0
    with office.applicants.write() as connection:
        for item in items:
            moved += _take_over(office, connection, item)
    return moved


def _take_over(office: Office, connection: Connection, item: OutboxItem) -> bool:
    if item.stage not in _MOVE:
        return False
    move, expected = _MOVE[item.stage]
    stored = records.get(connection, item.key.record_id)
    if stored is None or stored.record.revision != item.key.revision or stored.record.state not in expected:
        return False
    now = office.now()
    entry = replace(stored.record, state=after(stored.record.state, move), changed_at=now)
    refused = item.reasons if move is Move.REJECT else ()
    records.save(connection, replace(stored, record=entry, refused=refused))
    audit.append(
        connection,
        at=now,
        operator_id="station" if move is Move.VOID else "central",
        action=move.value,
        record_id=item.key.record_id,
        revision=item.key.revision,
        receipt_no=item.receipt_no,
    )
    return True
