"""The soak fails when anything was lost, when a sabotage goes unnoticed, when nothing was proved; and it says why."""

from __future__ import annotations

import json
import os
import pickle
import signal
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.soak.harness import Broken, Budget, Harness
from tests.soak.harnesses import HARNESSES
from tests.soak.runner import soak
from tests.soak.seeded import seed_of
from tests.soak.side_by_side import side_by_side
from tests.soak.tally import Tally

KEYS = ["harness", "cuts", "acknowledged", "lost", "doubled", "changed", "sabotage_caught"]
FINE = Tally(cuts=10, acknowledged=5)
LOST = Tally(cuts=3, acknowledged=5, lost=1, findings=("lost: 0001.1: nowhere",))


@dataclass
class Made:
    """A harness of the test: what it counts is said beforehand."""

    honest: Tally = FINE
    broken: Tally = LOST
    name: str = "made"
    cuts: int = 10
    sabotages: tuple[str, ...] = ("skip fsync",)
    why_not: str = ""
    problem: Exception | None = None
    seed: int = 7

    def missing(self) -> str:
        return self.why_not

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        assert list(folder.iterdir()) == []
        (folder / "trace").write_text(sabotage)
        if self.problem is not None and not sabotage:
            raise self.problem
        return self.broken if sabotage else self.honest


@dataclass
class Killed(Made):
    """The kernel ends it, as it does when memory is short."""

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


@dataclass
class Told(Made):
    """Counts the seconds that it was given."""

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        return self.broken if sabotage else Tally(round(budget.ends_at - monotonic()), 1)


