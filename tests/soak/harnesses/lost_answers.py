"""Central has done the work and the answer is stolen: a thousand times when it was about a record, and at all else.

A real station, the reference central and HTTP on loopback; only the clock is moved by hand. Both are restarted at
random. In the end central has each record once, byte for byte, and nothing was ever shown as delivered that it lacks.
"""

from __future__ import annotations

import random
from contextlib import ExitStack
from pathlib import Path

from tests.soak.harness import Broken, Budget
from tests.soak.sabotages import ANOTHERS_ANSWERS, EARLY_SETTLE, FRESH_KEY, NO_CAPTURES, broken
from tests.soak.seeded import named, seed_of
from tests.soak.stolen_line import CUTS_A_RECORD, LOOK_EVERY, OF_RECORDS, StolenLine
from tests.soak.tally import Tally
from tests.soak.unwaited import unwaited

SELDOM = 20
"""A kind that is not one of so many cuts was not proved."""


class LostAnswers:
    """See the module. `details` tell after a run how often each kind was hit: only answers about records count."""

    name = "lost_answers"
    cuts = 1_000
    sabotages = (FRESH_KEY, EARLY_SETTLE, NO_CAPTURES, ANOTHERS_ANSWERS)

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed_of(seed)
        self.details: dict[str, int] = {}

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
            self.details = dict(line.thief.stolen)
        print(f"{self.name}: stolen {self.details}", flush=True)
        seldom = [kind for kind in OF_RECORDS if line.thief.stolen[kind] * SELDOM < line.cuts]
        if bad.clean and line.cuts >= self.cuts and seldom:
            raise Broken(f"of {line.cuts} stolen answers hardly any was one of {', '.join(seldom)}")
        if bad.clean and bad.acknowledged * 2 * CUTS_A_RECORD < line.cuts:
            raise Broken(f"{line.cuts} answers were stolen, and only {bad.acknowledged} records were sealed meanwhile")
        said = (f"seed {self.seed}",) if not bad.clean else ()
        return bad + Tally(line.cuts, findings=said)
