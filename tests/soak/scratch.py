"""A folder of our own in memory: for what is thrown away a moment later. Knows nothing of what lies in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY = Path("/dev/shm")
_PREFIX = "station-soak-"


@contextmanager
def scratch(otherwise: Path) -> Iterator[Path]:
    """Below `otherwise` where a computer has no such memory. What a killed run has left there goes as well."""
    base = MEMORY if os.access(MEMORY, os.W_OK) else otherwise
    for left in base.glob(f"{_PREFIX}*"):
        if not Path("/proc", left.name.removeprefix(_PREFIX).partition("-")[0]).exists():
            shutil.rmtree(left, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
    try:
        yield place
    finally:
        with suppress(OSError):
            shutil.rmtree(place)
