"""The whole database under another key: copied page by page, proved, and put in the place of the old file at once.

At every moment the file is the old one under the old key or the new one under the new key. Knows no password.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from station.domain.errors import StoreError
from station.failpoint import reach
from station.store.database import Database, translate_sqlite_error
from station.store.folder import sync_directory

PAGES_AT_ONCE = 256
_COMPANIONS = ("-wal", "-shm", "-journal")
_ROOM = 64 * 1024 * 1024
"""What must stay free beside the copy."""


class Stopped(Exception):
    """Somebody asked to stop: nothing was changed."""


def rekey(database: Database, new: bytes, progress: Callable[[int], None], stopped: Callable[[], bool]) -> None:
    """Encrypt `database` under `new`; whoever uses it waits meanwhile and goes on with the new key.

    `progress` is told percent. Stopped when `stopped` says so before the files are switched; StoreError
    `store.disk_full` before anything is written, and others. In both cases the old file is as it was.
    """
    copy = copy_of(database.path)
    check_room(database.path)
    drop_copy(database.path)
    with database.alone() as (old, go_on_with):
        try:
            _copy(old, copy, new, progress, stopped)
            reach("rekey.copied")
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            old.close()
            if any(_beside(database.path, suffix).exists() for suffix in _COMPANIONS):
                raise StoreError("store.busy")  # somebody else has the file open, and would write into the old one
            reach("rekey.closed")
            copy.replace(database.path)
            go_on_with(new)
            reach("rekey.switched")
        except sqlite.Error as problem:
            drop_copy(database.path)
            raise translate_sqlite_error(str(problem)) from problem
        except Exception:
            drop_copy(database.path)
            raise
    with suppress(OSError):  # either file opens: what the power cut decides is found out at the next sign-in
        sync_directory(database.path.parent)


def check_room(path: Path) -> None:
    """StoreError `store.disk_full` unless a copy of the file fits beside it."""
    needed = sum(found.stat().st_size for found in (path, _beside(path, "-wal")) if found.exists())
    if shutil.disk_usage(path.parent).free < needed + _ROOM:
        raise StoreError("store.disk_full")


def copy_of(path: Path) -> Path:
    """Where the copy under the new key is made."""
    return path.with_name(path.name + ".rekey")


def drop_copy(path: Path) -> None:
    """Remove a copy that never took the file's place."""
    for suffix in ("", *_COMPANIONS):
        with suppress(FileNotFoundError):
            _beside(copy_of(path), suffix).unlink()


def drop_older(path: Path) -> None:
    """Remove the copies from before an update of the tables: the key that was given up still opens them."""
    for found in path.parent.glob(f"{path.name}.before-*"):
        with suppress(OSError):
            found.unlink()


def _copy(old: Any, path: Path, key: bytes, progress: Callable[[int], None], stopped: Callable[[], bool]) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    new = sqlite.connect(str(path), isolation_level=None)
    try:
        new.execute(f"PRAGMA key = \"x'{key.hex()}'\"")

        def tell(_status: int, left: int, total: int) -> None:
            if stopped():
                raise Stopped
            progress(round(95 * (total - left) / max(1, total)))

        old.backup(new, pages=PAGES_AT_ONCE, progress=tell)
        if new.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise StoreError("store.corrupt")
    finally:
        new.close()
    if any(_beside(path, suffix).exists() for suffix in _COMPANIONS):
        raise StoreError("store.busy")
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    progress(100)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
