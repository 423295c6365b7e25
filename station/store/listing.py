"""The record list: which records fit, in which order, a page at a time, and how many stand under each chip.

Searching and sorting go through the view `record_line`, which reads nothing but an index; whole records are read for
the page only. Every order ends with the record id, so that a page begins exactly where the one before ended. Call
`standings.lay_beside` on the same connection first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    func,
    or_,
    select,
)

from station.domain.biometrics import Part
from station.domain.delivery import Stage
from station.domain.record import State
from station.domain.rows import Filter, Order, View
from station.domain.sought import Sought
from station.store.columns import UtcTime
from station.store.records import Stored, as_stored, lapsed_ids
from station.store.standings import standing
from station.store.tables import capture, record

line = Table(
    "record_line",
    MetaData(),
    Column("record_id", String(36)),
    Column("revision", Integer),
    Column("state", String(16)),
    Column("name", String(60)),
    Column("nik", String(16)),
    Column("registration_no", String(40)),
    Column("started_at", UtcTime),
    Column("changed_at", UtcTime),
    Column("village", String(13)),
    Column("operator_id", String(40)),
    Column("service", String(24)),
)
_AT_ONCE = 500
_STATE_PLACE = {
    State.DRAFT: 0,
    State.REJECTED: 1,
    State.SEALED: 2,
    State.ACCEPTED: 3,
    State.WITHDRAWN: 4,
}
_BESIDE = line.outerjoin(
    standing, and_(standing.c.record_id == line.c.record_id, standing.c.revision == line.c.revision)
)
_captured = select(func.count()).where(capture.c.record_id == line.c.record_id).correlate(line).scalar_subquery()
_excepted = (
    select(func.json_array_length(record.c.exceptions))
    .where(record.c.record_id == line.c.record_id)
    .correlate(line)
    .scalar_subquery()
)
"""A part is captured or excepted, never both."""
_STOPPED = func.coalesce(standing.c.stage, "").in_([Stage.PARKED.value, Stage.REJECTED.value])


def page(
    connection: Connection, sought: Sought, which: Filter, view: View, *, offset: int, limit: int
) -> tuple[tuple[Stored, ...], int]:
    """A page of the records that fit, and how many fit in all."""
    lapsed = lapsed_ids(connection) if which is Filter.INCOMPLETE else ()
    condition = and_(_under(which, lapsed), _fits(sought), _narrowed(view))
    total = connection.execute(select(func.count()).select_from(_BESIDE).where(condition)).scalar_one()
    query = select(line.c.record_id).select_from(_BESIDE).where(condition).order_by(*_ordered(view))
    ids = list(connection.execute(query.offset(offset).limit(limit)).scalars())
    return tuple(_whole(connection, ids)), int(total)


def count(connection: Connection, view: View) -> dict[Filter, int]:
    """How many records stand under each chip."""
    lapsed = lapsed_ids(connection)
    columns = [func.sum(case((_under(which, lapsed), 1), else_=0)) for which in Filter]
    found = connection.execute(select(*columns).select_from(_BESIDE).where(_narrowed(view))).one()
    return {which: int(number or 0) for which, number in zip(Filter, found, strict=True)}


def ids_named(connection: Connection, words: Sequence[str], limit: int) -> tuple[str, ...]:
    """Record ids whose name holds every one of `words` (upper case), the newest first. Needs nothing laid beside."""
    fits = [line.c.name.contains(word, autoescape=True) for word in words]
    query = select(line.c.record_id).where(*fits).order_by(line.c.record_id.desc()).limit(limit)
    return tuple(connection.execute(query).scalars())


def _whole(connection: Connection, ids: Sequence[str]) -> Iterator[Stored]:
    """The records of `ids`, in that order."""
    for first in range(0, len(ids), _AT_ONCE):
        wanted = ids[first : first + _AT_ONCE]
        rows = connection.execute(select(record).where(record.c.record_id.in_(wanted)))
        found = {row.record_id: as_stored(row) for row in rows}
        yield from (found[record_id] for record_id in wanted)


def _under(which: Filter, lapsed: Collection[str]) -> ColumnElement[bool]:
    """The records of a chip. A packet that was stopped does not go by itself, so its record is not waiting.

    `lapsed` are the drafts of `lapsed_ids`.
    """
    match which:
        case Filter.DRAFT:
            return line.c.state == State.DRAFT.value
        case Filter.INCOMPLETE:
            partly = or_(_captured + _excepted < len(Part), line.c.record_id.in_(lapsed))
            return and_(line.c.state == State.DRAFT.value, _captured > 0, partly)
        case Filter.WAITING:
            return and_(line.c.state == State.SEALED.value, ~_STOPPED)
        case Filter.RECEIPTED:
            return and_(line.c.state == State.ACCEPTED.value, ~_STOPPED)
        case Filter.NEEDS_REPAIR:
            return or_(line.c.state == State.REJECTED.value, _STOPPED)
        case Filter.QUIET:
            return and_(line.c.state == State.ACCEPTED.value, func.coalesce(standing.c.quiet, 0) == 1)
        case _:
            return line.c.record_id.is_not(None)


def _fits(sought: Sought) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if sought.words:
        ways.append(and_(*(line.c.name.like(word, escape="\\") for word in sought.words)))
    if sought.nik:
        ways.append(line.c.nik.like(sought.nik))
    if sought.numbers:
        plain = func.replace(line.c.registration_no, "-", "")
        ways += [plain.like(number) for number in sought.numbers]
    return or_(*ways) if ways else line.c.record_id.is_not(None)


def _narrowed(view: View) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [line.c.record_id.is_not(None)]
    if view.first_day is not None:
        conditions.append(line.c.started_at >= _midnight(view.first_day))
    if view.last_day is not None:
        conditions.append(line.c.started_at < _midnight(view.last_day + timedelta(days=1)))
    if view.operator_id:
        conditions.append(line.c.operator_id == view.operator_id)
    if view.service is not None:
        conditions.append(line.c.service == view.service.value)
    return and_(*conditions)


def _midnight(day: date) -> datetime:
    """When `day` begins here, in this computer's zone."""
    return datetime.combine(day, time()).astimezone(UTC)


def _ordered(view: View) -> Sequence[ColumnElement[Any]]:
    """What has no value comes last in both directions: an empty name is not before A."""
    values = _values(view.order)
    turned = [value.desc().nulls_last() if view.descending else value.asc().nulls_last() for value in values]
    return (*turned, line.c.record_id)


def _values(order: Order) -> Sequence[ColumnElement[Any]]:
    match order:
        case Order.STARTED:
            return (line.c.started_at,)
        case Order.NAME:
            return (func.nullif(line.c.name, ""),)
        case Order.PLACE:
            return (func.nullif(line.c.village, ""),)
        case Order.STATE:
            return (case(_STATE_PLACE, value=line.c.state), standing.c.place, standing.c.code)
        case Order.NEWS:
            return (standing.c.at,)
        case _:
            return (line.c.changed_at,)
