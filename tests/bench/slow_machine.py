"""A slow computer: 30 % of one core, and every sync of the disk 25 ms late. Knows nothing of what runs there.

Needs root, Linux, control groups and strace: the quota of the kernel and the delays of strace are the machine's, not
the program's, so nothing in the program knows that it is measured. What is not part of a station (central, the
simulator of devices) stays outside.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.failed import BenchFailed

CORE = 0.30
SYNC_MS = 25
PERIOD_US = 10_000
"""The share is given every 10 ms. With the kernel's usual 100 ms the program would stand still for 70 ms at a time."""
_GROUPS = Path("/sys/fs/cgroup")
_V1 = _GROUPS / "cpu"
_NAME = "ktp-bench"
_ENTER = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
_WEIGHT = 100_000
"""Of 1,024: its share is really there, also while others work on this computer."""
_GONE_WITHIN_S = 5.0


@dataclass(frozen=True)
class Machine:
    """A control group; `command` makes of a command one that runs there, all of its children too."""

    group: Path | None
    syncs_late_ms: int = 0

    def command(self, arguments: Sequence[str]) -> list[str]:
        inside = ["/bin/sh", "-c", _ENTER, str(self.group), *arguments] if self.group else list(arguments)
        if not self.syncs_late_ms:
            return inside
        calls = "fsync,fdatasync"
        late = f"inject={calls}:delay_enter={self.syncs_late_ms * 1000}"
        # Only these two calls are stopped at; strace itself is outside of the group and costs nothing there.
        return ["strace", "-f", "--seccomp-bpf", "-qqq", "-o", os.devnull, "-e", f"trace={calls}", "-e", late, *inside]


def missing() -> str | None:
    """One sentence that says why a slow computer cannot be made here."""
    if sys.platform != "linux":
        return "a slow computer is made on Linux only"
    if shutil.which("strace") is None:
        return "strace is not installed: it makes the syncs late"
    if os.geteuid() != 0:
        return "only root may give a program a share of a core"
    if _controller() is None:
        return "the kernel has no control group for the processor here"
    return None


@contextmanager
def slow_machine(*, core: float = CORE, sync_ms: int = SYNC_MS) -> Iterator[Machine]:
    """That slow computer; whatever still runs in it at the end is killed."""
    with _group("slow", core) as group:
        yield Machine(group, sync_ms)


@contextmanager
def whole_machine() -> Iterator[Machine]:
    """The same computer unhindered, its share as safe from the neighbours: what a slow one is measured beside."""
    with _group("whole", None) as group:
        yield Machine(group)


@contextmanager
def _group(name: str, core: float | None) -> Iterator[Path]:
    controller = _controller()
    if controller is None:
        raise BenchFailed(f"no slow computer: {missing()}")
    _sweep(controller)
    group = controller / f"{_NAME}-{name}-{os.getpid()}"
    group.mkdir()
    try:
        _limit(group, core)
        yield group
    finally:
        _end_all(group)
        _remove(group)


def _sweep(controller: Path) -> None:
    """What a bench that was killed has left: the process whose number is in the name is gone."""
    for left in controller.glob(f"{_NAME}-*"):
        if not Path("/proc", left.name.rpartition("-")[2]).exists():
            _end_all(left)
            _remove(left)


def _limit(group: Path, core: float | None) -> None:
    quota = None if core is None else int(PERIOD_US * core)
    if (group / "cpu.cfs_quota_us").exists():
        (group / "cpu.shares").write_text(str(_WEIGHT))
        if quota is not None:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
    else:
        (group / "cpu.weight").write_text("10000")
        if quota is not None:
            (group / "cpu.max").write_text(f"{quota} {PERIOD_US}")


def _controller() -> Path | None:
    """Where groups with a share of the processor can be made."""
    if (_V1 / "cpu.cfs_quota_us").exists():
        return _V1
    handed_down = _GROUPS / "cgroup.subtree_control"
    if handed_down.exists() and "cpu" in (_GROUPS / "cgroup.controllers").read_text().split():
        with suppress(OSError):
            if "cpu" not in handed_down.read_text().split():
                handed_down.write_text("+cpu")
            return _GROUPS
    return None


def _end_all(group: Path) -> None:
    deadline = time.monotonic() + _GONE_WITHIN_S
    while (left := (group / "cgroup.procs").read_text().split()) and time.monotonic() < deadline:
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(int(process), 9)
        time.sleep(0.02)


def _remove(group: Path) -> None:
    """A group whose last process has just gone is busy for a moment."""
    deadline = time.monotonic() + _GONE_WITHIN_S
    while True:
        try:
            group.rmdir()
        except OSError as problem:
            if problem.errno != errno.EBUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
