"""What every harness is: a way to hurt real stations, and a count of what came of it. Knows none of them."""

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
        """Hurt stations in `folder`, which is empty and of its own, until the budget is over."""
