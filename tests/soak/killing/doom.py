"""One life of a station's process, from its start to its death at a named point, and what it told until then.

The process is forked from one that has loaded the program already, so that hundreds of deaths cost little. It tells
over a pipe; who listens, outside, is the one that writes down what was told.
"""

from __future__ import annotations

import logging
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

from station import failpoint
from tests.soak.harness import Broken
from tests.soak.journal import Line
from tests.soak.killing.central import CentralProcess, dies_at
from tests.soak.killing.clock import SharedClock
from tests.soak.killing.sabotage import SABOTAGES
from tests.soak.killing.whole_desk import WholeDesk

LONGEST_S = 180.0
"""Nothing that is done in one life takes as long, even on a busy computer."""


@dataclass(frozen=True)
class Life:
    """What a process does after it has opened the station: `deeds` one after another, the last one `tries` times.

    It dies when `point` is passed for the `nth` time, wherever that is; with no point it lives to the end.
    """

    root: Path
    spare: Path
    stick: Path
    url: str
    code: str
    deeds: tuple[str, ...]
    seed: int
    serial: int
    point: str = ""
    nth: int = 1
    tries: int = 1
    sabotage: str = ""

    def __str__(self) -> str:
        end = f"killed at pass {self.nth} of {self.point}" if self.point else "alive to the end"
        return f"{', '.join(self.deeds)}; {end}"


@dataclass
class Ending:
    """`killed`: by its point. `root`: where the station was opened last. `key`: of its drafts, see kept.py."""

    killed: bool = False
    root: Path | None = None
    key: str = ""


def live(pipe: Pipe, life: Life, passed: Any) -> None:
    """Run in the process that dies."""
    logging.basicConfig(filename=life.stick.with_name("station.log"), level=logging.INFO, force=True)
    try:
        if life.sabotage:
            SABOTAGES[life.sabotage]()
        with failpoint.armed(dies_at(life.point, life.nth)):
            _work(pipe, life, passed)
        pipe.send(("done", ""))
    except BaseException:  # noqa: BLE001  # it is told outside, where the run ends
        pipe.send(("error", traceback.format_exc()))


def _work(pipe: Pipe, life: Life, passed: Any) -> None:
    serials = count(life.serial)
    desk = WholeDesk(
        root=life.root,
        url=life.url,
        code=life.code,
        spare=life.spare,
        stick=life.stick,
        clock=SharedClock(passed),
        tell=lambda line: pipe.send(("line", line)),
        serials=lambda: next(serials),
        chance=Random(life.seed),
    )
    desk.open()
    pipe.send(("root", str(desk.root)))
    pipe.send(("key", desk.key))
    for number, deed in enumerate(life.deeds, start=1):
        for _ in range(life.tries if number == len(life.deeds) else 1):
            getattr(desk, deed)()
            pipe.send(("root", str(desk.root)))
            pipe.send(("key", desk.key))
    desk.place.close()


def go_through(context: Any, life: Life, passed: Any, central: CentralProcess, hear: Callable[[Line], None]) -> Ending:
    """Let a process live `life`; what it told is heard in the order in which it was told. Broken when it fails."""
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=live, args=(theirs, life, passed), daemon=True)
    process.start()
    theirs.close()
    ending, ends_at = Ending(), monotonic() + LONGEST_S
    try:
        while True:
            if wait([ours], timeout=0.1):
                _take(ours.recv(), ending, hear, life)
            central.died()
            if monotonic() > ends_at:
                raise Broken(f"a process of the station does not end ({life})")
    except EOFError:
        process.join()
    finally:
        process.kill()
        process.join()
        ours.close()
    if process.exitcode not in (0, -signal.SIGKILL):
        raise Broken(f"a process of the station ended with {process.exitcode} ({life})")
    ending.killed = process.exitcode == -signal.SIGKILL
    return ending


def _take(said: tuple[str, Any], ending: Ending, hear: Callable[[Line], None], life: Life) -> None:
    kind, what = said
    if kind == "line":
        hear(what)
    elif kind == "root":
        ending.root = Path(what)
    elif kind == "key":
        ending.key = what or ending.key
    elif kind == "error":
        raise Broken(f"the station could not go on ({life}):\n{what}")
