"""Where copies of this station may be: snapshots beside the databases first, then those of a medium that is connected.

Must not know what is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from station.store.backup_book import ChosenMedium, load_book
from station.store.folder import Folder
from station.store.medium import find_chosen
from station.store.snapshot_facts import FACTS


def copies_of(folder: Folder) -> Iterator[Path]:
    """Folders of snapshots, the newest of each place first."""
    yield from _newest_first(folder.snapshots)
    for chosen in load_book(folder.backup).media:
        found = find_chosen(chosen)
        if found is not None:
            yield from _newest_first(found.snapshots)


def media_away(folder: Folder) -> tuple[ChosenMedium, ...]:
    """Media on which copies may be, and that are not connected."""
    return tuple(chosen for chosen in load_book(folder.backup).media if find_chosen(chosen) is None)


def _newest_first(root: Path) -> list[Path]:
    try:
        return sorted((one for one in root.iterdir() if (one / FACTS).is_file()), reverse=True)
    except OSError:
        return []
