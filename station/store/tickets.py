"""Numbers of the queue in `applicants.db`: given once a day, and who waits with which. Knows no officer."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, select

from station.domain.record import State
from station.domain.turn import Turn
from station.store.records import Stored
from station.store.tables import record


def next_number(connection: Connection, day: str) -> int:
    """The next number of `day` (ISO). A record keeps its number for ever, so none is given twice."""
    query = select(func.max(record.c.ticket)).where(record.c.ticket_day == day)
    return int(connection.execute(query).scalar() or 0) + 1


def given(connection: Connection, day: str) -> int:
    """How many numbers were given out on `day`."""
    return next_number(connection, day) - 1


def turn_of(connection: Connection, stored: Stored, day: str) -> Turn:
    """How this record stands among those that wait with a number of `day`. A number of another day comes last."""
    own = stored.ticket if stored.ticket_day == day else 0
    others = [*_waits(day), record.c.record_id != stored.record.record_id]
    if own:
        others.append(record.c.ticket < own)
    ahead, first = connection.execute(select(func.count(), func.min(record.c.ticket)).where(*others)).one()
    return Turn(own, int(ahead), int(first or 0))


def holder(connection: Connection, number: int, day: str) -> str | None:
    """The record that waits with this number of `day`, or None."""
    query = select(record.c.record_id).where(*_waits(day), record.c.ticket == number)
    found: str | None = connection.execute(query).scalar()
    return found


def _waits(day: str) -> list[ColumnElement[bool]]:
    return [record.c.state == State.DRAFT.value, record.c.ready_at.is_not(None), record.c.ticket_day == day]
