"""Setting a policy at central, and what stations make of it: over real HTTP, with the command line beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from station import cli
from station.central.server import CentralServer
from station.desk import recording
from station.domain.outcome import Trouble
from station.domain.policy import STANDARD, Policy
from tests.support import HandClock, Workplace, running_central, workplace


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    with running_central(tmp_path / "pusat" / "central") as server:
        yield server


@pytest.fixture
def place(server: CentralServer, tmp_path: Path) -> Iterator[Workplace]:
    with workplace(tmp_path / "station", server) as place:
        yield place


def hear(place: Workplace) -> None:
    """Until the engine has nothing to ask for a while."""
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(60)
    while place.engine.step() == 0:
        pass


def command(tmp_path: Path, *arguments: str) -> int:
    return cli.main(["central", "policy", "--data", str(tmp_path / "pusat"), *arguments])


def figures(policy: Policy) -> Policy:
    return replace(policy, issued_at=None)


def test_what_the_command_sets_holds_at_the_station_with_the_next_connection(
    server: CentralServer, place: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hear(place)
    assert figures(place.depot.policy) == STANDARD
    assert command(tmp_path, "--finger-quality", "50", "--tries", "4") == 0
    assert "50" in capsys.readouterr().out
    hear(place)
    assert figures(place.depot.policy) == Policy(finger_quality=50, tries=4)
    assert place.depot.policy == server.central.policies.current()
    lines = place.depot.technical_log.lines(10)
    assert [line.note.trouble for line in lines] == [Trouble.POLICY_APPLIED]
    assert command(tmp_path, "--iris-quality", "70") == 0
    hear(place.reopen())
    assert figures(place.depot.policy) == Policy(finger_quality=50, iris_quality=70, tries=4)


@pytest.mark.parametrize(
    "wrong", [("--finger-quality", "0"), ("--finger-quality", "101"), ("--iris-quality", "29"), ("--tries", "1")]
)
def test_a_figure_out_of_bounds_is_set_nowhere(
    wrong: tuple[str, str], server: CentralServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path, *wrong) == 1
    assert wrong[0].strip("-").replace("-", "_") in capsys.readouterr().err
    assert server.central.policies.current() == STANDARD


@pytest.mark.usefixtures("server")
def test_without_figures_the_command_shows_what_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(tmp_path) == 0
    assert "40" in capsys.readouterr().out


def test_a_station_that_comes_later_gets_it_with_its_enrolment(server: CentralServer, tmp_path: Path) -> None:
    central = server.central
    central.policies.set(finger_quality=45)
    with workplace(tmp_path / "station", server) as place:
        assert place.depot.policy == central.policies.current()
        assert place.depot.policy.finger_quality == 45
        hear(place)
        assert place.depot.technical_log.lines(10) == ()


def test_each_is_signed_later_than_the_one_before_also_when_the_clock_went_back(tmp_path: Path) -> None:
    clock = HandClock()
    with running_central(tmp_path / "c", clock) as server, workplace(tmp_path / "s", server, clock) as place:
        server.central.policies.set(tries=5)
        clock.wall -= timedelta(days=1)
        server.central.policies.set(tries=2)
        clock.wall += timedelta(days=1)
        hear(place)
        assert figures(place.depot.policy) == Policy(tries=2)


def test_after_the_outbox_was_lost_central_tells_it_again(place: Workplace, server: CentralServer) -> None:
    server.central.policies.set(finger_quality=60)
    hear(place)
    place.close()
    for path in place.depot.folder.root.glob("outbox.db*"):
        path.unlink()
    place.__post_init__()
    assert figures(place.depot.policy) == STANDARD
    hear(place)
    assert figures(place.depot.policy) == Policy(finger_quality=60)


def test_nobodys_floor_moves_while_they_sit_there(place: Workplace, server: CentralServer) -> None:
    first = recording.start(place.office)
    assert figures(first.policy) == STANDARD
    server.central.policies.set(finger_quality=50)
    hear(place)
    record_id = first.record.record_id
    assert figures(recording.answer(place.office, record_id, "name", "SITI CONTOH").policy) == STANDARD
    assert figures(recording.start(place.office).policy) == Policy(finger_quality=50)
    assert figures(recording.resume(place.office, record_id).policy) == Policy(finger_quality=50)
