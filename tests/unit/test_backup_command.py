"""`station backup`, `restore` and `move-store` as a technician types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from station.cli import main
from station.store.moved import follow
from tests.support import PASSWORD


@pytest.fixture(autouse=True)
def _told(said: list[str]) -> None:
    """The key that comes back is told in the log."""


def test_a_station_goes_to_a_medium_to_another_computer_and_to_another_disk(
    two_sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)
    monkeypatch.setenv("STATION_LANGUAGE", "en")
    old = str(shutil.copytree(two_sealed / "station", tmp_path / "old"))
    new, stick, disk = str(tmp_path / "new"), tmp_path / "stick", str(tmp_path / "disk")
    stick.mkdir()

    assert main(["--data", old, "backup"]) == 1
    assert "No backup medium was chosen." in capsys.readouterr().err
    assert main(["--data", old, "backup", "--to", str(stick), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["standing"], facts["only_here"], facts["packets"]) == ("same_disk", 0, 2)

    assert main(["--data", new, "restore", "--look", str(stick), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["complete"] is True
    assert main(["--data", new, "restore", str(stick)]) == 0
    assert "2 packets" in capsys.readouterr().out
    assert main(["--data", new, "restore", str(stick)]) == 1
    assert "There is a station in this folder already." in capsys.readouterr().err

    assert main(["--data", new, "move-store", disk]) == 0
    assert follow(Path(new)) == Path(disk)
    assert main(["--data", new, "officer"]) == 0
    assert "Siti R." in capsys.readouterr().out
