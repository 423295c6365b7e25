"""What leaves the program on a person's wish: the sheet of a trip and its report as text files, without any NIK."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from station.desk import consents
from station.desk.office import Office
from station.desk.trip_day import Sheet
from station.desk.trips import note, trip_of
from station.desk.vouchers import Voucher
from station.domain.consent import Consent
from station.domain.errors import StoreError
from station.domain.permission import Permission
from station.domain.trip import Trip
from station.store.folder import owner_only

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def file_stem(trip: Trip) -> str:
    """How files of a trip are called: its day and village, nobody's name."""
    return f"kunjungan-{trip.plan.day.isoformat()}-{trip.plan.village}"


def rows_by_unit(sheet: Sheet) -> dict[str, list[tuple[str, str, str]]]:
    """Name, birth year and address of the invited people by RT/RW: what an invitation list may show."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in sheet.rows:
        if row.person.invited:
            person = row.person
            found.setdefault(person.unit, []).append((person.name, person.birth_date[:4], person.address))
    return found


def list_csv(sheet: Sheet, heads: Sequence[str]) -> bytes:
    """The invitation list: RT/RW, number, name, birth year, address. `heads` are the five headings."""
    lines: list[Sequence[str]] = [heads]
    for unit, people in rows_by_unit(sheet).items():
        lines.extend((unit, str(number), *person) for number, person in enumerate(people, start=1))
    return _csv(lines)


def report_csv(lines: Sequence[tuple[str, int]]) -> bytes:
    """The closed sums as headings and numbers."""
    return _csv([(text, str(number)) for text, number in lines])


def save_list(office: Office, trip_id: str, file: Path, data: bytes, voucher: Voucher | None = None) -> None:
    """Write a list with people's names where the person said, as `save`.

    RuleError `consent.names_taken` without a colleague's word, where somebody could give one.
    """
    office.require(Permission.PRINT_PAPER)
    by = consents.ALONE
    if consents.needed_for_names(office):
        with office.applicants.write() as connection:
            by = consents.use(office, connection, voucher, trip_id, (), Consent.NAMES_TAKEN)
    _write(file, data)
    note_paper(office, trip_id, "list.csv", agreed_by=by)


def save(office: Office, trip_id: str, kind: str, file: Path, data: bytes) -> None:
    """Write `data` where the person said, and note in the audit that it left. StoreError `trip.not_saved`."""
    office.require(Permission.PRINT_PAPER)
    _write(file, data)
    note_paper(office, trip_id, f"{kind}.csv")


def _write(file: Path, data: bytes) -> None:
    try:
        with open(file, "wb", opener=owner_only) as writing:
            writing.write(data)
    except OSError as problem:
        raise StoreError("trip.not_saved", errno=problem.errno or 0) from problem


def note_paper(office: Office, trip_id: str, kind: str, **more: object) -> None:
    """Note in the audit that a paper with people's names was made."""
    office.require(Permission.PRINT_PAPER)
    with office.applicants.write() as connection:
        note(office, connection, "trip_paper", trip_of(connection, trip_id), kind=kind, **more)


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    """Semicolons and a byte order mark: what the spreadsheets of an Indonesian office open in columns."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([[_plain(cell) for cell in row] for row in lines])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
