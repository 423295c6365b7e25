"""Two stations, sticks, a local network and central, for as many days as there is time; whatever may happen, happens.

Every day a few people come, and a few things go wrong: cables, power, old copies, burnt computers, clocks, sticks,
central's own backup. In the end all is online, and central has each record once. The seed makes the same choices
again; how many bytes a broken line let through, and what threads do meanwhile, it cannot say.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.soak.harness import Broken, Budget
from tests.soak.land import Land
from tests.soak.sabotages import SABOTAGES, broken
from tests.soak.seeded import named, seed_of
from tests.soak.tally import Tally
from tests.soak.unwaited import unwaited
from tests.soak.walking_country import Country

TOLD_EVERY = 50
"""Days."""
FEWEST_A_DAY = 0.5
"""Records: a walk on which the program refuses nearly all of them would lose none either."""


class RandomWalk:
    """See the module. `details` tell after a run how many days there were, and what the programs would not do."""

    name = "random_walk"
    cuts = 1_200
    """Troubles; what happens on any day, such as a stick that is handed over, is none."""
    sabotages = tuple(SABOTAGES)

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed_of(seed)
        self.details: dict[str, object] = {}

    def missing(self) -> str:
        return ""

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        with named(self.name, self.seed, sabotage):
            return self._run(folder, budget, sabotage)

    def _run(self, folder: Path, budget: Budget, sabotage: str) -> Tally:
        with broken(sabotage), unwaited(), ExitStack() as stack:
            land = Land(folder, random.Random(self.seed), stack)
            country = Country(land)
            bad = Tally()
            while bad.clean and not budget.is_over(land.cuts):
                country.day()
                bad = country.judged()
                if not sabotage and land.days % TOLD_EVERY == 0:
                    print(f"{self.name}: {land.days} days, {land.cuts} troubles so far", flush=True)
            if bad.clean:
                country.calm_down()
                bad = country.judged(drained=True)
            refused = Counter(code for one in land.stations for code in one.refused)
            self.details = {"days": land.days, "refused": dict(refused)}
        print(f"{self.name}: {self.details}", flush=True)
        if bad.clean and bad.acknowledged < FEWEST_A_DAY * land.days:
            raise Broken(f"in {land.days} days only {bad.acknowledged} records were sealed; refused: {dict(refused)}")
        said = (f"seed {self.seed}, day {land.days}",) if not bad.clean else ()
        return bad + Tally(land.cuts, findings=said)
