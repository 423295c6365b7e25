"""build/bench-machine.json: on what, and when, the rows were measured."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import PySide6
import sqlcipher3.dbapi2 as sqlite

from tests.bench.failed import BenchFailed

_RAM_DISKS = ("tmpfs", "ramfs", "devtmpfs")


def load_average() -> float | None:
    """Of the last minute; None where the system has none."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def write_machine(path: Path, load_before: float | None, seconds: float, each: Mapping[str, float]) -> None:
    """Describe this machine. `load_before` was read before the first measurement; `seconds` is the whole bench, `each`
    what its parts took."""
    facts = {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite.sqlite_version,
        "pyside": PySide6.__version__,
        "filesystem": filesystem(path.parent),
        "load_average_before": load_before,
        "bench_seconds": round(seconds, 1),
        "seconds": {name: round(took, 1) for name, took in each.items()},
    }
    path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def filesystem(folder: Path) -> str:
    """The kind of file system `folder` is on; '' where the system does not tell."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    kinds = {Path(line.split()[1]): line.split()[2] for line in mounts.read_text().splitlines()}
    return next((kinds[place] for place in (folder.resolve(), *folder.resolve().parents) if place in kinds), "")


def require_disk(folder: Path) -> None:
    """fsync on a RAM disk costs nothing: a figure from there would be a lie."""
    if filesystem(folder) in _RAM_DISKS:
        raise BenchFailed(f"{folder} is on {filesystem(folder)}: the bench needs a real disk")
