"""Whether somebody has proved that they wrote the recovery words down. Until then a file beside the databases says no.

An empty file, and not a row: it is written before the station is one, and must be read before anybody signs in. Knows
no word.
"""

from __future__ import annotations

from station.store.folder import Folder, sync_directory, translate_os_error, write_file

_NAME = "recovery.unconfirmed"


def note_unconfirmed(folder: Folder) -> None:
    """Words were made, and nobody has shown yet that they have them."""
    write_file(folder.root / _NAME, b"")


def is_unconfirmed(folder: Folder) -> bool:
    return (folder.root / _NAME).exists()


def confirm(folder: Folder) -> None:
    """Somebody typed what was asked of them. StoreError when that cannot be written down."""
    try:
        (folder.root / _NAME).unlink(missing_ok=True)
        sync_directory(folder.root)
    except OSError as problem:
        raise translate_os_error(problem) from problem
