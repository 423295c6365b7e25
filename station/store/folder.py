"""The data folder of a station: where everything is, and that only one program uses it at a time."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from station.domain.errors import SetupError, StoreError


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
        self.regions = self.root / "reference" / "regions.tsv.gz"
        _make(self.root)
        _make(self.packets)
        _make(self.carried)
        _make(self.rosters)

    def settle_first_start(self) -> None:
        """Put the applicants' database that enrolment made in its place: its last step, or the next start's first."""
        if self.first_applicants_db.exists() and not self.applicants_db.exists():
            self.first_applicants_db.rename(self.applicants_db)
            sync_directory(self.root)

    def lock(self, name: str) -> FileLock:
        """Hold `name` (`desk` for a window, `sync` for a sync engine) until released or the process ends.

        SetupError `folder.in_use` when another program holds it.
        """
        lock = FileLock(str(self.root / f"{name}.lock"), thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise SetupError("folder.in_use", what=name) from None
        except OSError as problem:
            raise translate_os_error(problem) from problem
        return lock


def write_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Replace `path` so that after a power cut it is either the old file or the whole new one."""
    temporary = path.with_name(path.name + ".tmp")
    try:
        with suppress(FileNotFoundError):
            temporary.unlink()
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


def _make(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(path, os.W_OK | os.X_OK):
            raise StoreError("store.read_only")
    except OSError as problem:
        raise translate_os_error(problem) from problem
