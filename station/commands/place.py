"""Is anything here: commands that work on what is there refuse a folder that was mistyped, before they make one."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from station.domain.errors import SetupError
from station.store.folder import translate_os_error

_SIGNS = ("enrolment.json", "keyring.json", "outbox.db", "applicants.db", "packets", "restored")
"""One of them is in every folder that a station was in, whatever else was lost."""

STATION_HELP = "its number, such as 99.01.01-01, its name or its id"


def check_station(options: argparse.Namespace) -> None:
    """SetupError `folder.no_station` when `--data` names a folder without a station. The own folder may be made."""
    root: Path = options.data
    if options.data_was_named and not _is_one_of(root / name for name in _SIGNS):
        raise SetupError("folder.no_station", path=str(root))


def central_folder(options: argparse.Namespace) -> Path:
    """The folder of the central under `--data`. Only `station central` founds one; SetupError `central.none`, and
    `central.keys_unreadable` when its keys are gone.
    """
    from station.central.central import DATABASE_NAME
    from station.central.keys import FILE_NAME

    folder: Path = options.data / "central"
    if not _is_one_of([folder / FILE_NAME]):
        if _is_one_of([folder / DATABASE_NAME]):
            raise SetupError("central.keys_unreadable", path=str(folder / FILE_NAME))
        raise SetupError("central.none", path=str(folder))
    return folder


def _is_one_of(paths: Iterable[Path]) -> bool:
    """Whether one of them is there. StoreError `store.read_only` when this user may not even look."""
    try:
        return any(path.exists() for path in paths)
    except OSError as problem:
        raise translate_os_error(problem) from problem


def check_parent(path: Path) -> None:
    """SetupError `path.no_folder` when there is no folder to write `path` into."""
    if not path.absolute().parent.is_dir():
        raise SetupError("path.no_folder", path=str(path.absolute().parent))


def check_free(path: Path) -> None:
    """The same, and `path.taken` when something of that name is there already."""
    check_parent(path)
    if path.exists():
        raise SetupError("path.taken", path=str(path))
