"""What people at central tell on the command line arrives at a station: notices, blanks, a new key, no nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station import cli
from station.central.server import CentralServer
from tests.support import HandClock, Workplace, running_central, workplace


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central") as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, server: CentralServer) -> Iterator[Workplace]:
    with workplace(tmp_path / "station", server) as place:
        yield place


def told(place: Workplace, *words: str) -> int:
    """What the command says with its exit code; then the station listens."""
    code = cli.main(["central", words[0], "--data", str(place.root.parent), *words[1:]])
    assert isinstance(place.clock, HandClock)
    end = place.clock.seconds + 30
    while place.clock.seconds < end:
        place.clock.pass_time(place.engine.step())
    return code


def test_a_notice_reaches_every_station_and_the_same_id_takes_its_place(place: Workplace) -> None:
    assert told(place, "notice", "--title", "Libur", "--id", "n1", "--until", "2036-11-30") == 0
    assert told(place, "notice", "--title", "Buka lagi", "--id", "n1", "--audience", "petugas") == 0
    (notice,) = place.depot.notices.current(place.clock.now())
    assert (notice.title, notice.audience, notice.until_at) == ("Buka lagi", "petugas", None)
    assert told(place, "notice", "--title", "x", "--until", "besok") != 0
    assert len(place.depot.notices.current(place.clock.now())) == 1


def test_blanks_reach_the_station_they_are_for(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    station_id = place.depot.enrolled()[0].station_id
    assert told(place, "stock", "--station", station_id, "--batch", "A=60", "--batch", "B=20") == 0
    assert place.depot.memory.stock is not None
    assert place.depot.memory.stock.blanks == 80
    for wrong in (("--station", "nobody", "--batch", "A=1"), ("--station", station_id, "--batch", "A=many")):
        assert told(place, "stock", *wrong) != 0
    assert place.depot.memory.stock.blanks == 80
    capsys.readouterr()


def test_a_new_key_is_one_command(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(place, "roll-key", "--sealing") == 0
    assert "c2" in capsys.readouterr().out
    assert [key.kid for key in place.depot.enrolled()[0].signing_keys] == ["c2"]
