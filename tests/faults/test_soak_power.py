"""Short honest runs of the two harnesses that cut the power, and one of each sabotage that they must notice."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.soak import scratch
from tests.soak.harness import Budget
from tests.soak.harnesses.dropped_cache import DroppedCache
from tests.soak.harnesses.xfs_cut import XfsCut

FOREVER_S = 600.0
NOBODY = 2**22 + 1
"""The number of a process that no Linux has."""


@pytest.fixture
def small() -> DroppedCache:
    """One person is sealed, the next one stays a draft."""
    harness = DroppedCache(people=2, at_once=1, a_round=10, seed=0)
    if why := harness.missing():
        pytest.skip(why)
    return harness


@pytest.fixture
def real() -> XfsCut:
    """The power of each disk is cut twice."""
    harness = XfsCut(lives=2, seed=0)
    if why := harness.missing():
        pytest.skip(why)
    return harness


def test_nothing_that_was_said_is_lost_on_a_disk_that_forgets(small: DroppedCache, tmp_path: Path) -> None:
    tally = small.run(tmp_path, Budget.of(FOREVER_S, 7))
    assert tally.clean, tally.findings
    assert tally.cuts == 7
    assert tally.acknowledged > 15
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sabotage", DroppedCache.sabotages)
def test_a_disk_that_forgets_shows_who_does_not_wait_for_it(small: DroppedCache, tmp_path: Path, sabotage: str) -> None:
    assert small.run(tmp_path, Budget.of(FOREVER_S, 30), sabotage).caught


def test_nothing_that_was_said_is_lost_on_a_real_disk_whose_power_is_cut(real: XfsCut, tmp_path: Path) -> None:
    tally = real.run(tmp_path, Budget.of(FOREVER_S, 2))
    assert tally.clean, tally.findings
    assert tally.cuts == 2
    assert tally.acknowledged > 0


@pytest.mark.parametrize("sabotage", XfsCut.sabotages)
def test_a_real_disk_shows_who_does_not_wait_for_it(real: XfsCut, tmp_path: Path, sabotage: str) -> None:
    assert real.run(tmp_path, Budget.of(FOREVER_S, 30), sabotage).caught


def test_what_a_killed_run_has_left_mounted_is_unmounted_and_nothing_behind_it_is_deleted(
    real: XfsCut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "MEMORY", tmp_path)
    left, other = tmp_path / f"station-soak-{NOBODY}-x", tmp_path / "other"
    (left / "1" / "medium").mkdir(parents=True)
    other.mkdir()
    (other / "precious").write_text("x")
    subprocess.run(["mount", "--bind", str(other), str(left / "1" / "medium")], check=True)
    with scratch.scratch(tmp_path):
        assert not left.exists()
    assert (other / "precious").exists()
