"""A note that this folder came from a backup, until the first sign-in has proved whose backup it was. Opens nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

from station.store.snapshot_facts import SnapshotFacts, read_facts

NOTE = "restored-from"


def note_of(root: Path) -> Path:
    """Where the facts of the snapshot and their signature are kept meanwhile."""
    return root / NOTE


def restored_facts(root: Path) -> SnapshotFacts | None:
    """What this folder was restored from; None when it was not, or when that has been settled."""
    return read_facts(note_of(root)) if note_of(root).is_dir() else None


def forget_restored(root: Path) -> None:
    """It was proved, and what follows from it is in the database."""
    shutil.rmtree(note_of(root), ignore_errors=True)
