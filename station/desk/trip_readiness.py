"""What is still missing before a crew leaves. Nothing of it forbids the trip; all of it is said the day before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from station.desk.office import Office
from station.desk.trip_list import card_of, facts_of
from station.domain.permission import Permission
from station.domain.trip import KIT, LIST_OLD_AFTER_DAYS, Plan
from station.store import trips


class Lack(StrEnum):
    """One thing that is missing or will be."""

    NO_LIST = "no_list"
    LIST_EXPIRES = "list_expires"  # expires_at, before the day of the trip is over
    LIST_OLD = "list_old"  # days, on the day of the trip
    LIST_NEWER = "list_newer"  # version: a newer list is here than the one the sheet was made from
    NOBODY_INVITED = "nobody_invited"
    NO_CREW = "no_crew"
    NO_PLACE = "no_place"
    KIT_OPEN = "kit_open"  # count
    OUTBOX_WAITING = "outbox_waiting"  # count
    OTHER_TRIP_OPEN = "other_trip_open"  # count of trips before this one that are not closed


@dataclass(frozen=True)
class Missing:
    """A lack with what its sentence needs."""

    lack: Lack
    data: Mapping[str, object] = field(default_factory=dict)


def readiness(office: Office, plan: Plan, trip_id: str = "", invited: int = 0) -> tuple[Missing, ...]:
    """What is missing for `plan`, the most serious first; empty means: ready to leave.

    `invited` is how many people the sheet of the trip holds, or would hold.
    """
    office.require(Permission.READ_PERSON)
    found = [*_of_list(office, plan, trip_id, invited)]
    with office.applicants.read() as connection:
        others = [trip for trip in trips.every(connection) if trip.open and trip.plan.day < plan.day]
    if before := [trip for trip in others if trip.trip_id != trip_id]:
        found.append(Missing(Lack.OTHER_TRIP_OPEN, {"count": len(before)}))
    waiting = office.depot.outbox.counts(day_start=_midnight(office)).waiting
    if waiting:
        found.append(Missing(Lack.OUTBOX_WAITING, {"count": waiting}))
    if not plan.place:
        found.append(Missing(Lack.NO_PLACE))
    if not plan.crew:
        found.append(Missing(Lack.NO_CREW))
    if unpacked := len(set(KIT) - plan.kit):
        found.append(Missing(Lack.KIT_OPEN, {"count": unpacked}))
    return tuple(found)


def _of_list(office: Office, plan: Plan, trip_id: str, invited: int) -> list[Missing]:
    """Judged by the list the sheet was made from, or the one it would be made from."""
    card = card_of(office, plan.village)
    with office.applicants.read() as connection:
        trip = trips.get(connection, trip_id) if trip_id else None
    used = trip.targets if trip else None
    facts = used or (facts_of(card) if card else None)
    if facts is None:
        return [Missing(Lack.NO_LIST)]
    found = []
    day_over = datetime.combine(plan.day + timedelta(days=1), datetime.min.time()).astimezone()
    if facts.expires_at < day_over:
        found.append(Missing(Lack.LIST_EXPIRES, {"expires_at": facts.expires_at}))
    age = (plan.day - facts.made_at.astimezone().date()).days
    if age > LIST_OLD_AFTER_DAYS:
        found.append(Missing(Lack.LIST_OLD, {"days": age}))
    if trip and card and card.version > (used.version if used else 0):
        found.append(Missing(Lack.LIST_NEWER, {"version": card.version}))
    if not invited:
        found.append(Missing(Lack.NOBODY_INVITED))
    return found


def _midnight(office: Office) -> datetime:
    return office.local_now().replace(hour=0, minute=0, second=0, microsecond=0)
