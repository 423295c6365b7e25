"""The first start after a power cut, and what a stranger finds then.

The program opens and heals a folder in a process forked for it, as no memory survives a cut; when that has ended, the
judges read what is there. The program tells nothing but whether it could be opened.
"""

from __future__ import annotations

import gc
import logging
import os
import select
import shutil
import signal
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from station.desk import recording
from station.store import database
from tests.soak.checker import Verdict, check
from tests.soak.clerk import clock_of_life
from tests.soak.journal import Line
from tests.soak.kept import lost_of_drafts
from tests.statements import compiling_once
from tests.support import Workplace

NOWHERE = "http://127.0.0.1:9"
OPENS_WITHIN_S = 60.0
WHOLE, NOT_ENROLLED = "whole", "it is not enrolled"
_warm = False


@dataclass(frozen=True)
class Cut:
    """A station's folder as the cut left it, and what had been said by then. `central`: what it had; None: nothing."""

    station: Path
    key: str
    lines: tuple[Line, ...]
    central: Path | None
    life: int = 1


def judged(cut: Cut) -> Verdict:
    """Open the station, then look: what is not there, there twice, or other than it was said."""
    trouble = opened(cut.station, cut.life)
    verdict = check(cut.lines, [cut.station], cut.central)
    begun = bool(cut.lines)
    lost = lost_of_drafts(cut.lines, cut.station, cut.key) if begun else ()
    if trouble == NOT_ENROLLED and not begun:
        trouble = ""  # nobody was told that it is enrolled
    return replace(verdict, lost=(*([trouble] if trouble else []), *verdict.lost, *lost))


def judged_and_gone(cut: Cut) -> Verdict:
    """The same of a folder that nobody needs afterwards. For a worker of a pool, which gets warm with its first one."""
    _warm_up(cut)
    try:
        return judged(cut)
    finally:
        shutil.rmtree(cut.station, ignore_errors=True)


def opened(station: Path, life: int) -> str:
    """Sign in, heal, look at every draft, close. What went wrong, in a sentence; '' for nothing."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _open_and_end(station, life, theirs)
    os.close(theirs)
    with closing(os.fdopen(ours, "rb")) as told:
        if not select.select([told], [], [], OPENS_WITHIN_S)[0]:
            os.kill(child, signal.SIGKILL)
        said = told.read().decode()
    os.waitpid(child, 0)
    if said in (WHOLE, NOT_ENROLLED):
        return "" if said == WHOLE else said
    return f"the station does not open: {said or 'it ended or hung'}"


def _open_and_end(station: Path, life: int, tell: int) -> None:
    """In the child. It ends here, whatever happens: nothing of the parent may be tidied up by it."""
    said = "?"
    try:
        logging.disable()  # what the program thinks of a cut is not asked
        said = _opened_here(station, life)
    except BaseException as problem:  # noqa: BLE001  # whatever it is: it is what is told
        said = f"{type(problem).__name__} {getattr(problem, 'code', '')}"
    finally:
        os.write(tell, said.encode())
        os._exit(0)


def _opened_here(station: Path, life: int) -> str:
    place = Workplace(station, NOWHERE, clock_of_life(life))
    try:
        if place.depot.enrolment is None:
            return NOT_ENROLLED
        recovered = place.office.recovered
        recording.open_drafts(place.office)
    finally:
        place.close()
    return WHOLE if recovered is None else f"it takes itself for damaged ({', '.join(recovered.what)})"


def _warm_up(cut: Cut) -> None:
    """What is loaded and worked out once, at a copy of the first folder; and what SQL is compiled to is kept."""
    global _warm
    if _warm:
        return
    pytest.MonkeyPatch().setattr(database, "create_engine", compiling_once())
    copy = cut.station.with_name(f"{cut.station.name}.warm-{os.getpid()}")
    shutil.copytree(cut.station, copy)
    with suppress(Exception):
        _opened_here(copy, cut.life)
    shutil.rmtree(copy)
    gc.collect()
    gc.freeze()  # a child that looks through it all would copy it all
    _warm = True
