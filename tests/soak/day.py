"""A station's first day, recorded: every deed on its disk from the enrolment on, and every word said to the operator.

The recording is proved: played to its end without any loss it must give the folder that is really there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.soak.disk_log import DiskLog
from tests.soak.fates import FATES
from tests.soak.forgetful_disk import ForgetfulDisk
from tests.soak.harness import Broken
from tests.soak.journal import Line, Told
from tests.soak.stage import Shift, central_elsewhere, clerk_elsewhere
from tests.soak.tracing import read_trace, watched

LASTS_AT_MOST_S = 300.0
SMALL_BYTES, LARGE_BYTES = 2_000, 80_000


@dataclass(frozen=True)
class Day:
    """`key`: of the station's database, raw, in hex. `shelves`: what central had, see `shelf`."""

    log: DiskLog
    key: str
    shelves: Path

    def shelf(self, lines: tuple[Line, ...]) -> Path | None:
        """What central had at the latest when all of `lines` had been said: it may have had more."""
        settled = sum(line.told is Told.SETTLED for line in lines)
        copies = [int(path.name) for path in self.shelves.glob("*") if int(path.name) < settled]
        return self.shelves / str(max(copies)) if copies else None


def record(folder: Path, chance: int, people: int, sabotage: str = "") -> Day:
    """Let a clerk work on `people` in `folder`, which is empty. The number `chance` gives the pictures.

    Those of every other day are so large that SQLite takes its log over into the database in the middle of the work.
    """
    station, journal, trace = folder / "station", folder / "journal", folder / "trace"
    with central_elsewhere(folder / "central") as central:
        largest = LARGE_BYTES if chance % 2 == 0 else SMALL_BYTES
        shift = Shift(station, central, journal, chance, sabotage, people, largest, shelves=folder / "shelves")
        with clerk_elsewhere(shift) as (pipe, process):
            pipe.recv()
            station.mkdir(mode=0o700)
            log = DiskLog.of(station)
            assert process.pid is not None
            with watched(process.pid, trace):
                pipe.send("begin")
                key = pipe.recv()
                process.join(LASTS_AT_MOST_S)
            if process.exitcode != 0:
                complaint = journal.with_suffix(".errors").read_text(errors="replace")[-500:]
                raise Broken(f"the clerk ended with {process.exitcode}: {complaint}")
    day = Day(read_trace(trace, station, journal, log), key, folder / "shelves")
    _prove(day, station)
    trace.unlink()
    return day


def _prove(day: Day, station: Path) -> None:
    disk = ForgetfulDisk(day.log)
    disk.play(len(day.log.deeds))
    played = disk.cut(FATES["kept"](Random()))
    really = {
        str(path.relative_to(station)): None if path.is_dir() else path.read_bytes() for path in station.rglob("*")
    }
    if played != really:
        raise Broken("the recording is not what was done: no cut of it would mean anything")
