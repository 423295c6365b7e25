"""Snapshots: both databases and the small files of a station as of one moment, proved by opening them.

Made beside the databases first; `medium.py` takes them away from this disk. `applicants.db` stays encrypted under the
key it has. Must not know when one is due.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from station.domain.errors import StoreError, TrustError
from station.domain.record import State
from station.failpoint import reach
from station.log import get_logger
from station.seal.packet import sha256_of
from station.store import audit, seals
from station.store.database import Database
from station.store.depot import Depot
from station.store.folder import Folder, make_folder, sync_directory, translate_os_error, write_file
from station.store.migrate import HEADS
from station.store.snapshot_facts import SnapshotFacts, fact_of, read_facts, write_facts
from station.store.snapshot_order import knows_more, rank
from station.store.tables import OUTBOX_TABLES, officer, record, seal
from station.store.tables import audit as trail

SMALL = ("keyring.json", "enrolment.json", "station.toml", "backup.json")
TREES = ("cards", "device-authorities", "reference")
"""Small files and folders of small files that a station is nothing without, or that somebody set up by hand."""
APPLICANTS, OUTBOX = "applicants.db", "outbox.db"
_NAME = re.compile(r"\d{8}T\d{12}Z")
_PART = ".part"
MOST_SMALL_BYTES = 32 * 1024 * 1024
log = get_logger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """A whole one, in `folder`."""

    folder: Path
    facts: SnapshotFacts


@dataclass(frozen=True)
class Counts:
    """What an applicants' database holds, for proof and for people."""

    records: int
    drafts: int
    sequence: int
    head: str
    audit_number: int
    lineage: str
    identities: int
    fingerprint: str


def snapshots_in(root: Path) -> tuple[Snapshot, ...]:
    """Those that look whole, newest first by what they know. What is half written or unreadable is left out."""
    found = []
    with suppress(OSError):
        for folder in root.iterdir():
            if _NAME.fullmatch(folder.name) and not folder.is_symlink():
                with suppress(TrustError):
                    found.append(Snapshot(folder, read_facts(folder)))
    return tuple(sorted(found, key=lambda item: (rank(item.facts), item.folder.name), reverse=True))


def last_made(root: Path) -> Snapshot | None:
    """The one that was made last on this disk, also by a database that knows less than the one before; or None."""
    return max(snapshots_in(root), key=lambda item: (item.facts.number, rank(item.facts)), default=None)


def make(depot: Depot, applicants: Database, at: datetime) -> Snapshot:
    """Copy everything as of now into the folder of snapshots, prove it, and let go those there that know no more.

    StoreError `store.corrupt` when a page of either database is damaged, `backup.older` when the database knows less of
    the chain than a snapshot of it: neither replaces what is there.
    """
    root = depot.folder.snapshots
    before = snapshots_in(root)
    name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}Z"
    part = root / (name + _PART)
    try:
        root.mkdir(mode=0o700, exist_ok=True)
        clear_parts(root)
        part.mkdir(mode=0o700)
        counts = _copy_databases(depot, applicants, part)
        if any(_is_of(old.facts, counts) and counts.sequence < old.facts.sequence for old in before):
            raise StoreError("backup.older")
        _copy_small(depot.folder, part)
        facts = _facts(depot, part, counts, at, number=1 + max((old.facts.number for old in before), default=0))
        write_facts(part, facts, depot.enrolled()[1])
        reach("snapshot.written")
        part.rename(root / name)
        sync_directory(root)
    except OSError as problem:
        raise translate_os_error(problem) from problem
    finally:
        shutil.rmtree(part, ignore_errors=True)
    for old in before:
        if not knows_more(old.facts, facts):
            shutil.rmtree(old.folder, ignore_errors=True)
    return Snapshot(root / name, facts)


def open_applicants(path: Path, key: bytes) -> Database:
    """The applicants' database of a snapshot, to read in: nothing of it is changed. StoreError `store.wrong_key`."""
    return Database(path, key, read_only=True)


def prove_applicants(database: Database) -> Counts:
    """StoreError `store.corrupt` unless every page is whole; what is in it. `database` may be a copy."""
    database.check([record, officer])
    with database.read() as connection:
        return _counts(connection)


def fingerprint(database: Database) -> str:
    """Something that is another one as soon as anything was entered; without reading every page."""
    with database.read() as connection:
        return _counts(connection).fingerprint


