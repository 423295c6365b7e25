"""Ways to break on purpose what makes a disk keep its word, so that a harness can show that its judge sees it.

They change the process that calls them, and that process only. They must not know how the power is cut.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping

from station.store import database

NORMAL, NO_FILE_SYNC, NO_FOLDER_SYNC = "synchronous=NORMAL", "skip fsync", "skip fsync of the folder"


def break_on_purpose(name: str) -> None:
    """From here on this process works with the sabotage `name`; '' changes nothing. KeyError for an unknown one."""
    if name:
        _WAYS[name]()


def _commit_without_waiting() -> None:
    """What most programs do: SQLite stays consistent, and loses what it had acknowledged."""
    changed = tuple("synchronous = NORMAL" if "synchronous" in pragma else pragma for pragma in database._PRAGMAS)
    assert changed != database._PRAGMAS
    database._PRAGMAS = changed  # type: ignore[assignment]


def _skip(unwanted: Callable[[int], bool]) -> None:
    """`os.fsync` of such files does nothing. SQLite has its own way to the disk and is not touched."""
    sync = os.fsync

    def pretend(descriptor: int) -> None:
        if not unwanted(os.fstat(descriptor).st_mode):
            sync(descriptor)

    os.fsync = pretend  # type: ignore[assignment]


_WAYS: Mapping[str, Callable[[], None]] = {
    NORMAL: _commit_without_waiting,
    NO_FILE_SYNC: lambda: _skip(stat.S_ISREG),
    NO_FOLDER_SYNC: lambda: _skip(stat.S_ISDIR),
}
