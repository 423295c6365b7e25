"""Runs harnesses: of each first every way to break the program, then the program as it is. Knows none of them.

As many at once as the computer has cores for. With a time, all share it: what one leaves the next ones have. Without,
each goes on until its promised cuts, and has failed when it does not get there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from math import inf
from pathlib import Path
from time import monotonic

from tests.soak.harness import Broken, Budget, Harness
from tests.soak.outcome import Outcome
from tests.soak.side_by_side import side_by_side
from tests.soak.tally import Tally

SABOTAGE_S, SABOTAGE_CUTS = 300.0, 200
"""A sabotage that needs more cuts than that to show is not caught. The time only ends what hangs: a busy computer may
need a minute for what takes a few seconds on a quiet one.
"""
HONEST_SHARE = 0.5
"""So much of its time a harness has for the program as it is, however long the sabotages took."""
SHOWN = 20


def soak(harnesses: Sequence[Harness], build: Path, seconds: float | None = None, at_once: int = 1) -> int:
    """Run all, write `build`/soak.json, print a line each; 0 when every promise held, and else 1.

    Beside it `build`/soak-run.json: the same, of which commit, when, with which seeds, and what else was counted. More
    than one `at_once`: each in a process of its own. Of a run that found something, its folder is kept in
    `build`/soak-kept.
    """
    build.mkdir(parents=True, exist_ok=True)
    path, began, commit = build / "soak.json", datetime.now(UTC), _commit()
    outcomes: dict[int, Outcome] = {}
    _write(outcomes, path)  # what an earlier run found is not this one's
    for number, outcome in _outcomes(harnesses, build, seconds, at_once):
        outcomes[number] = outcome
        print(outcome, flush=True)
        _write(outcomes, path)
    run = {"commit": commit, "began": began.isoformat(timespec="seconds"), "at_once": at_once}
    _write_run(run, outcomes, build / "soak-run.json")
    return _told(list(outcomes.values()), path)


def _write(outcomes: Mapping[int, Outcome], path: Path) -> None:
    rows = [outcomes[number].as_json() for number in sorted(outcomes)]
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _write_run(run: Mapping[str, object], outcomes: Mapping[int, Outcome], path: Path) -> None:
    ended = datetime.now(UTC).isoformat(timespec="seconds")
    rows = [outcomes[number].as_json() | {"details": dict(outcomes[number].details)} for number in sorted(outcomes)]
    path.write_text(json.dumps({**run, "ended": ended, "harnesses": rows}, indent=1) + "\n", encoding="utf-8")


def _commit() -> str:
    """What is run, "-dirty" when something was changed since; '' where nobody can say."""
    with suppress(OSError):
        command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--abbrev=12"]
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
    return ""


def _outcomes(
    harnesses: Sequence[Harness], build: Path, seconds: float | None, at_once: int
) -> Iterator[tuple[int, Outcome]]:
    """Number of the harness and what came of it, in the order in which they end."""
    ends_at = inf if seconds is None else monotonic() + seconds

    def turn(number: int) -> partial[Outcome]:
        left, to_go = ends_at - monotonic(), len(harnesses) - number
        share = max(1.0, left * min(1.0, at_once / to_go))
        return partial(_outcome, harnesses[number], build, share)

    turns = [partial(turn, number) for number in range(len(harnesses))]
    if at_once == 1:
        yield from ((number, one()()) for number, one in enumerate(turns))
        return
    for number, found in side_by_side(turns, at_once):
        why = "its process ended without a word, or could not be begun"
        yield number, found or Outcome(harnesses[number].name, Tally(), failed=why)


def _outcome(harness: Harness, build: Path, share: float) -> Outcome:
    return _Soak(harness, build, share).outcome()


def _told(outcomes: Sequence[Outcome], path: Path) -> int:
    ran = [outcome for outcome in outcomes if not outcome.skipped]
    print(f"\n{len(ran)} of {len(outcomes)} harnesses ran; written to {path}")
    if not ran:
        print("Nothing was run, so nothing was proved.")
        return 1
    if len(ran) < len(outcomes):
        left_out = ", ".join(outcome.harness for outcome in outcomes if outcome.skipped)
        print(f"NOT run, and of what these promise nothing was proved: {left_out}.")
    return 0 if all(outcome.held for outcome in ran) else 1


class _Soak:
    """One harness at work, for `share` seconds (inf: until its promised cuts)."""

    def __init__(self, harness: Harness, build: Path, share: float) -> None:
        self._harness, self._build, self._share = harness, build, share
        self._folder = build / "soak" / harness.name
        self._began = monotonic()

    def outcome(self) -> Outcome:
        name = self._harness.name
        why = self._harness.missing()
        if why:
            return Outcome(name, Tally(), skipped=why)
        caught: list[str] = []
        unnoticed: list[str] = []
        try:
            for sabotage in self._harness.sabotages:
                (caught if self._sabotaged(sabotage).caught else unnoticed).append(sabotage)
            found = self._as_it_is()
        except Exception as problem:  # noqa: BLE001  # whatever it is, this harness has proved nothing; the others go on
            found = Outcome(name, Tally(), failed=_sentence(problem))
        self._keep(found)
        return replace(found, caught=tuple(caught), unnoticed=tuple(unnoticed))

    def _sabotaged(self, sabotage: str) -> Tally:
        return self._harness.run(self._fresh(), Budget.of(min(SABOTAGE_S, self._share), SABOTAGE_CUTS), sabotage)

    def _as_it_is(self) -> Outcome:
        harness, whole = self._harness, self._share == inf
        left = max(self._share * HONEST_SHARE, self._began + self._share - monotonic())
        tally = harness.run(self._fresh(), Budget(monotonic() + left, harness.cuts))
        failed = ""
        if tally.cuts == 0 or tally.acknowledged == 0:
            failed = "nothing was cut or nothing was acknowledged, so nothing was proved"
        elif whole and tally.clean and tally.cuts < harness.cuts:
            failed = f"{tally.cuts} of {harness.cuts} promised cuts were made"
        return Outcome(harness.name, tally, failed=failed, details=_details(harness))

    def _fresh(self) -> Path:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        return self._folder

    def _keep(self, found: Outcome) -> None:
        """What an engineer wants to look at, and which records it is about."""
        if found.held:
            shutil.rmtree(self._folder, ignore_errors=True)
            with suppress(OSError):  # another run may be at work beside this one
                self._folder.parent.rmdir()
            return
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        kept = self._build / "soak-kept" / f"{found.harness}-{stamp}"
        self._folder.mkdir(parents=True, exist_ok=True)
        said = [*found.tally.findings, *([found.failed] if found.failed else [])]
        (self._folder / "findings.txt").write_text("\n".join(said) + "\n", encoding="utf-8")
        kept.parent.mkdir(exist_ok=True)
        shutil.move(self._folder, kept)
        with suppress(OSError):
            self._folder.parent.rmdir()
        more = f"\n  and {len(said) - SHOWN} more in findings.txt" if len(said) > SHOWN else ""
        print("\n".join(f"  {one}" for one in said[:SHOWN]) + f"{more}\n  kept: {kept}", flush=True)


def _details(harness: Harness) -> dict[str, object]:
    """What this harness tells beyond its numbers."""
    seed = {"seed": harness.seed} if hasattr(harness, "seed") else {}
    return seed | dict(getattr(harness, "details", {}))


def _sentence(problem: Exception) -> str:
    """What a harness says of itself; of anything else the place is printed, for whoever mends it."""
    if isinstance(problem, Broken):
        return str(problem)
    traceback.print_exception(problem, file=sys.stdout)
    return f"the harness itself broke: {type(problem).__name__}: {problem}"
