"""The order of the queue: who may be called now, what it takes to call somebody before, and that it is written down.

A line about a call out of turn has a number and no record: why somebody was preferred may be said of their body.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from station.desk.drafting import comes_in_person, draft_of, storable
from station.desk.office import Office
from station.desk.queue_days import counted, today
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.turn import MAX_WORDS, Because, Turn, Why
from station.store import audit, tickets
from station.store.database import Connection
from station.store.records import Stored

OUT_OF_TURN, REFUSED, NO_NUMBER = "call_out_of_turn", "call_refused", "out_of_queue"
"""Actions of the audit trail of which the report of the day is made."""


def turn_of(office: Office, record_id: str) -> Turn:
    """How somebody stands in the queue. RuleError `record.not_draft`."""
    office.require(Permission.READ_PERSON)
    with office.applicants.read() as connection:
        return tickets.turn_of(connection, draft_of(connection, record_id), counted(office))


def with_number(office: Office, number: int) -> str:
    """The record that waits with this number of today. RuleError `waiting.no_such_number`."""
    office.require(Permission.READ_PERSON)
    with office.applicants.read() as connection:
        found = tickets.holder(connection, number, counted(office))
    if found is None:
        raise RuleError("waiting.no_such_number", ticket=number)
    return found


def call(office: Office, connection: Connection, stored: Stored, because: Because) -> RuleError | None:
    """Whether this person may be called in; either way the trail tells of it, in the caller's transaction.

    The error is given back and not raised: raised there, it would take its own line in the trail with it.
    """
    turn = tickets.turn_of(connection, stored, counted(office))
    if turn.is_theirs:
        return None
    if not because.holds:
        _note(office, connection, REFUSED, turn)
        code = "waiting.no_words" if because.why is Why.OTHER else "waiting.out_of_turn"
        return RuleError(code, ticket=turn.ticket, first=turn.first, n=turn.ahead)
    words = " ".join(storable(because.words).split())[:MAX_WORDS] if because.why is Why.OTHER else ""
    _note(office, connection, OUT_OF_TURN, turn, why=because.why, words=words)
    return None


def note_unnumbered(office: Office, connection: Connection, stored: Stored) -> Stored:
    """Somebody is before a device who did not stand in the queue today: with people waiting, that is told, once a day.

    The record as it is to be saved.
    """
    if not comes_in_person(stored):
        return stored
    days = counted(office)
    if stored.ticket_day not in days:
        turn = tickets.turn_of(connection, stored, days)
        if turn.ahead:
            _note(office, connection, NO_NUMBER, turn)
    return passed(office, stored)


def passed(office: Office, stored: Stored) -> Stored:
    """The same of somebody who has had their turn today: nothing is asked or told of them again."""
    return stored if stored.ticket_day in counted(office) else replace(stored, ticket=0, ticket_day=today(office))


def _note(office: Office, connection: Connection, action: str, turn: Turn, **detail: object) -> None:
    me = office.operator.operator_id
    told: dict[str, Any] = {"ticket": turn.ticket, "first_ticket": turn.first, "ahead": turn.ahead, **detail}
    audit.append(connection, at=office.now(), operator_id=me, action=action, **told)
