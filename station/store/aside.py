"""What is damaged is kept for the technician, under a name that nothing here opens. Never deleted; knows no format."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

COMPANIONS = ("", "-wal", "-shm")
"""A database and what SQLite keeps beside it."""


def put_aside(path: Path) -> tuple[Path, ...]:
    """Rename a damaged file and its companions, and say to what. A name is never used twice."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    kept = []
    for suffix in COMPANIONS:
        part = path.with_name(path.name + suffix)
        with suppress(FileNotFoundError):
            kept.append(part.rename(path.with_name(f"{path.name}.broken-{stamp}{suffix}")))
    return tuple(kept)


def set_aside_before(path: Path) -> tuple[Path, ...]:
    """Names of what was put aside of `path` so far, oldest first."""
    return tuple(sorted(path.parent.glob(f"{path.name}.broken-*")))
