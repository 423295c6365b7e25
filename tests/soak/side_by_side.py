"""Several pieces of work at once, each in a process of its own. Knows nothing of what they do.

A piece whose process dies takes no other with it. Whoever ends the whole ends the pieces too, and waits for them: each
may have a disk to unmount.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

_Result = TypeVar("_Result")
_SPAWN = get_context("spawn")
"""A fork would begin with whatever this process has loaded and patched."""


def side_by_side(
    pieces: Sequence[Callable[[], Callable[[], _Result]]], at_once: int
) -> Generator[tuple[int, _Result | None], None, None]:
    """Number and result of each of `pieces` as it ends, at most `at_once` at a time; None of one that died.

    Each is asked for its work when its turn comes; that has to be picklable, and what it gives too.
    """
    waiting = list(enumerate(pieces))
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                number, piece = waiting.pop(0)
                running.append(_Running.begin(number, piece()))
            ready = wait([one.end for one in running])
            for one in [one for one in running if one.end in ready]:
                running.remove(one)
                yield one.number, one.result()
    finally:
        for one in running:
            one.process.terminate()
        for one in running:
            one.process.join()


@dataclass(eq=False)
class _Running:
    """One piece at work."""

    number: int
    process: BaseProcess
    end: Connection

    @classmethod
    def begin(cls, number: int, work: Callable[[], object]) -> _Running:
        here, there = _SPAWN.Pipe(duplex=False)
        process = _SPAWN.Process(target=_do, args=(there, work))
        process.start()
        there.close()
        return cls(number, process, here)

    def result(self) -> Any:
        """None when the process ended without one."""
        try:
            return self.end.recv()
        except EOFError:
            return None
        finally:
            self.end.close()
            self.process.join()


def _do(end: Connection, work: Callable[[], object]) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    end.send(work())
