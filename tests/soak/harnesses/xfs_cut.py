"""Power cuts on a real filesystem: the same station again and again, while a clerk works at it.

The words said to the operator are noted on another disk. The filesystem is shut down as by a pulled plug, the program
is killed, the disk is mounted again, the program heals, and strangers judge what was promised. At the end of each disk
everything is delivered, and central must have all of it once. It must not know what a packet is.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from multiprocessing.pool import Pool
from pathlib import Path
from random import Random
from time import monotonic, sleep

from tests.soak.broken_syncs import NO_FILE_SYNC, NORMAL
from tests.soak.checker import Verdict, check
from tests.soak.harness import Broken, Budget
from tests.soak.journal import Journal, Told
from tests.soak.opening import Cut, judged
from tests.soak.scratch import scratch
from tests.soak.seeded import named, seed_of
from tests.soak.stage import Central, Shift, central_elsewhere, clerk_elsewhere, warm
from tests.soak.tally import Tally
from tests.xfs_disk import XfsDisk, missing, xfs_disk

PROMISED = (Told.KEPT, Told.SEALED, Told.SETTLED)
WORDS_AT_MOST = 60
"""About the words of two people: a cut comes anywhere between the first one and that."""
SILENT_AT_MOST_S = 60.0
A_MOMENT_S = 0.02


@dataclass
class XfsCut:
    """The harness. `lives`: how often the power of one disk is cut."""

    lives: int = 15
    name: str = "xfs_cut"
    cuts: int = 300
    sabotages: tuple[str, ...] = (NORMAL, NO_FILE_SYNC)
    seed: int = field(default_factory=seed_of)

    def missing(self) -> str:
        """It needs root, loop devices and the tools of XFS."""
        return missing()

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        """Disk after disk. A sabotage is over as soon as it was noticed; a disk with a finding is kept in `folder`."""
        with named(self.name, self.seed, sabotage):
            return self._run(folder, budget, sabotage)

    def _run(self, folder: Path, budget: Budget, sabotage: str) -> Tally:
        total, number = Tally(), 0
        with scratch(folder) as place, warm.Pool(1) as pool:
            while number == 0 or not (budget.is_over(total.cuts) or (sabotage and not total.clean)):
                number += 1
                own = place / str(number)
                own.mkdir()
                with xfs_disk(own) as disk, central_elsewhere(own / "central") as central:
                    life = _Disk(own, disk, central, pool, Random(self.seed + number), sabotage)
                    total += life.use_up(self.lives, budget, total.cuts)
                    if life.found and not sabotage:
                        shutil.copytree(own, folder / f"disk-{number}", ignore=shutil.ignore_patterns("*.img"))
        return total


@dataclass
class _Disk:
    """One disk and the station on it. What is wrong is counted once, however often it is seen."""

    folder: Path
    disk: XfsDisk
    central: Central
    pool: Pool
    chance: Random
    sabotage: str
    found: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.journal = Journal(self.folder / "journal")
        self.station = self.disk.medium / "station"

    def use_up(self, lives: int, budget: Budget, before: int) -> Tally:
        """Cut until the lives or the budget are over, then deliver everything."""
        total, cuts = Tally(), 0
        while cuts == 0 or (cuts < lives and total.clean and not budget.is_over(before + cuts)):
            key = self._live_and_die(cuts)
            cut = Cut(self.station, key, tuple(self.journal.lines()), self.central.root, 2 * cuts + 1)
            total += self._new(f"cut {cuts}", self.pool.apply(judged, (cut,)))
            cuts += 1
        if total.clean:
            total += self._new("delivered", self._deliver(2 * cuts))
        promised = sum(line.told in PROMISED for line in self.journal.lines())
        return total + Tally(cuts, promised)

    def _live_and_die(self, cuts: int) -> str:
        with clerk_elsewhere(self._shift(2 * cuts, None)) as (pipe, process):
            pipe.recv()
            pipe.send("begin")
            key = str(pipe.recv())
            self._wait_for_words(self.chance.randint(1, WORDS_AT_MOST))
            sleep(self.chance.random() * A_MOMENT_S)
            said = self._words()
            self.disk.cut_power()
            process.kill()
            process.join()
        self.journal.unsay(said)  # while the power goes out the kernel may tell a lie that nobody lives to see
        self.disk.pull_out()
        self.disk.plug_in()
        return key

    def _wait_for_words(self, count: int) -> None:
        """Until so many more were said. Broken when the clerk has stopped."""
        until = monotonic() + SILENT_AT_MOST_S
        before = self._words()
        while self._words() < before + count:
            if monotonic() > until:
                raise Broken(f"the clerk is silent: {self._errors()}")
            sleep(0.005)

    def _words(self) -> int:
        return self.journal.path.read_bytes().count(b"\n") if self.journal.path.exists() else 0

    def _errors(self) -> str:
        return self.journal.path.with_suffix(".errors").read_text(errors="replace")[-500:]

    def _shift(self, life: int, people: int | None) -> Shift:
        chance = self.chance.randrange(1 << 30)
        return Shift(self.station, self.central, self.journal.path, chance, self.sabotage, people, life=life)

    def _deliver(self, life: int) -> Verdict:
        with clerk_elsewhere(self._shift(life, 0)) as (pipe, process):
            pipe.recv()
            pipe.send("begin")
            process.join(SILENT_AT_MOST_S)
            undone = [] if process.exitcode == 0 else [f"what was sealed cannot be delivered: {self._errors()}"]
        verdict = check(self.journal.lines(), [self.station], self.central.root, drained=True)
        return replace(verdict, lost=(*undone, *verdict.lost))

    def _new(self, when: str, verdict: Verdict) -> Tally:
        """What had not been found before. Promises are counted at the end of the disk."""
        lost, doubled, changed = (
            tuple(one for one in found if one not in self.found)
            for found in (verdict.lost, verdict.doubled, verdict.changed)
        )
        self.found |= {*lost, *doubled, *changed}
        said = tuple(f"{when}: {one}" for one in (*lost, *doubled, *changed))
        return Tally(0, 0, len(lost), len(doubled), len(changed), said)
