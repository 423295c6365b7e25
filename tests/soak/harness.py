"""What every harness is: a way to hurt real stations, and a count of what came of it. Knows none of them.

This is what other files build on: it may grow, and what is here stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol

from tests.soak.tally import Tally


@dataclass(frozen=True)
class Budget:
    """How long a harness may go on, and how many cuts it wants to reach: it ends with whichever comes first.

    At least one round is made, however short the time is.
    """

    ends_at: float
    cuts: int

    @classmethod
    def of(cls, seconds: float, cuts: int) -> Budget:
        return cls(monotonic() + seconds, cuts)

    def is_over(self, cuts: int) -> bool:
        """Whether it is enough, after `cuts` of them."""
        return cuts >= self.cuts or monotonic() >= self.ends_at


class Broken(Exception):
    """The harness could not do what it promises, or the program could not go on: a sentence that says so.

    The run has failed then, whatever was counted; what is in the folder is kept.
    """


class Harness(Protocol):
    """One way to hurt the program."""

    @property
    def name(self) -> str:
        """As it stands in build/soak.json."""

    @property
    def cuts(self) -> int:
        """How many are promised for a whole run."""

    @property
    def sabotages(self) -> tuple[str, ...]:
        """Ways to break the program on purpose, each of which the checker has to catch here."""

    def missing(self) -> str:
        """Why it cannot run on this computer, in a sentence; '' when it can."""

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        """Hurt stations in `folder`, which is empty and of its own, until the budget is over.

        It ends early when the checker has found something, and leaves in `folder` what an engineer wants to look at
        then; `Verdict.tally` says which records it is about. May raise Broken. Under a sabotage only what the judge
        has found counts.
        """
