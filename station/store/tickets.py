"""Numbers of the queue in `applicants.db`: given once a day, and who waits with which. Knows no officer."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from station.domain.record import State
from station.domain.turn import Turn
from station.store.records import Stored, in_turn
from station.store.tables import counter, record


def give_number(connection: Connection, day: str, days: Collection[str]) -> int:
    """The next number of `day` (ISO), counted on from all `days` that count with it.

    It is kept apart from the records: a number that went with its record to another day is not given again.
    """
    names = [_name(item) for item in days]
    kept = connection.execute(select(func.max(counter.c.last)).where(counter.c.day.in_(names))).scalar()
    known = connection.execute(select(func.max(record.c.ticket)).where(record.c.ticket_day.in_(days))).scalar()
    number = max(int(kept or 0), int(known or 0)) + 1
    values = upsert(counter).values(day=_name(day), last=number)
    connection.execute(values.on_conflict_do_update(index_elements=["day"], set_={"last": number}))
    return number


def turn_of(connection: Connection, stored: Stored, days: Collection[str]) -> Turn:
    """How this record stands among those that wait with a number of `days`, the oldest day first.

    A number of another day comes after all of these, and after those who wait longer with such a number.
    """
    counts = record.c.ticket_day.in_(days)
    own = stored.ticket if stored.ticket_day in days else 0
    older = or_(
        record.c.ticket_day < stored.ticket_day,
        and_(record.c.ticket_day == stored.ticket_day, record.c.ticket < stored.ticket),
    )
    before = and_(counts, older) if own else counts if stored.ready_at is None else or_(counts, older)
    which = (*_waits(), record.c.record_id != stored.record.record_id, before)
    ahead = connection.execute(select(func.count()).select_from(record).where(*which)).scalar_one()
    first = connection.execute(select(record.c.ticket).where(*which).order_by(*in_turn(days)).limit(1)).scalar()
    return Turn(own, int(ahead), int(first or 0))


def anybody_waits(connection: Connection) -> bool:
    """Whether there is a queue at all."""
    return connection.execute(select(record.c.record_id).where(*_waits()).limit(1)).first() is not None


def holder(connection: Connection, number: int, days: Collection[str]) -> str | None:
    """The record that waits with this number of `days`, or None."""
    which = (*_waits(), record.c.ticket_day.in_(days), record.c.ticket == number)
    found: str | None = connection.execute(select(record.c.record_id).where(*which).order_by(*in_turn(days))).scalar()
    return found


def _waits() -> tuple[ColumnElement[bool], ...]:
    return record.c.state == State.DRAFT.value, record.c.ready_at.is_not(None)


def _name(day: str) -> str:
    """Beside the counters of registration numbers, which are named by the day alone."""
    return "q" + day.replace("-", "")
