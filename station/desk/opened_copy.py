"""A copy of a station's folder (a backup, a disk that was rescued), opened to read by a password or recovery words.

Nothing in it is changed: what a database needs to be read goes into a folder of its own, still encrypted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from station.desk import moments, staff
from station.desk.staff import RECOVERY
from station.domain.errors import AccessError, SetupError, StationError, StoreError, TrustError
from station.domain.permission import Permission, allows
from station.domain.ports import Clock, SystemClock
from station.seal.recovery_words import read
from station.seal.vault import unwrap
from station.store import officers
from station.store.clock_book import ClockBook
from station.store.database import Database
from station.store.enrolment import Enrolment
from station.store.folder import translate_os_error
from station.store.keyring import KeyHolder, Keyring, load_keyring
from station.store.medium import medium_at
from station.store.migrate import migrate
from station.store.packets import PacketFolder
from station.store.snapshot import snapshots_in
from station.store.snapshot_facts import FACTS, read_facts

_DATABASES = ("applicants.db", "outbox.db")


@dataclass(frozen=True)
class OpenedCopy:
    """The two databases, and where the sealed packets are. `as_of`: what is newer is not in it."""

    applicants: Database
    outbox: Database | None
    packets: PacketFolder
    enrolment: Enrolment
    as_of: datetime
    officers: int


@contextmanager
def opened_copy(place: Path, secret: str, permission: Permission, clock: Clock | None = None) -> Iterator[OpenedCopy]:
    """Open the newest copy in `place`: a data folder, a snapshot, or the medium of backups.

    `secret` is the password of somebody who may do this (`permission`), or the recovery words. SetupError `copy.none`;
    AccessError `copy.wrong_secret`, `access.role`, `officer.ended`, `officer.over` (day), `copy.finger`; StoreError.
    """
    folder, packets = find_copy(place)
    keyring = load_keyring(folder / "keyring.json")
    enrolment = _enrolment(folder)
    holder, key = _unlocked(keyring, secret)
    with TemporaryDirectory(prefix="ktpel-") as name:
        inner = Path(name)
        _take(folder, inner)
        applicants = _opened(inner / _DATABASES[0], keyring, key)
        outbox = Database(inner / _DATABASES[1]) if (inner / _DATABASES[1]).exists() else None
        try:
            if outbox is not None:
                migrate(outbox, "outbox")
            migrate(applicants, "applicants")
            _check_right(applicants, outbox, holder, permission, (clock or SystemClock()).now())
            number = sum(item.role != RECOVERY for item in keyring.holders)
            yield OpenedCopy(applicants, outbox, PacketFolder(packets), enrolment, _as_of(folder), number)
        finally:
            applicants.close()
            if outbox is not None:
                outbox.close()


def find_copy(place: Path) -> tuple[Path, Path]:
    """The folder with the newest databases in `place`, and that of the packets. SetupError `copy.none`."""
    medium = medium_at(place)
    roots = [(medium.snapshots, medium.packets)] if medium else []
    roots += [(place, place.parent / "packets"), (place / "snapshots", place / "packets")]
    if (place / _DATABASES[0]).is_file() and (place / "keyring.json").is_file():
        packets = place / "packets"
        return place, packets if packets.is_dir() else place.parent.parent / "packets"
    for snapshots, packets in roots:
        found = snapshots_in(snapshots)
        if found:
            return found[0].folder, packets
    raise SetupError("copy.none")


def _unlocked(keyring: Keyring, secret: str) -> tuple[KeyHolder, bytes]:
    """Whose secret it is, and the key. Recovery words are told from a password by their form."""
    words = ""
    with suppress(AccessError):
        words = read(secret)
    for holder in keyring.holders:
        recovery = holder.role == RECOVERY
        if recovery != bool(words):
            continue
        with suppress(AccessError):
            return holder, unwrap(holder.wrapped, words or secret, label=holder.operator_id)
    raise AccessError("copy.wrong_secret")


def _opened(path: Path, keyring: Keyring, key: bytes) -> Database:
    """By today's key of that copy, or by the one before when the key was being changed."""
    try:
        return Database(path, keyring.today(key))
    except StoreError as problem:
        if problem.code not in ("store.wrong_key", "keyring.chain"):
            raise
    return Database(path, key)


def _check_right(
    applicants: Database, outbox: Database | None, holder: KeyHolder, permission: Permission, now: datetime
) -> None:
    """As at signing in, by today's date. No finger is read here: whoever shows one has the recovery words."""
    if holder.role == RECOVERY:
        return
    with applicants.read() as connection:
        known = officers.all_of(connection).get(holder.operator_id)
        if known is None or not allows(known.role, permission):
            raise AccessError("access.role", role=known.role if known else "", needs=permission)
        latest = moments.latest(connection, ClockBook(outbox), now) if outbox is not None else now
        staff.check_right(known, latest)
        if staff.asks_finger(connection, holder.operator_id, latest):
            raise AccessError("copy.finger")


def _take(folder: Path, inner: Path) -> None:
    """The databases as they are, closed as they are, with what SQLite keeps beside them."""
    try:
        for name in _DATABASES:
            for suffix in ("", "-wal"):
                source = folder / (name + suffix)
                if source.is_file() and not source.is_symlink():
                    shutil.copyfile(source, inner / source.name)
                    (inner / source.name).chmod(0o600)
    except OSError as problem:
        raise translate_os_error(problem) from problem


def _enrolment(folder: Path) -> Enrolment:
    try:
        found = Enrolment.model_validate_json((folder / "enrolment.json").read_bytes())
    except (OSError, ValueError) as problem:
        raise SetupError("enrolment.unreadable") from problem
    return found


def _as_of(folder: Path) -> datetime:
    """When it was made, as it says; else when its database was last written."""
    try:
        return read_facts(folder).made_at if (folder / FACTS).exists() else _changed(folder / _DATABASES[0])
    except (StationError, TrustError):
        return _changed(folder / _DATABASES[0])


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
