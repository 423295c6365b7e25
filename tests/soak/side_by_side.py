"""Several pieces of work at once, each in a process of its own. Knows nothing of what they do.

A piece whose process dies takes no other with it. Whoever ends the whole ends the pieces too, and waits for them: each
may have a disk to unmount.
"""

from __future__ import annotations

import pickle
import signal
import traceback
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, TypeVar

_Result = TypeVar("_Result")
_SPAWN = get_context("spawn")
"""A fork would begin with whatever this process has loaded and patched."""
LOOK_S = 1.0
"""How soon a death is noticed whose pipe a child of the dead still holds open."""
END_S = 60.0
"""For whatever a piece that has given its result still holds."""


def side_by_side(
    pieces: Sequence[Callable[[], Callable[[], _Result]]], at_once: int
) -> Generator[tuple[int, _Result | None], None, None]:
    """Number and result of each of `pieces` as it ends, at most `at_once` (at least 1) at a time; None of one that died
    or could not be begun.

    Each is asked for its work when its turn comes; that has to be picklable, and what it gives too.
    """
    waiting = list(enumerate(pieces))
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                number, piece = waiting.pop(0)
                try:
                    running.append(_Running.begin(number, piece()))
                except Exception:  # noqa: BLE001  # whatever it is, the others go on
                    traceback.print_exc()
                    yield number, None
            ready = wait([one.end for one in running], LOOK_S)
            for one in [one for one in running if one.end in ready or not one.process.is_alive()]:
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
        try:
            process.start()
        except BaseException:
            here.close()
            raise
        finally:
            there.close()
        return cls(number, process, here)

    def result(self) -> Any:
        """None when the process ended without one."""
        try:
            return self.end.recv() if self.end.poll() else None
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        finally:
            self.end.close()
            self.process.join(END_S)
            self.process.kill()


def _do(end: Connection, work: Callable[[], object]) -> None:
    signal.signal(signal.SIGINT, _leave_it)
    signal.signal(signal.SIGTERM, _end_once)
    end.send(work())


def _leave_it(_number: int, _frame: FrameType | None) -> None:
    """A key press ends every process of the terminal: whoever began this one tells it to end.

    A handler, because a signal that is ignored stays so in all that this one starts.
    """


def _end_once(_number: int, _frame: FrameType | None) -> None:
    """A second one, as from `timeout`, must not break off what is being put right after the first."""
    signal.signal(signal.SIGTERM, _leave_it)
    raise KeyboardInterrupt
