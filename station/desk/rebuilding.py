"""A damaged database of the people is replaced: by the newest copy that proves whole, else by an empty one.

Must not know who signs in, nor what is sealed: that is put on top afterwards.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from station.domain.backup import Recovery
from station.domain.errors import StationError, StoreError
from station.failpoint import reach
from station.log import get_logger
from station.store import replay, snapshot
from station.store.aside import COMPANIONS, put_aside
from station.store.copies import copies_of, media_away
from station.store.database import Database
from station.store.folder import Folder, claim_file, sync_directory, translate_os_error
from station.store.migrate import migrate
from station.store.snapshot_facts import read_facts
from station.store.snapshot_order import rank

log = get_logger(__name__)


def rebuild(folder: Folder, key: bytes, waived_by: str) -> None:
    """A whole database in the place of the damaged one: the newest copy that proves whole, else an empty one.

    The damaged one stays where it is until the other is ready.
    """
    mending = folder.applicants_db.with_name("applicants.db.mending")
    for copy in _newest_first(copies_of(folder)):
        if _try_copy(copy, mending, key):
            recovery = Recovery(("applicants",), _place(folder, copy), since=read_facts(copy).made_at)
            break
    else:
        recovery = _without_copy(folder, waived_by)
        _clear(mending)
    new = Database(mending, key)
    try:
        migrate(new, "applicants")
        with new.write() as connection:
            replay.note_recovery(connection, recovery)
    finally:
        new.close()
    reach("recover.mended")
    put_aside(folder.applicants_db)
    try:
        mending.rename(folder.applicants_db)
        sync_directory(folder.root)
    except OSError as problem:
        raise translate_os_error(problem) from problem


def _without_copy(folder: Folder, waived_by: str) -> Recovery:
    """An empty database hides every copy that turns up later: somebody has to want it."""
    away = media_away(folder)
    if away and not waived_by:
        raise StoreError("backup.away", place=away[0].path)
    media = tuple(item.medium_id for item in away)
    return Recovery(("applicants",), "packets", waived_by=waived_by if away else "", away=media)


def _newest_first(copies: Iterable[Path]) -> list[Path]:
    """By what the station had done when it made them: a clock that ran ahead once makes no copy newer."""

    def known(copy: Path) -> tuple[tuple[int, ...], str]:
        try:
            return rank(read_facts(copy)), copy.name
        except StationError:
            return (), copy.name

    return sorted(copies, key=known, reverse=True)


def _try_copy(copy: Path, mending: Path, key: bytes) -> bool:
    _clear(mending)
    try:
        read_facts(copy)
        claim_file(mending)
        shutil.copyfile(copy / snapshot.APPLICANTS, mending)
        whole(Database(mending, key)).close()
    except (OSError, StationError) as problem:
        log.error("a copy cannot be used: %s", getattr(problem, "code", type(problem).__name__))
        _clear(mending)
        return False
    return True


def _clear(path: Path) -> None:
    for suffix in COMPANIONS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _place(folder: Folder, copy: Path) -> str:
    return "local" if copy.parent == folder.snapshots else "medium"


def whole(database: Database) -> Database:
    """The same one, with every page proved and its tables of today; else it is closed, and StoreError."""
    try:
        if not replay.holds_records(database):
            raise StoreError("store.corrupt")
        migrate(database, "applicants")
        snapshot.prove_applicants(database)
    except BaseException:
        database.close()
        raise
    return database
