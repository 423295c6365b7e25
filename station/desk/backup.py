"""The second copy as people choose it: which medium, since when, and what is on it. Slow: not for the desk's thread."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from station.desk import moments, staff
from station.desk.office import Office
from station.domain.errors import AccessError
from station.domain.permission import Permission, allows
from station.store import audit, officers
from station.store.backup_book import BackupBook, ChosenMedium, change_book, load_book
from station.store.database import Database
from station.store.depot import Depot
from station.store.medium import Mark, Medium, claim, is_same_disk, tail_of
from station.store.snapshot import room_used as room_used


def choose(office: Office, place: Path) -> bool:
    """Keep the second copy in the folder `place` from now on; True when that is the disk of the station itself.

    AccessError; RuleError `backup.other_station`; SetupError `backup.no_folder`, `backup.unfit`; StoreError `stick.*`.
    """
    office.require(Permission.STORE_BACKUP)
    medium = use(office.depot, place, office.now())
    with office.applicants.write() as connection:
        audit.append(
            connection,
            at=office.now(),
            operator_id=office.operator.operator_id,
            action="backup.choose",
            medium=medium.mark.medium_id,
        )
    return is_same_disk(medium.root, office.depot.folder.root)


def use(depot: Depot, place: Path, at: datetime) -> Medium:
    """The same for whoever needs no permission: the technician at the command line, who has the folder anyway."""
    enrolment, _key = depot.enrolled()
    mark = Mark(
        medium_id=secrets.token_hex(16),
        station_id=enrolment.station_id,
        station_name=enrolment.station_name,
        office=enrolment.office,
        made_at=at,
    )
    medium = claim(place.absolute(), mark)

    def chosen(book: BackupBook) -> BackupBook:
        known = next((item for item in book.media if item.medium_id == medium.mark.medium_id), None)
        fresh = known or ChosenMedium(medium_id=medium.mark.medium_id, path="")
        entry = fresh.model_copy(update={"path": str(medium.place), "tail": tail_of(medium.place), "seen_at": at})
        return book.with_first(entry).model_copy(update={"chosen_at": book.chosen_at or at})

    change_book(depot.folder.backup, chosen)
    return medium


def check_right(depot: Depot, applicants: Database, operator_id: str, now: datetime) -> None:
    """AccessError unless this officer may make a backup and still works here, by the encrypted database."""
    with applicants.read() as connection:
        officer = officers.all_of(connection).get(operator_id)
        latest = moments.latest(connection, depot.clocks, now)
    if officer is None or not allows(officer.role, Permission.STORE_BACKUP):
        raise AccessError("access.role", role=officer.role if officer else "", needs=Permission.STORE_BACKUP)
    staff.check_right(officer, latest)


def forget(office: Office, medium_id: str) -> None:
    """Use that medium no more. What is on it stays there. AccessError."""
    office.require(Permission.STORE_BACKUP)
    change_book(office.depot.folder.backup, lambda book: book.without(medium_id))
    with office.applicants.write() as connection:
        me = office.operator.operator_id
        audit.append(connection, at=office.now(), operator_id=me, action="backup.forget", medium=medium_id)


def book_of(depot: Depot) -> BackupBook:
    """Which media were chosen."""
    return load_book(depot.folder.backup)
