"""Faults of devices as they were reported, and what was done about them. Codes and numbers only: they go to central.

Must not know what a device did; one ticket at a time is open of a device, and its age counts from the first report.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from station.domain.fault import Fault, Remedy, Ticket
from station.store.database import Database
from station.store.tables import device_ticket

KEPT_TICKETS = 1_000


class DeviceTickets:
    """The table device_ticket; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, name: str, fault: Fault, *, at: datetime, by_trend: bool = False) -> Ticket:
        """Report it broken. One that is open already stays as it is."""
        with self._database.write() as connection:
            found = open_of(connection, name)
            if found is not None:
                return found
            values = {"device_id": name, "opened_at": at, "reason": fault.value, "by_trend": by_trend}
            done = connection.execute(insert(device_ticket).values(**values))
            newest = done.inserted_primary_key
            assert newest is not None
            closed = device_ticket.c.closed_at.is_not(None)
            old = device_ticket.c.number <= newest[0] - KEPT_TICKETS
            connection.execute(delete(device_ticket).where(closed, old))
            return Ticket(newest[0], name, at, fault, by_trend)

    def close(self, number: int, remedy: Remedy, *, at: datetime) -> None:
        """Something was done about it; one that is closed already stays as it is."""
        with self._database.write() as connection:
            mine = update(device_ticket).where(device_ticket.c.number == number, device_ticket.c.closed_at.is_(None))
            connection.execute(mine.values(closed_at=at, remedy=remedy.value))

    def take_back(self, name: str, faults: Collection[Fault], *, at: datetime, late: timedelta = timedelta(0)) -> None:
        """What the program had reported of this device by itself is no longer so. `late`: it is told so long after `at`
        at most, and what was found meanwhile stands.
        """
        with self._database.write() as connection:
            found = open_of(connection, name)
            if found is not None and at < found.opened_at <= at + late:
                return
            if found is not None and found.by_trend and found.fault in faults:
                mine = update(device_ticket).where(device_ticket.c.number == found.number)
                connection.execute(mine.values(closed_at=at, remedy=Remedy.BY_ITSELF.value))

    def closed_at(self, name: str) -> datetime | None:
        """When the last ticket of this device was closed."""
        query = select(func.max(device_ticket.c.closed_at)).where(device_ticket.c.device_id == name)
        with self._database.read() as connection:
            found: datetime | None = connection.execute(query).scalar()
            return found

    def closed(self, name: str, limit: int = 5) -> tuple[Ticket, ...]:
        """What was reported of it before, the last closed first."""
        mine = (device_ticket.c.device_id == name, device_ticket.c.closed_at.is_not(None))
        query = select(device_ticket).where(*mine).order_by(device_ticket.c.closed_at.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(_ticket(row) for row in connection.execute(query).all())


def open_of(connection: Connection, name: str) -> Ticket | None:
    """The open ticket of a device."""
    mine = select(device_ticket).where(device_ticket.c.device_id == name, device_ticket.c.closed_at.is_(None))
    row = connection.execute(mine.order_by(device_ticket.c.number).limit(1)).first()
    return None if row is None else _ticket(row)


def repaired_at(connection: Connection, name: str) -> datetime | None:
    """When somebody did something about a device for the last time.

    Of tickets closed before it was asked what was done, nothing is known: only people closed them then.
    """
    by_people = or_(device_ticket.c.remedy.is_(None), device_ticket.c.remedy != Remedy.BY_ITSELF.value)
    done = (device_ticket.c.device_id == name, device_ticket.c.closed_at.is_not(None), by_people)
    query = select(func.max(device_ticket.c.closed_at)).where(*done)
    found: datetime | None = connection.execute(query).scalar()
    return found


def _ticket(row: Any) -> Ticket:
    remedy = Remedy(row.remedy) if row.remedy else None
    return Ticket(
        row.number, row.device_id, row.opened_at, Fault(row.reason), bool(row.by_trend), row.closed_at, remedy
    )
