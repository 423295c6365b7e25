"""The whole data folder moved to another disk: copied, proved, and only then pointed to. Nobody else has it open.

Begun again after a power cut it goes on with what is not there yet. Then the old folder keeps its sealed packets only:
a list of officers and a database that stayed behind could be opened for ever.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from station.domain.errors import SetupError, StoreError
from station.failpoint import reach
from station.store.database import Database
from station.store.depot import Depot
from station.store.folder import Folder, make_folder, owner_only, sync_directory, translate_os_error, write_file
from station.store.moved import POINTER, UNFINISHED, leave_packets, point_to
from station.store.snapshot_facts import FileFact, fact_of
from station.store.tables import OUTBOX_TABLES

_LEFT = ("desk.lock", "sync.lock", POINTER, UNFINISHED)
_SPARE_BYTES = 64 * 1024 * 1024


def move(old: Path, new: Path, *, progress: Callable[[int, int], None] = lambda _done, _all: None) -> bool:
    """Bring everything of `old` to `new`, and leave nothing there but sealed packets; False when something is in use
    there, and goes at the next start. SetupError `move.not_empty`, `move.same`, `move.inside`, `move.around`,
    `folder.in_use`, `station.not_enrolled`; StoreError `store.disk_full`, `move.unproven` and others: then `old` stays
    in use.
    """
    old, new = old.absolute(), new.absolute()
    if new == old:
        raise SetupError("move.same")
    if old in new.parents:
        raise SetupError("move.inside")
    if new in old.parents:
        raise SetupError("move.around")
    folder = Folder(old)
    locks = [folder.lock(name) for name in ("desk", "sync")]
    try:
        depot = Depot(old)  # heals, so that what is copied is whole
        enrolment = depot.enrolment
        depot.close()
        if enrolment is None:
            raise SetupError("station.not_enrolled")
        _prepare(new, enrolment.station_id)
        _copy_all(old, new, progress)
        reach("move.copied")
        _prove(new, enrolment.station_id)
        point_to(old, new)  # before the mark goes: a power cut must never leave two whole stations
        reach("move.pointed")
        return leave_packets(old)
    except OSError as problem:
        raise translate_os_error(problem) from problem
    finally:
        for lock in locks:
            lock.release()


def _prove(new: Path, station_id: str) -> None:
    """Every file was compared already; this opens it as the next start will. StoreError `move.unproven`."""
    depot = Depot(new, heal=False)
    try:
        if depot.mended or depot.enrolment is None or depot.enrolment.station_id != station_id:
            raise StoreError("move.unproven")
    finally:
        depot.close()


def _prepare(new: Path, station_id: str) -> None:
    make_folder(new)
    new.chmod(0o700)
    begun = new / UNFINISHED
    if begun.is_file() and begun.read_text(encoding="utf-8") == station_id:
        return
    if any(new.iterdir()):
        raise SetupError("move.not_empty")
    write_file(begun, station_id.encode())


def _copy_all(old: Path, new: Path, progress: Callable[[int, int], None]) -> None:
    files = list(_files(old))
    whole = sum((old / name).stat().st_size for name in files)
    if shutil.disk_usage(new).free < whole + _SPARE_BYTES and not (new / "packets").exists():
        raise StoreError("store.disk_full")
    done = 0
    for name in files:
        fact = fact_of(old / name)
        if not _is_there(new / name, fact):
            _copy(old / name, new / name, fact)
        done += fact.size
        progress(done, whole)
        reach("move.one")
    for path in sorted({(new / name).parent for name in files} | {new}):
        sync_directory(path)
    for path in list(_files(new)):  # of an attempt before, gone here since
        if path not in set(files):
            (new / path).unlink()
    outbox = Database(new / "outbox.db", read_only=True)
    try:
        outbox.check(OUTBOX_TABLES)
    finally:
        outbox.close()


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and not path.is_symlink() and str(name) not in _LEFT and path.suffix not in (".tmp", ".lock"):
            yield name


def _is_there(path: Path, fact: FileFact) -> bool:
    return path.is_file() and path.stat().st_size == fact.size and fact_of(path) == fact


def _copy(source: Path, target: Path, fact: FileFact) -> None:
    make_folder(target.parent)
    part = target.with_name(target.name + ".tmp")
    part.unlink(missing_ok=True)
    with source.open("rb") as reading, open(part, "xb", opener=owner_only) as writing:
        shutil.copyfileobj(reading, writing, 1024 * 1024)
        writing.flush()
        os.fsync(writing.fileno())
    if fact_of(part) != fact:
        raise StoreError("move.unproven")
    part.replace(target)
