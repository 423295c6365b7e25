"""Which safes this station has, and which of them a setting means. Must not know what is kept in them."""

from __future__ import annotations

from station.domain.safe import SafeKind
from station.store.folder import Folder
from station.store.safes.os_keyring import OsKeyring
from station.store.safes.plain_file import PlainFile
from station.store.safes.safe import Safe
from station.store.safes.tpm import Tpm

AUTO = "auto"


def safe_of(kind: SafeKind, folder: Folder, station_id: str) -> Safe:
    """The safe of this kind; making it asks nobody."""
    folder.safe.mkdir(mode=0o700, exist_ok=True)
    match kind:
        case SafeKind.TPM:
            return Tpm(folder.safe)
        case SafeKind.KEYRING:
            return OsKeyring(f"station key of {station_id}")
        case SafeKind.FILE:
            return PlainFile(folder.safe / "secret")


def chosen_kind(setting: str, folder: Folder, station_id: str) -> SafeKind:
    """What `[guard] safe` asks for. `auto` is the chip where it can be used, else the file, and never the keyring:
    delivery runs before anybody has signed in to the desktop, and then the keyring is closed.
    """
    if setting != AUTO:
        return SafeKind(setting)
    return SafeKind.TPM if safe_of(SafeKind.TPM, folder, station_id).usable else SafeKind.FILE