def drafts_changed(database: Database, since: datetime) -> bool:
    """Whether anything was entered into a draft after that moment."""
    newer = select(record.c.record_id).where(record.c.state == State.DRAFT.value, record.c.changed_at > since)
    with database.read() as connection:
        return connection.execute(newer.limit(1)).first() is not None


def clear_parts(root: Path) -> None:
    """Remove what a power cut, or a medium that was pulled out, left half written."""
    with suppress(OSError):
        for folder in root.glob(f"*{_PART}"):
            shutil.rmtree(folder, ignore_errors=True)


def room_used(folder: Folder) -> int:
    """Bytes that the snapshots beside the databases take."""
    total = 0
    with suppress(OSError):
        for path in folder.snapshots.rglob("*"):
            with suppress(OSError):
                total += path.stat().st_size if path.is_file() else 0
    return total


def _copy_databases(depot: Depot, applicants: Database, part: Path) -> Counts:
    applicants.backup_to(part / APPLICANTS)
    depot.outbox.database.backup_to(part / OUTBOX)
    for name in (APPLICANTS, OUTBOX):
        _sync(part / name)
    reach("snapshot.copied")
    copy = applicants.again(part / APPLICANTS, read_only=True)
    try:
        counts = prove_applicants(copy)
    finally:
        copy.close()
    outbox = Database(part / OUTBOX, read_only=True)
    try:
        outbox.check(OUTBOX_TABLES)
    finally:
        outbox.close()
    return counts


def _copy_small(folder: Folder, part: Path) -> None:
    for source in _small(folder.root):
        target = part / source.relative_to(folder.root)
        make_folder(target.parent)
        write_file(target, source.read_bytes())


def _small(root: Path) -> Iterator[Path]:
    for name in SMALL:
        if (root / name).is_file():
            yield root / name
    for name in TREES:
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and path.stat().st_size <= MOST_SMALL_BYTES and not path.name.endswith(".tmp"):
                yield path


def _is_of(facts: SnapshotFacts, counts: Counts) -> bool:
    return facts.lineage == counts.lineage


def _facts(depot: Depot, part: Path, counts: Counts, at: datetime, *, number: int) -> SnapshotFacts:
    enrolment, _key = depot.enrolled()
    files = {path.relative_to(part).as_posix(): fact_of(path) for path in sorted(part.rglob("*")) if path.is_file()}
    lists = sorted(depot.folder.rosters.glob("*.db"))
    return SnapshotFacts(
        station_id=enrolment.station_id,
        station_name=enrolment.station_name,
        office=enrolment.office,
        training=enrolment.training,
        made_at=at,
        records=counts.records,
        drafts=counts.drafts,
        packets=sum(1 for _ in depot.packets.all_keys()),
        sequence=counts.sequence,
        head=counts.head,
        audit_number=counts.audit_number,
        lineage=counts.lineage,
        identities=counts.identities,
        number=number,
        fingerprint=counts.fingerprint,
        files=files,
        rosters={path.name: fact_of(path) for path in lists},
    )


def _counts(connection: Connection) -> Counts:
    newest = seals.head(connection)
    number, _hash = audit.head(connection)
    by_state = select(record.c.state, func.count().label("number")).group_by(record.c.state)
    states = {row.state: row.number for row in connection.execute(by_state)}
    changed = connection.execute(select(func.max(record.c.changed_at))).scalar()
    deeds = connection.execute(
        select(func.count()).select_from(trail).where(trail.c.action.not_in(("sign_in", "sign_out")))
    ).scalar_one()
    first = connection.execute(select(trail.c.hash).order_by(trail.c.number).limit(1)).scalar() or ""
    known = seal.c.identity.is_not(None) | seal.c.purged_at.is_not(None)
    marks = (first, changed.isoformat() if changed else "", sorted(states.items()), deeds, HEADS["applicants"])
    return Counts(
        records=sum(states.values()),
        drafts=states.get(State.DRAFT.value, 0),
        sequence=newest.sequence if newest else 0,
        head=newest.sha256 if newest else "",
        audit_number=number,
        lineage=first[:16],
        identities=connection.execute(select(func.count()).select_from(seal).where(known)).scalar_one(),
        fingerprint=sha256_of(f"{marks}".encode())[:16],
    )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
