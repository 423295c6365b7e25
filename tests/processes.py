"""Processes of this computer: who started whom, and whether somebody has ended. Linux only."""

from __future__ import annotations

import os
import select
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import monotonic

END_LIMIT_S = 20.0


def children_of(pid: int) -> tuple[int, ...]:
    """Whom `pid` has started, and they, as long as they live."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    own = [child for child, parent in parents.items() if parent == pid]
    return tuple(sorted({*own, *(grandchild for child in own for grandchild in children_of(child))}))


class Watched:
    """Processes that are watched from while they live: a number may be given to another one afterwards."""

    def __init__(self, pids: Iterable[int]) -> None:
        self._handles = [os.pidfd_open(pid) for pid in pids]

    def __len__(self) -> int:
        return len(self._handles)

    def all_end(self, limit_s: float = END_LIMIT_S) -> bool:
        """True once every one has ended; False when one is still there after `limit_s`."""
        until = monotonic() + limit_s
        try:
            return all(select.select([one], [], [], max(0.0, until - monotonic()))[0] for one in self._handles)
        finally:
            for one in self._handles:
                os.close(one)
