"""Power cuts on a disk that forgets what was not synced: at every place of a real day's work, in nine ways.

A real process captures, seals, delivers and settles while every system call on its folder is recorded. For each cut the
disk is put together as it could be then, the real program opens it and heals, and strangers judge what was promised.
Needs strace and no root. It must not know what a packet is.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.pool import AsyncResult, Pool
from pathlib import Path
from random import Random

from tests.soak.broken_syncs import NO_FILE_SYNC, NO_FOLDER_SYNC, NORMAL
from tests.soak.checker import Verdict
from tests.soak.day import Day, record
from tests.soak.fates import FATES, KEPT
from tests.soak.forgetful_disk import ForgetfulDisk, Tree
from tests.soak.harness import Budget
from tests.soak.journal import Line, Told
from tests.soak.opening import OPENS_WITHIN_S, Cut, judged_and_gone
from tests.soak.scratch import scratch
from tests.soak.seeded import named, seed_of
from tests.soak.stage import warm
from tests.soak.tally import Tally
from tests.soak.tracing import missing

PROMISED = (Told.KEPT, Told.SEALED, Told.SETTLED)
AT_ONCE = 2
"""Stations that are opened at the same time."""
CUTS_WAITING = 2


@dataclass
class DroppedCache:
    """The harness. The last of the `people` of a day stays a draft. About `a_round` cuts go through a whole day."""

    people: int = 5
    at_once: int = AT_ONCE
    a_round: int = 30
    name: str = "dropped_cache"
    cuts: int = 10_000
    sabotages: tuple[str, ...] = (NORMAL, NO_FILE_SYNC, NO_FOLDER_SYNC)
    seed: int = field(default_factory=seed_of)

    def missing(self) -> str:
        """It needs strace, on Linux."""
        return missing()

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        """Day after day. A sabotage is over as soon as it was noticed; a disk with a finding is kept in `folder`."""
        with named(self.name, self.seed, sabotage):
            return self._run(folder, budget, sabotage)

    def _run(self, folder: Path, budget: Budget, sabotage: str) -> Tally:
        total, day, spared = Tally(), 0, 0
        with scratch(folder) as place, warm.Pool(self.at_once) as pool:
            while day == 0 or not (budget.is_over(total.cuts) or (sabotage and not total.clean)):
                day += 1
                own = place / str(day)
                own.mkdir()
                recorded = record(own, self.seed + day, self.people, sabotage)
                cuts = _Day(recorded, own, folder / f"day-{day}", self.a_round, f"{self.seed} {day}")
                total += cuts.cut_all(pool, budget, total.cuts, patient=not sabotage)
                spared += cuts.spared
                shutil.rmtree(own)
        if not sabotage:
            print(
                f"{self.name}: at {spared} more cuts the disk forgot nothing; they are judged and not counted",
                flush=True,
            )
        return total


@dataclass(frozen=True)
class _Place:
    """Where the power goes out, and how the disk forgets. The same place of the same day is always the same disk."""

    number: int
    fate: str
    chance: str
    forgets: bool = True
    """The disk is not as if only the program had died."""

    def tree(self, disk: ForgetfulDisk) -> Tree:
        return disk.cut(FATES[self.fate](Random(f"{self.chance} {self.number} {self.fate}")))


@dataclass
class _Day:
    """All cuts of one recorded day. No two have the same disk and the same words."""

    day: Day
    folder: Path
    kept: Path
    a_round: int
    chance: str
    """The same of the same recording makes the same cuts."""
    seen: set[bytes] = field(default_factory=set)
    waiting: deque[tuple[_Place, AsyncResult[Verdict]]] = field(default_factory=deque)
    total: Tally = field(default_factory=Tally)
    spared: int = 0
    """Cuts at which nothing was forgotten: they are judged, and are none."""

    def cut_all(self, pool: Pool, budget: Budget, before: int, *, patient: bool) -> Tally:
        """Until the day or the budget is over, or something is wrong and nobody is `patient`."""
        promised = 0
        for place, cut in self._cuts(spared=patient):
            promised = max(promised, sum(line.told in PROMISED for line in cut.lines))
            self.waiting.append((place, pool.apply_async(judged_and_gone, (cut,))))
            if len(self.waiting) > 2 * CUTS_WAITING:
                self._hear()
            enough = budget.is_over(before + self.total.cuts + sum(one.forgets for one, _ in self.waiting))
            if enough or not (patient or self.total.clean):
                break
        while self.waiting:
            self._hear()
        return self.total + Tally(acknowledged=promised)

    def _hear(self) -> None:
        place, answer = self.waiting.popleft()
        verdict = answer.get(2 * OPENS_WITHIN_S)
        counted = verdict.tally(int(place.forgets))
        self.spared += not place.forgets
        at = f"deed {place.number} of {len(self.day.log.deeds)}, {place.fate}"
        said = tuple(f"{at}: {one}" for one in counted.findings)
        if said and self.total.clean:
            self._keep(place)
        self.total += replace(counted, acknowledged=0, findings=said)

    def _keep(self, place: _Place) -> None:
        disk = ForgetfulDisk(self.day.log)
        disk.play(place.number)
        _write(self.kept, place.tree(disk))

    def _cuts(self, *, spared: bool) -> Iterator[tuple[_Place, Cut]]:
        """Every place of the day once: in rounds that go through all of it, so that a short run sees all of it too.

        Those at which nothing is forgotten only with `spared`: they show no sabotage.
        """
        places, chance = len(self.day.log.deeds), Random(self.chance)
        step = max(1, places // self.a_round)
        for first in chance.sample(range(1, step + 1), step):
            disk = ForgetfulDisk(self.day.log)
            for number in range(first, places + 1, step):
                disk.play(number)
                place = _Place(number, chance.choice(list(FATES)), self.chance)
                tree, lines = place.tree(disk), tuple(disk.said)
                if self._is_new(tree, lines):
                    forgets = tree != replace(place, fate=KEPT).tree(disk)
                    if forgets or spared:
                        yield replace(place, forgets=forgets), self._cut(tree, lines)

    def _is_new(self, tree: Tree, lines: tuple[Line, ...]) -> bool:
        digest = hashlib.blake2b(str(len(lines)).encode(), digest_size=16)
        for path, data in tree.items():
            digest.update(b"\0" + path.encode() + b"\0" + (hashlib.blake2b(data).digest() if data is not None else b""))
        known = digest.digest() in self.seen
        self.seen.add(digest.digest())
        return not known

    def _cut(self, tree: Tree, lines: tuple[Line, ...]) -> Cut:
        station = self.folder / "cuts" / str(len(self.seen))
        _write(station, tree)
        return Cut(station, self.day.key, lines, self.day.shelf(lines))


def _write(folder: Path, tree: Tree) -> None:
    folder.mkdir(parents=True, mode=0o700)
    for path, data in tree.items():
        if data is None:
            (folder / path).mkdir(mode=0o700)
        else:
            (folder / path).write_bytes(data)
