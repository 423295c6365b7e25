"""A data folder that points to another one: its station was moved to a new disk.

Nothing stays behind that anybody here could open: no order to wipe, no end of somebody's rights would reach it there.
Must not know how anything is moved.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from station.domain.errors import SetupError, StoreError
from station.log import get_logger
from station.store.folder import read_bounded, write_file

POINTER = "moved.json"
UNFINISHED = "moving-here.json"
"""Marks a folder that a move was begun into: only such a one may be gone on with."""
_MOST_MOVES = 8
_STAYS = (POINTER, "packets", "desk.lock", "sync.lock", "central")
"""Packets are sealed for central, and a disk more that has them does no harm. A central of its own was not moved."""
_WHOLE = ("enrolment.json", "keyring.json", "applicants.db", "outbox.db")
log = get_logger(__name__)


class Pointer(BaseModel):
    """Where the data are now. `emptied`: only packets are left here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    emptied: bool = False


def point_to(old: Path, new: Path) -> None:
    """From now on whoever opens `old` opens `new`, which was proved whole."""
    _write(old, Pointer(place=str(new.absolute())))


def leave_packets(old: Path) -> bool:
    """Take everything out of a folder that points elsewhere but its sealed packets; the keys first.

    False when some of it cannot go, or is not where it was moved to: then the next start tries again.
    """
    pointer = _read(old)
    new = Path(pointer.place)
    if any((old / name).exists() and not (new / name).is_file() for name in _WHOLE):
        log.error("the folder that this station was moved to is not whole; what is in the old one stays")
        return False
    (new / UNFINISHED).unlink(missing_ok=True)
    left = [path for path in sorted(old.iterdir(), key=_keys_first) if path.name not in _STAYS and not _gone(path)]
    if left:
        log.warning("%d files of the old folder cannot be removed yet", len(left))
        return False
    _write(old, pointer.model_copy(update={"emptied": True}))
    return True


def follow(root: Path) -> Path:
    """Where the data of `root` are now. SetupError `folder.moved_away` when that folder is not there."""
    for _move in range(_MOST_MOVES):
        if not (root / POINTER).is_file():
            return root
        pointer = _read(root)
        there = Path(pointer.place)
        if not (there / "enrolment.json").is_file():
            raise SetupError("folder.moved_away", place=str(there))
        if not pointer.emptied:
            _go_on(root)
        root = there
    raise SetupError("folder.moved_away", place=str(root))


def _go_on(old: Path) -> None:
    """What a power cut left of a move. Trouble with it keeps nobody from working in the new folder."""
    try:
        leave_packets(old)
    except (OSError, StoreError) as problem:
        log.error("the old folder cannot be emptied: %s", problem)


def _keys_first(path: Path) -> tuple[bool, str]:
    return not path.name.startswith(("keyring.json", "safe", "station.key", "applicants.db")), path.name


def _gone(path: Path) -> bool:
    """Removed; False for what is in use, as Windows has it of a log."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _write(old: Path, pointer: Pointer) -> None:
    write_file(old / POINTER, pointer.model_dump_json().encode())


def _read(root: Path) -> Pointer:
    try:
        return Pointer.model_validate_json(read_bounded(root / POINTER))
    except (ValidationError, StoreError) as problem:
        raise SetupError("folder.moved_away", place="?") from problem
