"""Between desk and booth: the desk prepares the next people, the booth takes them, and nobody is taken twice.

Everything goes through these functions. Today the waiting room is this station's own database, so desk and booth sit at
one computer; a list that two computers share can take its place behind the same functions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from station.desk import minutiae, turns
from station.desk.drafting import as_draft, draft_of, note, seen_today
from station.desk.incomplete import steps_missing
from station.desk.office import Office
from station.desk.queue_days import counted, today
from station.domain.draft import Draft
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.record import Record
from station.domain.retention import DRAFT_WARNED_DAYS
from station.domain.steps import PARTS_OF, Step
from station.domain.turn import NO_REASON, Because
from station.store import records, tickets
from station.store.records import Stored

NEXT = 10
"""How many stand at the door: a list to be read at a glance."""
MOST_UNFINISHED = 30


@dataclass(frozen=True)
class Waiting:
    """As much of a draft as a list shows: who it is and how far."""

    record: Record
    step: Step
    ready_at: datetime | None
    birth_date: str = ""  # as stored, `1988-04-21`; '' while it is not known
    missing: tuple[Step, ...] = ()  # the devices that somebody who was captured in part comes back for
    ticket: int = 0
    counts: bool = True  # a number counts on its own day only


@dataclass(frozen=True)
class WaitingRoom:
    """Who may be recorded next, in the order of their numbers; what is unfinished, the newest first but for what was
    left for ten days and more; how many in all.
    """

    ready: tuple[Waiting, ...] = ()
    ready_in_all: int = 0
    unfinished: tuple[Waiting, ...] = ()
    unfinished_in_all: int = 0


def waiting(office: Office) -> WaitingRoom:
    """The people who are ready, and the drafts somebody is still at. What is beyond the lists is in the record list."""
    office.require(Permission.READ_PERSON)
    left_since = office.now() - timedelta(days=DRAFT_WARNED_DAYS)
    with office.applicants.read() as connection:
        first, ready_in_all = records.ready(connection, NEXT, days := counted(office))
        others, in_all = records.unready(connection, MOST_UNFINISHED, left_since=left_since)
        missing = steps_missing(connection, others)
    unfinished = tuple(_shown(stored, missing.get(stored.record.record_id, ())) for stored in others)
    ready = tuple(replace(_shown(stored), counts=stored.ticket_day in days) for stored in first)
    return WaitingRoom(ready, ready_in_all, unfinished, in_all)


def make_ready(office: Office, record_id: str) -> Draft:
    """The desk is done: the person gets the next number of the day and may go to the booth.

    Who waits today already keeps number and place. RuleError `waiting.not_prepared` while biodata is open.
    """
    office.require(Permission.ENTER_PERSON)
    days = counted(office)
    with office.applicants.write() as connection:
        stored = draft_of(connection, record_id)
        draft = as_draft(office, connection, stored)
        if not (draft.done(Step.APPLICANT) and draft.done(Step.BIODATA)):
            raise RuleError("waiting.not_prepared")
        now = office.now()
        if stored.ready_at is None or stored.ticket_day not in days:
            day = today(office)
            number = tickets.give_number(connection, day, days)
            stored = replace(stored, ready_at=now, ticket=number, ticket_day=day)
        records.save(connection, records.touched(replace(stored, step=next_step(draft)), now))
        note(office, connection, "ready", record_id, ticket=stored.ticket)
        return as_draft(office, connection, draft_of(connection, record_id))


def take(office: Office, record_id: str, because: Because = NO_REASON) -> Draft:
    """The booth calls this person in, to the first device that is not done. RuleError `waiting.taken` when too late.

    Before others of today only for a reason, and the audit trail tells of it; without one RuleError
    `waiting.out_of_turn` or `waiting.no_words`, of which it tells too.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    office.renew_policy()
    minutiae.complete(office, record_id)
    with office.applicants.write() as connection:
        stored = seen_today(office, draft_of(connection, record_id))
        if stored.ready_at is None:
            raise RuleError("waiting.taken")
        refused = turns.call(office, connection, stored, because)
        if refused is None:
            step = next_step(as_draft(office, connection, stored))
            called = replace(turns.passed(office, stored), ready_at=None, step=step)
            records.save(connection, records.touched(called, office.now()))
            note(office, connection, "take", record_id, ticket=stored.ticket)
            return as_draft(office, connection, draft_of(connection, record_id))
    raise refused


def let_past(office: Office, record_id: str, step: Step, because: Because = NO_REASON) -> Draft:
    """Somebody who did not stand in the queue today comes before a device, to `step`: past others only for a reason.

    The trail tells of it as of a call. RuleError `waiting.not_called` of somebody who waits; others as `take`.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    with office.applicants.write() as connection:
        stored = draft_of(connection, record_id)
        if stored.ready_at is not None:
            raise RuleError("waiting.not_called")
        refused = turns.call(office, connection, stored, because)
        if refused is None:
            called = replace(turns.passed(office, stored), step=step)
            records.save(connection, records.touched(called, office.now()))
            note(office, connection, "take", record_id, ticket=0)
            return as_draft(office, connection, draft_of(connection, record_id))
    raise refused


def next_step(draft: Draft) -> Step:
    """The first device that is not done; the review when all are."""
    return next((step for step in PARTS_OF if not draft.done(step)), Step.REVIEW)


def _shown(stored: Stored, missing: tuple[Step, ...] = ()) -> Waiting:
    born = stored.answers.get("birth_date", "")
    return Waiting(stored.record, stored.step, stored.ready_at, born, missing, stored.ticket)
