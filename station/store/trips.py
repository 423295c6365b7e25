"""Trips and their sheets in `applicants.db`. Functions take an open transaction and give back frozen dataclasses."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from station.domain.reconciliation import TripRecord
from station.domain.record import State
from station.domain.trip import ListFacts, Mark, Plan, Trip, TripPerson, WhyNot
from station.store.tables import record, referral, trip, trip_person

_CHUNK = 500
"""Values in one question; SQLite takes a limited number."""
KEEP_DAYS = 14
_DONE = (State.SEALED.value, State.ACCEPTED.value, State.REJECTED.value)


@dataclass(frozen=True)
class Sums:
    """What the list of trips shows of each."""

    invited: int = 0
    recorded: int = 0


def add(connection: Connection, made: Trip) -> None:
    """Insert a new trip."""
    connection.execute(
        insert(trip).values(trip_id=made.trip_id, created_at=made.created_at, report="{}", **_kept(made))
    )


def save(connection: Connection, changed: Trip) -> None:
    """Write back a trip that was read in this transaction."""
    kept = {**_kept(changed), "closed_at": changed.closed_at, "report": json.dumps(dict(changed.report))}
    connection.execute(update(trip).where(trip.c.trip_id == changed.trip_id).values(**kept))


def remove(connection: Connection, trip_id: str) -> None:
    """The trip and its sheet."""
    connection.execute(delete(trip_person).where(trip_person.c.trip_id == trip_id))
    connection.execute(delete(trip).where(trip.c.trip_id == trip_id))


def get(connection: Connection, trip_id: str) -> Trip | None:
    """The trip, or None."""
    row = connection.execute(select(trip).where(trip.c.trip_id == trip_id)).first()
    return None if row is None else _trip(row)


def every(connection: Connection) -> tuple[Trip, ...]:
    """All trips, the latest day first."""
    return tuple(_trip(row) for row in connection.execute(select(trip).order_by(trip.c.day.desc(), trip.c.created_at)))


def open_on(connection: Connection, day: date) -> Trip | None:
    """The trip of `day` that is under way: the first one prepared that is not closed."""
    query = select(trip).where(trip.c.day == day.isoformat(), trip.c.closed_at.is_(None)).order_by(trip.c.created_at)
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _trip(row)


def sums(connection: Connection) -> dict[str, Sums]:
    """Invited and recorded people by trip."""
    asked = select(trip_person.c.trip_id, func.count()).where(trip_person.c.invited).group_by(trip_person.c.trip_id)
    invited = {row[0]: int(row[1]) for row in connection.execute(asked)}
    done = select(
        record.c.trip_id, func.count(func.distinct(func.coalesce(func.nullif(record.c.nik, ""), record.c.record_id)))
    )
    done = done.where(record.c.trip_id != "", record.c.state.in_(_DONE)).group_by(record.c.trip_id)
    recorded = {row[0]: int(row[1]) for row in connection.execute(done)}
    return {key: Sums(invited.get(key, 0), recorded.get(key, 0)) for key in {*invited, *recorded}}


def people(connection: Connection, trip_id: str) -> tuple[TripPerson, ...]:
    """The sheet of a trip, in the order of its units and names."""
    query = select(trip_person).where(trip_person.c.trip_id == trip_id)
    order = (trip_person.c.rw, trip_person.c.rt, trip_person.c.name, trip_person.c.nik)
    return tuple(_person(row) for row in connection.execute(query.order_by(*order)))


def person(connection: Connection, trip_id: str, nik: str) -> TripPerson | None:
    """One person of the sheet, or None."""
    query = select(trip_person).where(trip_person.c.trip_id == trip_id, trip_person.c.nik == nik)
    row = connection.execute(query).first()
    return None if row is None else _person(row)


def put_people(connection: Connection, trip_id: str, found: Iterable[TripPerson]) -> None:
    """Add people to the sheet, in place of those with the same NIK."""
    rows = [_row(trip_id, item) for item in found]
    drop_people(connection, trip_id, [row["nik"] for row in rows])
    if rows:
        connection.execute(insert(trip_person), rows)


def drop_people(connection: Connection, trip_id: str, niks: Collection[str]) -> None:
    """Take people off the sheet."""
    wanted = list(niks)
    for at in range(0, len(wanted), _CHUNK):
        part = wanted[at : at + _CHUNK]
        connection.execute(delete(trip_person).where(trip_person.c.trip_id == trip_id, trip_person.c.nik.in_(part)))


def records_of(connection: Connection, trip_id: str) -> tuple[TripRecord, ...]:
    """The records that were begun on the trip and not withdrawn, oldest first."""
    query = select(record.c.record_id, record.c.nik, record.c.name, record.c.state).where(
        record.c.trip_id == trip_id, record.c.state != State.WITHDRAWN.value
    )
    rows = connection.execute(query.order_by(record.c.started_at, record.c.record_id))
    return tuple(TripRecord(row.record_id, row.nik or "", row.name or "", State(row.state)) for row in rows)


def done_niks(connection: Connection, *, besides: str = "") -> frozenset[str]:
    """NIKs with a sealed record here, those of the trip `besides` left out."""
    query = select(record.c.nik).where(record.c.state.in_(_DONE), record.c.nik != "")
    if besides:
        query = query.where(record.c.trip_id != besides)
    return frozenset(connection.execute(query).scalars())


def referrals(connection: Connection, trip_id: str) -> int:
    """How many people were referred elsewhere on the trip."""
    query = select(func.count()).select_from(referral).where(referral.c.trip_id == trip_id)
    return int(connection.execute(query).scalar_one())


def forget_people(connection: Connection, now: datetime) -> int:
    """Wipe the sheets of closed trips whose target list has expired; the counts stay. How many people went.

    A trip that went without a list keeps its people as long as a list lives that was made at its closing.
    """
    expired = or_(
        trip.c.roster_expires_at < now,
        and_(trip.c.roster_expires_at.is_(None), trip.c.closed_at < now - timedelta(days=KEEP_DAYS)),
    )
    over = select(trip.c.trip_id).where(trip.c.closed_at.is_not(None), expired)
    return int(connection.execute(delete(trip_person).where(trip_person.c.trip_id.in_(over))).rowcount)


def _kept(made: Trip) -> dict[str, Any]:
    plan, targets = made.plan, made.targets
    return {
        "day": plan.day.isoformat(),
        "village": plan.village,
        "place": plan.place,
        "crew": json.dumps(plan.crew, ensure_ascii=False),
        "kit": json.dumps(sorted(plan.kit)),
        "rts": json.dumps(plan.rts),
        "roster_version": targets.version if targets else 0,
        "roster_made_at": targets.made_at if targets else None,
        "roster_expires_at": targets.expires_at if targets else None,
    }


def _trip(row: Any) -> Trip:
    plan = Plan(
        day=date.fromisoformat(row.day),
        village=row.village,
        place=row.place,
        crew=tuple(json.loads(row.crew)),
        kit=frozenset(json.loads(row.kit)),
        rts=None if (rts := json.loads(row.rts)) is None else tuple(rts),
    )
    targets = None
    if row.roster_made_at is not None:
        targets = ListFacts(row.roster_version, row.roster_made_at, row.roster_expires_at)
    report: Mapping[str, int] = json.loads(row.report)
    return Trip(row.trip_id, plan, targets, row.created_at, row.closed_at, report)


def _row(trip_id: str, item: TripPerson) -> dict[str, Any]:
    return {
        "trip_id": trip_id,
        "nik": item.nik,
        "name": item.name,
        "rt": item.rt,
        "rw": item.rw,
        "birth_date": item.birth_date,
        "address": item.address,
        "invited": item.invited,
        "by_hand": item.by_hand,
        "mark": item.mark.value,
        "reason": item.why_not.value,
        "marked_at": item.marked_at,
        "operator_id": item.operator_id,
        "note": item.note,
    }


def _person(row: Any) -> TripPerson:
    return TripPerson(
        nik=row.nik,
        name=row.name,
        rt=row.rt,
        rw=row.rw,
        birth_date=row.birth_date,
        address=row.address,
        invited=row.invited,
        by_hand=row.by_hand,
        mark=Mark(row.mark),
        why_not=WhyNot(row.reason),
        note=row.note,
        marked_at=row.marked_at,
        operator_id=row.operator_id,
    )
