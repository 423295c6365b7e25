"""A central, and a clerk at a station of it, each in a process of its own that is forked from a warm one.

It must not know how the clerk's power is cut.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

from tests.soak.broken_syncs import break_on_purpose
from tests.soak.clerk import Clerk, clock_of_life
from tests.soak.journal import Journal
from tests.soak.tracing import let_anybody_watch
from tests.support import Workplace, running_central

PEOPLE_A_LIFE = 100
"""More are not begun before the power goes out."""
warm = multiprocessing.get_context("forkserver")
warm.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Central:
    """Where it listens, what a station enrols with, and its data folder."""

    url: str
    code: str
    root: Path


@dataclass(frozen=True)
class Shift:
    """What a clerk is to do. `people` None is for ever, 0 is to deliver what there is. `life` counts the starts of the
    program on this folder.
    """

    station: Path
    central: Central
    journal: Path
    chance: int
    sabotage: str = ""
    people: int | None = None
    largest: int = 2000
    life: int = 0
    shelves: Path | None = None


@contextmanager
def central_elsewhere(root: Path) -> Iterator[Central]:
    """A central whose power is never cut."""
    with _process(_run_central, root) as (pipe, _process_of_it):
        url, code = pipe.recv()
        yield Central(url, code, root)


@contextmanager
def clerk_elsewhere(shift: Shift) -> Iterator[tuple[Pipe, BaseProcess]]:
    """A clerk who says a word and waits for one before anything is done, and sends the raw key of the station's
    database in hex when it is open. In the first life the station is enrolled before that.
    """
    with _process(_run_clerk, shift) as (pipe, process):
        yield pipe, process


@contextmanager
def _process(target: Callable[[Pipe, Any], None], what: object) -> Iterator[tuple[Pipe, BaseProcess]]:
    ours, theirs = warm.Pipe()
    process = warm.Process(target=target, args=(theirs, what), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours, process
    finally:
        ours.close()
        process.kill()
        process.join()


def _run_central(pipe: Pipe, root: Path) -> None:
    with running_central(root) as server:
        pipe.send((server.url, server.central.new_code()))
        pipe.poll(None)  # until nobody is there any more


def _run_clerk(pipe: Pipe, shift: Shift) -> None:
    with shift.journal.with_suffix(".errors").open("ab") as errors:
        os.dup2(errors.fileno(), 2)  # a program whose disk is gone complains
    let_anybody_watch()
    pipe.send("ready")
    pipe.recv()
    place = Workplace(shift.station, shift.central.url, clock_of_life(shift.life))
    if shift.life == 0:
        place.enrol(shift.central.code)
    if shift.sabotage:  # not before: a station that is not there any more shows nothing of what was promised at it
        break_on_purpose(shift.sabotage)
        place.reopen()
    pipe.send(place.office.applicants.raw_key.hex())
    journal, chance = Journal(shift.journal), Random(shift.chance)
    Clerk(place, journal, chance, shift.largest, shift.central.root, shift.shelves).work(
        1 + PEOPLE_A_LIFE * shift.life, shift.people
    )
    place.close()
    os._exit(0)  # nothing that would be tidied up now is anybody's business