def rows(build: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((build / "soak.json").read_text())
    return found


def test_a_run_that_held_ends_with_0_and_has_exactly_the_promised_keys(tmp_path: Path) -> None:
    assert soak([Made()], tmp_path) == 0
    (row,) = rows(tmp_path)
    assert list(row) == KEYS
    assert list(row.values()) == ["made", 10, 5, 0, 0, 0, ["skip fsync"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["soak-run.json", "soak.json"]
    run = json.loads((tmp_path / "soak-run.json").read_text())
    assert run["harnesses"] == [{**row, "details": {"seed": 7}}]
    assert datetime.fromisoformat(run["began"]) <= datetime.fromisoformat(run["ended"])
    assert isinstance(run["commit"], str)


@pytest.mark.parametrize("what", ["lost", "doubled", "changed"])
def test_a_harness_that_finds_something_fails_the_run_and_the_evidence_is_kept(
    tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Tally(10, 5, **{what: 2}, findings=(f"{what}: 0001.1: why", f"{what}: 0002.1: why"))
    assert soak([Made(honest=found), Made(name="second")], tmp_path) == 1
    first, second = rows(tmp_path)
    assert (first[what], second[what]) == (2, 0), "the others still run"
    (kept,) = (tmp_path / "soak-kept").iterdir()
    assert (kept / "trace").read_text() == ""
    assert (kept / "findings.txt").read_text().splitlines() == list(found.findings)
    said = capsys.readouterr().out
    assert f"{what}: 0002.1: why" in said and str(kept) in said


def test_a_sabotage_that_nobody_notices_fails_the_run_though_nothing_was_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert soak([Made(broken=FINE)], tmp_path) == 1
    (row,) = rows(tmp_path)
    assert list(row) == [*KEYS, "failed"] and row["sabotage_caught"] == [] and row["lost"] == 0
    assert row["failed"] == "unnoticed: skip fsync"
    assert "UNNOTICED: skip fsync" in capsys.readouterr().out


def test_a_sabotage_under_which_nothing_was_promised_is_not_caught(tmp_path: Path) -> None:
    assert soak([Made(broken=Tally(cuts=3, lost=261))], tmp_path) == 1
    assert rows(tmp_path)[0]["failed"] == "unnoticed: skip fsync"


def test_what_cannot_run_here_says_why_and_the_others_decide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    why = "mkfs.xfs is not installed"
    assert soak([Made(why_not=why, name="xfs"), Made()], tmp_path) == 0
    first, second = rows(tmp_path)
    assert list(first) == [*KEYS, "skipped"] and first["skipped"] == why and first["cuts"] == 0
    assert first["lost"] is None, "nothing was looked for"
    assert "skipped" not in second
    said = capsys.readouterr().out
    assert f"skipped: {why}" in said and "NOT run, and of what these promise nothing was proved: xfs." in said


def test_when_nothing_could_run_nothing_was_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert soak([Made(why_not="only root may mount")], tmp_path) == 1
    assert soak([], tmp_path) == 1
    assert "nothing was proved" in capsys.readouterr().out


@pytest.mark.parametrize("honest", [Tally(cuts=0, acknowledged=5), Tally(cuts=10, acknowledged=0)])
def test_a_run_without_a_cut_or_without_a_promise_proves_nothing(tmp_path: Path, honest: Tally) -> None:
    assert soak([Made(honest=honest)], tmp_path) == 1
    assert "nothing was proved" in rows(tmp_path)[0]["failed"]


def test_a_whole_run_needs_its_promised_cuts_and_a_short_one_what_its_time_allows(tmp_path: Path) -> None:
    short = Made(cuts=11)
    assert soak([short], tmp_path, seconds=60) == 0
    assert soak([short], tmp_path) == 1
    assert rows(tmp_path)[0]["failed"] == "10 of 11 promised cuts were made"


@pytest.mark.parametrize("problem", [Broken("only 29 points were hit"), ValueError("only 29 points were hit")])
def test_a_harness_that_breaks_fails_the_run_and_the_next_one_is_run(tmp_path: Path, problem: Exception) -> None:
    assert soak([Made(problem=problem), Made(name="second")], tmp_path) == 1
    first, second = rows(tmp_path)
    assert "only 29 points were hit" in first["failed"] and first["sabotage_caught"] == ["skip fsync"]
    assert second["cuts"] == 10
    assert list((tmp_path / "soak-kept").iterdir())


def test_the_time_is_shared_and_what_one_leaves_the_next_have(tmp_path: Path) -> None:
    given: list[float] = []

    class Timed(Made):
        def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
            if not sabotage:
                given.append(budget.ends_at)
            return super().run(folder, budget, sabotage)

    assert soak([Timed(name="first"), Timed(name="second"), Timed(name="third")], tmp_path, seconds=3000) == 0
    spans = [after - before for before, after in pairwise(given)]
    assert 450 < spans[0] < 550 and 1400 < spans[1] < 1600


def test_harnesses_side_by_side_say_the_same_as_one_after_another(tmp_path: Path) -> None:
    harnesses = [Made(name="first"), Made(name="second", why_not="no disk"), Made(name="third", honest=LOST)]
    assert soak(harnesses, tmp_path / "one") == soak(harnesses, tmp_path / "two", at_once=2) == 1
    assert rows(tmp_path / "one") == rows(tmp_path / "two")
    assert soak(harnesses[:2], tmp_path / "three", at_once=4) == 0


def test_a_harness_whose_process_dies_fails_and_the_others_go_on(tmp_path: Path) -> None:
    assert soak([Killed(name="first"), Made(name="second")], tmp_path, at_once=2) == 1
    first, second = rows(tmp_path)
    assert first["failed"].startswith("its process ended without a word")
    assert second["cuts"] == 10 and "failed" not in second


def test_a_harness_that_cannot_go_to_a_process_fails_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Local(Made):
        pass

    assert soak([Local(name="first"), Made(name="second")], tmp_path, at_once=2) == 1
    assert "failed" in rows(tmp_path)[0] and "failed" not in rows(tmp_path)[1]
    assert "Local" in capsys.readouterr().err


@pytest.mark.parametrize("harness", HARNESSES, ids=lambda harness: harness.name)
def test_every_harness_of_the_soak_can_go_to_a_process_of_its_own(harness: Harness) -> None:
    again = pickle.loads(ForkingPickler.dumps(harness))
    assert (again.name, again.cuts, again.sabotages) == (harness.name, harness.cuts, harness.sabotages)


def test_what_an_earlier_run_found_is_not_told_as_this_one_s(tmp_path: Path) -> None:
    (tmp_path / "soak.json").write_text("green")
    seen: list[str] = []

    class Looking(Made):
        def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
            seen.append((tmp_path / "soak.json").read_text())
            return super().run(folder, budget, sabotage)

    soak([Looking()], tmp_path)
    assert {json.dumps(json.loads(text)) for text in seen} == {"[]"}


def test_side_by_side_each_has_as_much_time_as_its_core_gives(tmp_path: Path) -> None:
    assert soak([Told(name="first"), Told(name="second"), Told(name="third")], tmp_path, 3000, at_once=2) == 0
    spans = [row["cuts"] for row in rows(tmp_path)]
    assert spans[0] in range(1900, 2001) and spans[1] in range(2900, 3001) and spans[2] in range(2900, 3001)


def test_whoever_ends_the_soak_ends_each_harness_and_waits_for_it(tmp_path: Path) -> None:
    ends = side_by_side([partial(partial, _wait_for_the_end, tmp_path), partial(partial, _begun, tmp_path)], 2)
    assert next(ends) == (1, None)
    ends.close()  # as an exception of whoever asks would
    assert (tmp_path / "unmounted").exists()


def _wait_for_the_end(folder: Path) -> None:
    try:
        (folder / "mounted").touch()
        signal.pause()
    finally:
        for again in (signal.SIGINT, signal.SIGTERM):  # what `timeout` or a terminal sends beside
            signal.raise_signal(again)
        (folder / "unmounted").touch()


def _begun(folder: Path) -> None:
    """Ends once the other has something to put right."""
    deadline = monotonic() + 60
    while not (folder / "mounted").exists() and monotonic() < deadline:
        os.sched_yield()


def test_every_harness_of_the_soak_has_a_name_of_its_own_a_promise_and_a_sabotage() -> None:
    harnesses: tuple[Harness, ...] = HARNESSES
    assert len({harness.name for harness in harnesses}) == len(harnesses) > 0
    assert all(harness.cuts > 0 and harness.sabotages for harness in harnesses)


def test_a_seed_is_taken_as_a_run_has_told_it_and_what_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOAK_SEED", "4711")
    assert seed_of() == 4711
    assert seed_of(3) == 3
    monkeypatch.setenv("SOAK_SEED", "abc")
    with pytest.raises(SystemExit, match="whole number"):
        seed_of()
