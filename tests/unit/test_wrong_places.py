"""A folder or file that was mistyped is named as such, and nothing is made there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from station import i18n
from station.cli import main
from station.desk import appointments, signin
from station.store.depot import Depot
from tests.support import PASSWORD


@pytest.fixture(autouse=True)
def _typed_in_english(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> Iterator[None]:
    before = i18n.language()
    monkeypatch.setenv("STATION_LANGUAGE", "en")
    monkeypatch.setenv("STATION_OPERATOR_PASSWORD", PASSWORD)
    monkeypatch.setenv("STATION_NEW_PASSWORD", "melati putih di halaman")
    yield
    i18n.use(before)
    said.clear()  # the key of a copied station comes back, and that is told in the log


@pytest.fixture
def root(two_sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_sealed / "station", tmp_path / "stasiun"))


@pytest.mark.parametrize(
    "words",
    [
        ("officer",),
        ("backup",),
        ("backup", "--packets"),
        ("retention",),
        ("reconcile",),
        ("courier", "export", "."),
        ("status",),
        ("doctor",),
        ("devices",),
        ("sync", "--once"),
        ("move-store", "x"),
    ],
)
def test_a_mistyped_folder_is_named_and_not_made(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong in (tmp_path / "salah" / "ketik", tmp_path):
        assert main(["--data", str(wrong), *words]) == 1
        assert f"There is no station in the folder {wrong}." in capsys.readouterr().err
        assert list(tmp_path.iterdir()) == []


def test_the_service_tells_it_as_an_event(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "sync", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "folder.no_station"


@pytest.mark.parametrize("words", [("officer",), ("backup",), ("officer", "--end", "x")])
def test_a_folder_that_was_never_enrolled_says_so(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Depot(tmp_path / "baru").close()
    assert main(["--data", str(tmp_path / "baru"), *words]) == 1
    assert "Central does not know this station yet." in capsys.readouterr().err


def test_each_wrong_path_has_a_sentence_of_its_own(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "hilang"
    new = ["enrol", "--code", "x", "--operator", "x"]
    for data, words, sentence in (
        (root, ["backup", "--to", str(gone)], "There is no such folder for the backup."),
        (root, ["move-store", str(root.parent)], "The new folder holds the folder of the station."),
        (root, ["move-store", str(root)], "The data are in this folder already."),
        (root, ["move-store", str(root / "x")], "The new folder lies inside the old one."),
        (root, ["inventory", "--csv", str(gone / "x.csv")], f"There is no folder {gone}."),
        (tmp_path / "baru", [*new, "--file", str(gone)], f"There is no file {gone}."),
    ):
        assert main(["--data", str(data), *words]) == 1, words
        assert sentence in capsys.readouterr().err
    assert not (tmp_path / "baru").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that takes no files is hard to come by")
def test_a_folder_of_the_system_holds_no_backup(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(root), "backup", "--packets", "--to", "/proc"]) == 1
    assert "No backup can be kept in this folder." in capsys.readouterr().err


def test_the_times_of_a_backup_are_iso_8601(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert main(["--data", str(root), "backup", "--to", str(stick), "--json"]) == 0
    times = [json.loads(capsys.readouterr().out)["snapshot_at"]]
    assert main(["--data", str(tmp_path / "x"), "restore", "--look", str(stick), "--json"]) == 0
    times.append(json.loads(capsys.readouterr().out)["made_at"])
    for said in times:
        assert said[10] == "T" and datetime.fromisoformat(said).tzinfo is not None


def test_a_table_that_was_written_is_told(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "daftar.csv"
    assert main(["--data", str(root), "inventory", "--csv", str(out)]) == 0
    assert f"Written: 2 lines, to {out}" in capsys.readouterr().out
    assert main(["--data", str(root), "inventory", "--csv", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["people"] == 2, "scripts read one object and nothing else"


def test_a_role_that_is_none_is_answered_with_those_there_are(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--data", str(root), "officer", "--role", "boss"])
    said = capsys.readouterr().err
    assert "'boss'" in said and "'counter', 'operator'" in said
    assert "Role." not in said


def test_the_last_who_records_is_ended_only_when_somebody_says_so_twice(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def officer(*words: str) -> int:
        return main(["officer", "--data", str(root), *words])

    assert officer("--add", "Ani", "--role", "admin") == 0
    assert officer("--add", "Budi", "--role", "operator") == 0
    depot = Depot(root)
    try:
        ani = next(who.operator_id for who in signin.operators(depot) if who.name == "Ani")
        office = signin.sign_in(depot, ani, "melati putih di halaman")
        siti = next(who.operator_id for who in signin.operators(depot) if who.name == "Siti R.")
        appointments.end_now(office, siti)
        signin.sign_out(office)
    finally:
        depot.close()
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STATION_OPERATOR_PASSWORD", "melati putih di halaman")
        assert officer("--end", "Budi") == 1
        assert "After this nobody here could record people." in capsys.readouterr().err
        assert officer("--end", "Budi", "--yes") == 0
    said = capsys.readouterr()
    assert "The right of Budi to work here has ended." in said.err
    assert said.out.splitlines() == ["Ani · Admin"]
