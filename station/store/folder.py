"""The data folder of a station: where everything is, and that only one program uses it at a time."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from station.domain.errors import SetupError, StoreError
from station.failpoint import reach

if TYPE_CHECKING:
    from filelock import FileLock

TEMPORARY = ".tmp"
"""How the name of a file ends that is being written."""
MOST_BYTES = 4 * 1024 * 1024
"""A small file has no more."""
_SETTLED_S = 3600.0
_NOT_OURS = ("station.key", "safe", "keyring.json.bak", "enrolment.json.bak", "doorplate.json")
"""Never in a backup: where they lie in the folder of what is restored, they are another station's."""


class Folder:
    """The paths of one station. Making it creates the folder, readable by its owner only."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.applicants_db = self.root / "applicants.db"
        self.first_applicants_db = self.root / "applicants.db.first"
        self.outbox_db = self.root / "outbox.db"
        self.packets = self.root / "packets"
        self.carried = self.root / "carried"
        self.cards = self.root / "cards"
        self.rosters = self.root / "rosters"
        self.logs = self.root / "logs"
        self.keyring = self.root / "keyring.json"
        self.enrolment = self.root / "enrolment.json"
        self.station_key = self.root / "station.key"
        self.safe = self.root / "safe"
        self.regions = self.root / "reference" / "regions.tsv.gz"
        self.snapshots = self.root / "snapshots"
        self.backup = self.root / "backup.json"
        self.restored = self.root / "restored"
        _make(self.root)
        _close_to_others(self)
        _make(self.packets)
        _make(self.carried)
        _make(self.rosters)

    def settle_first_start(self) -> None:
        """Put the applicants' database that enrolment made in its place: its last step, or the next start's first."""
        if self.first_applicants_db.exists() and not self.applicants_db.exists():
            self.first_applicants_db.rename(self.applicants_db)
            sync_directory(self.root)

    def clear_temporaries(self) -> None:
        """Remove what a power cut left half written. What is of this hour may be in somebody's hands just now."""
        now = time.time()
        for place in (self.root, self.root / "inbox", self.cards, self.safe):
            for found in place.glob(f"*{TEMPORARY}"):
                with suppress(OSError):
                    if abs(now - found.stat().st_mtime) > _SETTLED_S:
                        found.unlink()

    def lock(self, name: str) -> FileLock:
        """Hold `name` (`desk` for a window, `sync` for a sync engine) until released or the process ends.

        SetupError `folder.in_use` when another program holds it.
        """
        from filelock import (  # a command that only looks, and the first thing a window shows, need none
            FileLock,
            Timeout,
        )

        lock = FileLock(str(self.root / f"{name}.lock"), mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise SetupError("folder.in_use", what=name) from None
        except OSError as problem:
            raise translate_os_error(problem) from problem
        return lock


def settle_restored(root: Path) -> None:
    """Put what was restored in its place: the last step of restoring, or the next start's first.

    It was verified whole before its folder got this name. What stands in the way is kept beside it; the enrolment comes
    last, so that nobody takes half a station for a whole one.
    """
    restored = root / "restored"
    if not restored.is_dir():
        return
    try:
        _keep_beside(*(root / name for name in _NOT_OURS if not (restored / name).exists()))
        for source in sorted(restored.iterdir(), key=lambda path: path.name == "enrolment.json"):
            target = root / source.name
            if target.is_dir() and not any(target.iterdir()):
                target.rmdir()
            if target.exists():
                _keep_beside(*(root / (source.name + suffix) for suffix in ("", "-wal", "-shm")))
            source.rename(target)
            reach("restore.settling")
        restored.rmdir()
        sync_directory(root)
    except OSError as problem:
        raise translate_os_error(problem) from problem


def _keep_beside(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            path.rename(_free_name(path))


def _free_name(path: Path) -> Path:
    number = 1
    while (found := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    return found


def make_folder(path: Path) -> None:
    """`path` and what is missing above it, for its owner only; `mkdir` gives parents the system's mode. OSError."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def owner_only(path: str, flags: int) -> int:
    """An opener for `open`: a new file is its owner's alone from its first moment, whatever the system's mask."""
    return os.open(path, flags, 0o600)


def claim_file(path: Path) -> None:
    """An empty file for somebody who would make it readable by others, unless it is there. Never an error: whoever
    opens it next has one, and tells it. One that is there is not even opened: on POSIX its close would take away the
    locks that SQLite has on it.
    """
    with suppress(OSError):
        os.close(owner_only(str(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL))


def write_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Replace `path` so that after a power cut it is either the old file or the whole new one.

    Whoever puts in it what stood there before asks `changing` first.
    """
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}{TEMPORARY}")  # two may be writing at the same time
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_directory(path.parent)
    except OSError as problem:
        with suppress(OSError):
            temporary.unlink()
        raise translate_os_error(problem) from problem


def read_bounded(path: Path, most: int = MOST_BYTES) -> bytes:
    """A small file from outside; StoreError when it is not there, is no file or is too large."""
    try:
        if path.is_symlink() or not path.is_file():
            raise StoreError("backup.missing")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as problem:
        raise translate_os_error(problem) from problem
    if len(data) > most:
        raise StoreError("backup.too_large")
    return data


def sync_directory(path: Path) -> None:
    """Make a rename in `path` survive a power cut. Windows has no such call and needs none with NTFS's journal."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def translate_os_error(problem: OSError) -> StoreError:
    """The operating system's complaint as one of ours."""
    import errno

    match problem.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return StoreError("store.disk_full")
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return StoreError("store.read_only")
        case _:
            return StoreError("store.io", reason=problem.strerror or type(problem).__name__)


def _close_to_others(folder: Folder) -> None:
    """A station's folder that others may look into, made before this program or by hand. Nobody else's is touched."""
    with suppress(OSError):
        if os.name != "nt" and folder.outbox_db.exists() and folder.root.stat().st_mode & 0o077:
            folder.root.chmod(0o700)


def _make(path: Path) -> None:
    try:
        make_folder(path)
        if not os.access(path, os.W_OK | os.X_OK):
            raise StoreError("store.read_only")
    except OSError as problem:
        raise translate_os_error(problem) from problem
