"""What came of one harness, as a row of build/soak.json and as a line for whoever looks on. Knows no harness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.soak.tally import Tally


@dataclass(frozen=True)
class Outcome:
    """`caught` and `unnoticed` are names of sabotages. `skipped` and `failed` are sentences, '' when there is none.

    `details`: what else the harness has counted, and its seed.
    """

    harness: str
    tally: Tally
    caught: tuple[str, ...] = ()
    unnoticed: tuple[str, ...] = ()
    skipped: str = ""
    failed: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        """The program kept its promises, and the judge is able to see it when it does not."""
        return self.tally.clean and not self.unnoticed and not self.failed and not self.skipped

    @property
    def _not_seen(self) -> str:
        return f"unnoticed: {', '.join(self.unnoticed)}" if self.unnoticed else ""

    def as_json(self) -> dict[str, object]:
        """The row; `skipped` and `failed` are there only when there is something to say. What was skipped has no number
        of what it has lost.
        """
        row: dict[str, object] = {
            "harness": self.harness,
            "cuts": self.tally.cuts,
            "acknowledged": self.tally.acknowledged,
            "lost": None if self.skipped else self.tally.lost,
            "doubled": None if self.skipped else self.tally.doubled,
            "changed": None if self.skipped else self.tally.changed,
            "sabotage_caught": list(self.caught),
        }
        sentences = {"skipped": self.skipped, "failed": self.failed or self._not_seen}
        return row | {name: said.splitlines()[0] for name, said in sentences.items() if said}

    def __str__(self) -> str:
        if self.skipped:
            return f"{self.harness:<16} skipped: {self.skipped}"
        tally = self.tally
        said = (
            f"{self.harness:<16} cuts {tally.cuts:>6}  acknowledged {tally.acknowledged:>6}  lost {tally.lost}"
            f"  doubled {tally.doubled}  changed {tally.changed}  sabotage caught: {', '.join(self.caught) or 'none'}"
        )
        said += f"  UNNOTICED: {', '.join(self.unnoticed)}" if self.unnoticed else ""
        return said + (f"  FAILED: {self.failed.splitlines()[0]}" if self.failed else "")
