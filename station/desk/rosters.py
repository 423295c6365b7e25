"""Target lists (paket data luring) as an operator uses them: importing, searching, wiping. All of it is audited."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from station.desk.disk_guard import require_room
from station.desk.office import Office
from station.domain.permission import Permission
from station.domain.target import RosterCard, Target
from station.seal.bundle_file import Parts, open_file, open_parts
from station.store import audit
from station.store.database import Connection
from station.store.rosters import Also, Progress, Trust
from station.store.secrets import BUNDLE_IDENTITY, secret_of

SEARCHES_NOTED_EVERY_S = 60.0


def cards(office: Office) -> tuple[RosterCard, ...]:
    """The lists here, by area."""
    return office.rosters.cards()


def person(office: Office, nik: str) -> Target | None:
    """The person with this NIK on any list, or None. Not audited: the first step asks at every NIK."""
    return office.rosters.get(nik)


def find(office: Office, text: str, *, village: str = "", offset: int = 0, limit: int = 50) -> tuple[Target, ...]:
    """People whose name or NIK fits what was typed, best first: see Rosters.find. Audited without the text."""
    office.require(Permission.READ_PERSON)
    _count_search(office)
    return office.rosters.find(text, village=village, offset=offset, limit=limit)


def of_area(
    office: Office, area: str, *, rt: str = "", rw: str = "", offset: int = 0, limit: int = 50
) -> tuple[Target, ...]:
    """People of a village, or of one RT there, by RW, RT and name. Audited."""
    office.require(Permission.READ_PERSON)
    _count_search(office)
    return office.rosters.of_area(area, rt=rt, rw=rw, offset=offset, limit=limit)


def count(office: Office, area: str = "", *, rt: str = "", rw: str = "") -> int:
    """How many people the lists have in `area`."""
    office.require(Permission.READ_PERSON)
    return office.rosters.count(area, rt=rt, rw=rw)


def import_file(
    office: Office, path: Path, on_progress: Progress = lambda done, total: None, stop: Event | None = None
) -> RosterCard:
    """Import a `.roster` file, as from a USB stick. Slow: for a worker thread. All or nothing.

    Errors: those of `open_file` and of `Rosters.import_bundle`.
    """
    office.require(Permission.ENTER_LIST)
    return _import(office, open_file(path), "usb", on_progress, stop)


def import_parts(
    office: Office,
    head: str,
    body: Path,
    on_progress: Progress = lambda done, total: None,
    stop: Event | None = None,
) -> RosterCard:
    """Import what was fetched from central: the signed head, and the file with the body. Otherwise as `import_file`."""
    return _import(office, open_parts(head, body), "central", on_progress, stop)


def drop(office: Office, area: str, version: int | None = None) -> None:
    """Wipe the list of `area`. RuleError `roster.unknown` when there is none, or not of this `version`."""
    office.require(Permission.ENTER_LIST)
    office.rosters.drop(area, _audited(office, "roster_drop"), version=version)


def drop_expired(office: Office) -> tuple[RosterCard, ...]:
    """Wipe what has expired: at sign-in, and every minute or so while somebody is signed in."""
    return office.rosters.drop_expired(
        min(_times(office)), office.clock.monotonic(), _audited(office, "roster_expired")
    )


def note_searches(office: Office) -> None:
    """Write down searches that were counted and not yet audited: before signing out."""
    tally = office.searches
    if not tally.counted:
        return
    with office.applicants.write() as connection:
        audit.append(
            connection,
            at=office.now(),
            operator_id=office.operator.operator_id,
            action="roster_search",
            searches=tally.counted,
        )
    tally.counted, tally.noted_at = 0, office.clock.monotonic()


def _import(
    office: Office,
    bundle: AbstractContextManager[Parts],
    source: str,
    on_progress: Progress,
    stop: Event | None,
) -> RosterCard:
    require_room(office)
    enrolment, key = office.depot.enrolled()
    with office.applicants.read() as connection:
        identity = secret_of(connection, BUNDLE_IDENTITY)
    identities = (identity, key) if identity else (key,)  # the second for a central that knows no recipient of ours
    trust = Trust(enrolment.receipt_keys, enrolment.central_id, enrolment.station_id, identities)
    times = _times(office)
    with bundle as parts:
        return office.rosters.import_bundle(
            parts,
            trust,
            source=source,
            now=min(times),
            latest=max(times),
            on_progress=on_progress,
            stop=stop,
            also=_audited(office, "roster_import"),
        )


def _count_search(office: Office) -> None:
    """One line a minute at most: an operator types a letter and another, and a line is a commit."""
    tally = office.searches
    tally.counted += 1
    if tally.noted_at is None or office.clock.monotonic() - tally.noted_at >= SEARCHES_NOTED_EVERY_S:
        note_searches(office)


def _times(office: Office) -> tuple[datetime, datetime]:
    """The station's time, and the same put right by what central last said about it.

    Somebody may have set the clock since central said so: only what both say is certain enough to wipe a list.
    """
    now = office.now()
    return now, now + timedelta(seconds=office.depot.memory.clock_offset_s)


def _audited(office: Office, action: str) -> Also:
    def append(connection: Connection, card: RosterCard) -> None:
        audit.append(
            connection,
            at=office.now(),
            operator_id=office.operator.operator_id,
            action=action,
            area=card.area,
            version=card.version,
            people=card.people,
        )

    return append
