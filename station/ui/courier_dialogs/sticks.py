"""The sticks that are in this computer now. Asks the system, which may take its time: not for the window's thread."""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStorageInfo

_DRIVE_REMOVABLE = 2
_MOUNTED_BY_PEOPLE = ("/media/", "/run/media/", "/Volumes/")


@dataclass(frozen=True)
class Stick:
    """One removable medium. `free` in bytes."""

    path: Path
    name: str
    free: int
    writable: bool = True


def sticks() -> tuple[Stick, ...]:
    """Removable media that are ready, those with the most room first."""
    found = [_stick(volume) for volume in QStorageInfo.mountedVolumes() if _is_removable(volume)]
    return tuple(sorted(found, key=lambda stick: -stick.free))


def _stick(volume: QStorageInfo) -> Stick:
    path = Path(volume.rootPath())
    return Stick(path, volume.displayName() or path.name, volume.bytesAvailable(), not volume.isReadOnly())


def _is_removable(volume: QStorageInfo) -> bool:
    root = volume.rootPath()
    if not volume.isValid() or not volume.isReady() or volume.isRoot():
        return False
    if os.name == "nt":
        return _drive_type(root) == _DRIVE_REMOVABLE
    device = bytes(volume.device().data()).decode("utf-8", "replace")
    return root.startswith(_MOUNTED_BY_PEOPLE) or _says_removable(device)


def _drive_type(root: str) -> int:
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there is no such thing elsewhere
    return int(kernel.GetDriveTypeW(root))


def _says_removable(device: str) -> bool:
    """What the kernel says of the disk that a partition such as `/dev/sdb1` is on."""
    disk = Path(device).name.rstrip("0123456789")
    try:
        return (Path("/sys/block") / disk / "removable").read_text().strip() == "1"
    except OSError:
        return False
