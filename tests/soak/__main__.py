"""`python -m tests.soak`: hurt real stations in every way there is, and let a stranger judge what is left.

Writes build/soak.json and prints a table. Ends with 1 when anything was lost, doubled or changed, or when a sabotage
went unnoticed. SOAK_MINUTES=5 gives a short honest run; without it every harness goes on until its promised cuts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.soak.harness import Budget, Harness
from tests.soak.harnesses import HARNESSES
from tests.soak.tally import Tally

BUILD = Path(__file__).resolve().parents[2] / "build"
WHOLE_RUN_MINUTES = 240.0
SABOTAGE_S, SABOTAGE_CUTS = 60.0, 200
"""A sabotage that needs more than that to show is not caught."""


@dataclass(frozen=True)
class Outcome:
    """What came of one harness."""

    harness: str
    tally: Tally
    caught: tuple[str, ...] = ()
    unnoticed: tuple[str, ...] = ()
    skipped: str = ""

    @property
    def held(self) -> bool:
        return self.tally.clean and not self.unnoticed

    def as_json(self) -> dict[str, object]:
        row: dict[str, object] = {
            "harness": self.harness,
            "cuts": self.tally.cuts,
            "acknowledged": self.tally.acknowledged,
            "lost": self.tally.lost,
            "doubled": self.tally.doubled,
            "changed": self.tally.changed,
            "sabotage_caught": list(self.caught),
        }
        if self.unnoticed:
            row["sabotage_unnoticed"] = list(self.unnoticed)
        if self.skipped:
            row["skipped"] = self.skipped
        return row


def main() -> int:
    options = _options()
    chosen = [harness for harness in HARNESSES if not options.only or harness.name in options.only]
    root = BUILD / "soak"
    shutil.rmtree(root, ignore_errors=True)
    seconds = options.minutes * 60 / max(1, len(chosen))
    outcomes = []
    for harness in chosen:
        outcomes.append(_soaked(harness, root, seconds))
        print(_line(outcomes[-1]), flush=True)
    shutil.rmtree(root, ignore_errors=True)
    path = BUILD / "soak.json"
    path.write_text(json.dumps([outcome.as_json() for outcome in outcomes], indent=1) + "\n", encoding="utf-8")
    ran = [outcome for outcome in outcomes if not outcome.skipped]
    print(f"\n{len(ran)} of {len(outcomes)} harnesses ran; written to {path.relative_to(BUILD.parent)}")
    return 0 if ran and all(outcome.held for outcome in ran) else 1


def _soaked(harness: Harness, root: Path, seconds: float) -> Outcome:
    why = harness.missing()
    if why:
        return Outcome(harness.name, Tally(), skipped=why)
    caught, unnoticed = [], []
    for sabotage in harness.sabotages:
        budget = Budget.of(min(SABOTAGE_S, seconds / 4), SABOTAGE_CUTS)
        tally = harness.run(_fresh(root / harness.name / "sabotage"), budget, sabotage)
        (unnoticed if tally.clean else caught).append(sabotage)
    tally = harness.run(_fresh(root / harness.name / "whole"), Budget.of(seconds, harness.cuts))
    return Outcome(harness.name, tally, tuple(caught), tuple(unnoticed))


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _line(outcome: Outcome) -> str:
    if outcome.skipped:
        return f"{outcome.harness:<16} skipped: {outcome.skipped}"
    tally = outcome.tally
    said = (
        f"{outcome.harness:<16} cuts {tally.cuts:>6}  acknowledged {tally.acknowledged:>6}  lost {tally.lost}"
        f"  doubled {tally.doubled}  changed {tally.changed}  sabotage caught: {', '.join(outcome.caught) or 'none'}"
    )
    return said + (f"  UNNOTICED: {', '.join(outcome.unnoticed)}" if outcome.unnoticed else "")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__.splitlines()[0])
    names = [harness.name for harness in HARNESSES]
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=names, help=", ".join(names))
    parser.add_argument(
        "--minutes",
        type=float,
        default=float(os.environ.get("SOAK_MINUTES") or WHOLE_RUN_MINUTES),
        help="for all together",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
