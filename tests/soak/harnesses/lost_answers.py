"""Central has done the work and the answer is stolen, a thousand times, at every kind of request and at the stick.

A real station, the reference central and HTTP on loopback; only the clock is moved by hand. Both are restarted at
random. In the end central has each record once, byte for byte, and nothing was ever shown as delivered that it lacks.
"""

from __future__ import annotations

import random
from contextlib import ExitStack
from pathlib import Path

from tests.soak.harness import Broken, Budget
from tests.soak.sabotages import EARLY_SETTLE, FRESH_KEY, NO_CAPTURES, broken
from tests.soak.seeded import named, seed_of
from tests.soak.stolen_line import CUTS_A_RECORD, LOOK_EVERY, StolenLine
from tests.soak.tally import Tally
from tests.soak.unwaited import unwaited


class LostAnswers:
    """See the module. `stolen` tells after a run how often each kind was hit."""

    name = "lost_answers"
    cuts = 1_000
    sabotages = (FRESH_KEY, EARLY_SETTLE, NO_CAPTURES)

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed_of(seed)
        self.stolen: dict[str, int] = {}

    def missing(self) -> str:
        return ""

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        with named(self.name, self.seed, sabotage):
            return self._run(folder, budget, sabotage)

    def _run(self, folder: Path, budget: Budget, sabotage: str) -> Tally:
        with broken(sabotage), unwaited(), ExitStack() as stack:
            line = StolenLine(folder, random.Random(self.seed), stack)
            bad = Tally()
            while bad.clean and not budget.is_over(line.cuts):
                for _ in range(LOOK_EVERY):
                    line.move()
                bad = line.judged()
            if bad.clean:
                line.mend_and_drain()
                bad = line.judged(drained=True)
            self.stolen = dict(line.thief.stolen)
        if bad.clean and bad.acknowledged * 2 * CUTS_A_RECORD < line.cuts:
            raise Broken(f"{line.cuts} answers were stolen, and only {bad.acknowledged} records were sealed meanwhile")
        said = (f"seed {self.seed}",) if not bad.clean else ()
        return bad + Tally(line.cuts, findings=said)
