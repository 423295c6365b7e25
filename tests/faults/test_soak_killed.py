"""kill -9 in short: a few real deaths leave everything whole, and each sabotage is caught by the judge outside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import pytest

from station.store import captures
from tests.soak.checker import Verdict
from tests.soak.harness import Broken, Budget
from tests.soak.harnesses import killed
from tests.soak.harnesses.killed import Killed, fork_server
from tests.soak.killing.points import FEWEST_POINTS, PER_POINT, POINTS, Point
from tests.soak.killing.sabotage import SABOTAGES, SHOWN_AT, WRITE_LATER
from tests.soak.killing.season import Season
from tests.soak.shown import draft_of, kept_of_a_draft
from tests.support import Workplace, filled

NOWHERE = Point("no.such.place", "enrol")


def points(*names: str) -> list[Point]:
    return [point for point in POINTS if point.name in names]


@pytest.mark.timeout(400)
def test_after_a_few_deaths_of_a_station_and_of_central_everything_has_arrived_once(tmp_path: Path) -> None:
    season = Season(tmp_path, fork_server(), Random(4), before=0)
    verdict = season.run([*points("packet.renamed", "central.moved"), NOWHERE])
    assert verdict.acknowledged >= 2 and not verdict.found, verdict
    assert sorted(season.hit) == ["central.moved", "packet.renamed"]
    assert season.missed == [NOWHERE.name], "nobody died there, so it is no death"


@pytest.mark.timeout(400)
@pytest.mark.parametrize("sabotage", list(SABOTAGES))
def test_the_judge_catches_the_sabotage_and_what_it_is_about_stays(tmp_path: Path, sabotage: str) -> None:
    tally = Killed(seed=5).run(tmp_path, Budget.of(300, len(SHOWN_AT[sabotage])), sabotage)
    assert tally.lost > 0 and tally.caught
    assert len(tally.findings) == tally.lost + tally.doubled + tally.changed
    assert (tmp_path / "season-1" / "journal").exists()


def test_a_sabotage_is_caught_also_where_the_first_death_comes_before_anything_was_shown_as_sealed(
    tmp_path: Path,
) -> None:
    tally = Killed(seed=814032).run(tmp_path, Budget.of(300, 1), WRITE_LATER)
    assert (tally.cuts, tally.caught) == (1, True)


def test_a_draft_that_was_shown_as_kept_and_is_not_there_after_a_death_is_lost(
    tmp_path: Path, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    season = Season(tmp_path / "season", fork_server(), Random(1))
    season.folder.mkdir()
    monkeypatch.setattr(season, "_root", place.root)
    monkeypatch.setattr(season, "_key", place.office.applicants.raw_key.hex())
    record_id = draft_of(place, 1)
    for line in kept_of_a_draft(record_id, 1):
        season.journal.say(line)
    assert season._lost_drafts() == ()
    with place.office.applicants.write() as connection:
        captures.clear(connection, record_id)
    assert f"{record_id} face: was shown as kept" in season._lost_drafts()
    filled(place.office, record_id, {"name": "ORANG LAIN"})
    assert f"{record_id} answers: was shown as kept" in season._lost_drafts()


def test_at_least_thirty_points_are_to_be_hit_twenty_times_each() -> None:
    assert len({point.name for point in POINTS}) == len(POINTS) >= FEWEST_POINTS == 30
    assert Killed().cuts == PER_POINT * len(POINTS) >= 600


# ------------------------------------------------------------------------------------------ how deaths are counted


@dataclass
class FakeSeason:
    """Dies wherever it is asked to, but not where it cannot."""

    folder: Path
    context: Any
    chance: Random
    enough: Any = None
    sabotage: str = ""
    hit: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    hard: ClassVar[str] = ""
    """A point that is reached one time in four only."""

    def run(self, wanted: list[Point]) -> Verdict:
        for point in wanted:
            missed = point == NOWHERE or (point.name == self.hard and self.chance.random() < 0.75)
            (self.missed if missed else self.hit).append(point.name)
        HITS.update(self.hit)
        return Verdict(acknowledged=1)


HITS: Counter[str] = Counter()


@pytest.fixture
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    HITS.clear()
    monkeypatch.setattr(killed, "Season", FakeSeason)


@pytest.mark.usefixtures("_fake")
def test_a_whole_run_kills_at_every_point_as_often_as_promised(tmp_path: Path) -> None:
    harness = Killed(seed=1)
    tally = harness.run(tmp_path, Budget.of(300, harness.cuts))
    assert tally.cuts == harness.cuts
    assert {point.name: PER_POINT for point in POINTS} == HITS
    assert list(tmp_path.iterdir()) == [], "only what an engineer has to look at stays"


@pytest.mark.usefixtures("_fake")
def test_a_point_that_is_often_missed_is_gone_to_until_it_has_its_deaths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeSeason, "hard", POINTS[7].name)
    harness = Killed(seed=1)
    tally = harness.run(tmp_path, Budget.of(300, harness.cuts))
    assert tally.cuts == harness.cuts
    assert {point.name: PER_POINT for point in POINTS} == HITS


@pytest.mark.usefixtures("_fake")
def test_a_whole_run_at_too_few_points_has_failed(tmp_path: Path) -> None:
    harness = Killed(POINTS[: FEWEST_POINTS - 1], seed=1)
    with pytest.raises(Broken, match="only 29 points were hit; 30 are promised"):
        harness.run(tmp_path, Budget.of(300, harness.cuts))


@pytest.mark.usefixtures("_fake")
def test_a_point_that_is_never_reached_fails_the_run_and_counts_for_nothing(tmp_path: Path) -> None:
    harness = Killed((*POINTS[:3], NOWHERE), seed=1)
    with pytest.raises(Broken, match=r"hardly ever reached.*no\.such\.place"):
        harness.run(tmp_path, Budget.of(300, 10_000))
    assert NOWHERE.name not in HITS
