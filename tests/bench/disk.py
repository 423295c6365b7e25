"""The least that keeping bytes can cost: what everything durable is measured beside."""

from __future__ import annotations

import os
from pathlib import Path

from station.store.folder import sync_directory


def write_durably(path: Path, data: bytes) -> None:
    """A new file that survives a power cut: write, fsync, rename, fsync of its folder."""
    temporary = path.with_suffix(".tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    temporary.replace(path)
    sync_directory(path.parent)
