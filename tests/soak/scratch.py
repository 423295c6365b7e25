"""A folder of our own in memory: for what is thrown away a moment later. Knows nothing of what lies in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
_PREFIX = "station-soak-"


@contextmanager
def scratch(otherwise: Path) -> Iterator[Path]:
    """Below `otherwise` where a computer has no such memory. What a killed run has left there goes as well."""
    base = MEMORY if os.access(MEMORY, os.W_OK) else otherwise
    for left in base.glob(f"{_PREFIX}*"):
        if not Path("/proc", left.name.removeprefix(_PREFIX).partition("-")[0]).exists():
            _throw_away(left)
    place = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
    try:
        yield place
    finally:
        _throw_away(place)


def _throw_away(place: Path) -> None:
    """With what is mounted below it: nothing is ever deleted through a mount. What stays mounted stays."""
    for mounted in _mounted_below(place):
        subprocess.run(["umount", "-l", str(mounted)], capture_output=True, check=False)
    if not _mounted_below(place):
        shutil.rmtree(place, ignore_errors=True)


def _mounted_below(place: Path) -> list[Path]:
    """The innermost first."""
    table = Path("/proc/self/mounts")
    if not table.exists():
        return []
    found = (Path(line.split(" ")[1]) for line in table.read_text(encoding="utf-8").splitlines())
    return sorted((path for path in found if path.is_relative_to(place.resolve())), reverse=True)
