"""kill -9 at every named point of the program, many times each: real processes, a real central, a real disk.

Must not know how anything is done at a station, nor what is right: that is judged from outside.
"""

from __future__ import annotations

import multiprocessing
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from tests.soak.harness import Broken, Budget
from tests.soak.killing.points import FEWEST_POINTS, PER_POINT, POINTS, Point
from tests.soak.killing.sabotage import SABOTAGES, SHOWN_AT
from tests.soak.killing.season import Season
from tests.soak.seeded import named, seed_of
from tests.soak.tally import Tally

A_SEASON = 18
"""Deaths of one station, before the next one is enrolled."""
SEASONS_A_LINE = 10
MISSES = 3 * PER_POINT
"""A point that was missed so often, and again so often for each time it was hit, cannot be reached."""


class Killed:
    """As tests/soak/harness.py has it. The same `points` and `seed` give the same histories."""

    name = "killed"
    sabotages = tuple(SABOTAGES)

    def __init__(self, points: Sequence[Point] = POINTS, seed: int | None = None) -> None:
        self._points = tuple(points)
        self._seed = seed_of(seed)

    @property
    def cuts(self) -> int:
        return PER_POINT * len(self._points)

    def missing(self) -> str:
        """It needs processes that can be forked, and killed without warning."""
        return "" if sys.platform == "linux" else "killed: only Linux has a fork server and SIGKILL as it is used here"

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        shown = SHOWN_AT.get(sabotage)
        points = [point for point in POINTS if point.name in shown] if shown else self._points
        with named(self.name, self._seed, sabotage):
            return _Run(folder, budget, sabotage, tuple(points), Random(self._seed)).go()


class _Run:
    """One run: season after season, until every point has had its share or the budget is over."""

    def __init__(self, folder: Path, budget: Budget, sabotage: str, points: tuple[Point, ...], chance: Random) -> None:
        self._folder, self._budget, self._sabotage = folder, budget, sabotage
        self._points, self._chance = points, chance
        self._hit: Counter[str] = Counter()
        self._missed: Counter[str] = Counter()

    def go(self) -> Tally:
        tally, number = Tally(), 0
        context = fork_server()
        while not number or (tally.clean and not self._budget.is_over(tally.cuts)):
            number += 1
            tally += self._season(context, self._folder / f"season-{number}", tally.cuts)
            self._check_misses()
            if number % SEASONS_A_LINE == 0:
                print(f"killed: {tally.cuts} deaths so far, {tally.acknowledged} records acknowledged", flush=True)
        if not self._sabotage:
            self._tell(whole=tally.clean and self._is_whole and tally.cuts >= self._budget.cuts)
        return tally

    @property
    def _is_whole(self) -> bool:
        return not self._sabotage and self._budget.cuts >= PER_POINT * len(self._points)

    def _season(self, context: Any, folder: Path, before: int) -> Tally:
        folder.mkdir()
        most = max(1, min(A_SEASON, self._budget.cuts - before))
        season = Season(folder, context, self._chance, lambda: self._budget.is_over(before), self._sabotage)
        verdict = season.run(self._next(most))
        self._hit.update(season.hit)
        self._missed.update(season.missed)
        if not verdict.found:
            shutil.rmtree(folder)
        return verdict.tally(len(season.hit))

    def _next(self, most: int) -> list[Point]:
        """The points that had the fewest deaths yet, in the order of a station's life.

        In a whole run none has more than its share: so all have theirs when it is over, however often one was missed.
        """
        wanting = [point for point in self._points if not self._is_whole or self._hit[point.name] < PER_POINT]
        least = sorted(wanting, key=lambda point: (self._hit[point.name], self._chance.random()))
        return [point for point in self._points if point in least[:most]]

    def _check_misses(self) -> None:
        never = [name for name, times in self._missed.items() if times >= MISSES * (1 + self._hit[name])]
        if never:
            raise Broken(f"never or hardly ever reached, though tried {MISSES} times: {', '.join(never)}")

    def _tell(self, *, whole: bool) -> None:
        kills, missed = self._hit.total(), self._missed.total()
        fewest = min((self._hit[point.name] for point in self._points), default=0)
        print(
            f"killed: {kills} deaths at {len(self._hit)} of {len(self._points)} points, at least {fewest} at each;"
            f" {missed} times the point was not reached and nobody died",
            flush=True,
        )
        if whole and len(self._hit) < FEWEST_POINTS:
            raise Broken(f"only {len(self._hit)} points were hit; {FEWEST_POINTS} are promised")


def fork_server() -> Any:
    """Where processes come from that have loaded the program already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.soak.killing.doom"])
    return context
