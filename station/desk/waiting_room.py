"""Between desk and booth: the desk prepares the next people, the booth takes them, and nobody is taken twice.

Everything goes through these functions. Today the waiting room is this station's own database, so desk and booth sit at
one computer; a list that two computers share can take its place behind the same functions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from station.desk import minutiae
from station.desk.drafting import as_draft, draft_of, note, seen_today
from station.desk.office import Office
from station.domain.draft import Draft
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.record import Record
from station.domain.retention import DRAFT_WARNED_DAYS
from station.domain.steps import PARTS_OF, Step
from station.store import records
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


@dataclass(frozen=True)
class WaitingRoom:
    """Who may be recorded next, the longest waiting first; what is unfinished, the newest first but for what was left
    for ten days and more; how many in all.
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
        first, ready_in_all = records.ready(connection, NEXT)
        others, in_all = records.unready(connection, MOST_UNFINISHED, left_since=left_since)
    return WaitingRoom(tuple(map(_shown, first)), ready_in_all, tuple(map(_shown, others)), in_all)


def make_ready(office: Office, record_id: str) -> Draft:
    """The desk is done: the person may go to the booth. RuleError `waiting.not_prepared` while biodata is open."""
    office.require(Permission.ENTER_PERSON)
    with office.applicants.write() as connection:
        stored = draft_of(connection, record_id)
        draft = as_draft(office, connection, stored)
        if not (draft.done(Step.APPLICANT) and draft.done(Step.BIODATA)):
            raise RuleError("waiting.not_prepared")
        now = office.now()
        records.save(connection, records.touched(replace(stored, ready_at=now, step=next_step(draft)), now))
        note(office, connection, "ready", record_id)
        return as_draft(office, connection, draft_of(connection, record_id))


def take(office: Office, record_id: str) -> Draft:
    """The booth calls this person in, to the first device that is not done. RuleError `waiting.taken` when too late."""
    office.require(Permission.ENTER_BIOMETRICS)
    office.renew_policy()
    minutiae.complete(office, record_id)
    with office.applicants.write() as connection:
        stored = seen_today(office, draft_of(connection, record_id))
        if stored.ready_at is None:
            raise RuleError("waiting.taken")
        draft = as_draft(office, connection, stored)
        records.save(connection, records.touched(replace(stored, ready_at=None, step=next_step(draft)), office.now()))
        note(office, connection, "take", record_id)
        return as_draft(office, connection, draft_of(connection, record_id))


def next_step(draft: Draft) -> Step:
    """The first device that is not done; the review when all are."""
    return next((step for step in PARTS_OF if not draft.done(step)), Step.REVIEW)


def _shown(stored: Stored) -> Waiting:
    return Waiting(stored.record, stored.step, stored.ready_at, stored.answers.get("birth_date", ""))
