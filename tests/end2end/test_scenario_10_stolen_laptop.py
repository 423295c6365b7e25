"""Scenario 10, the laptop is stolen while somebody works at it: its disk tells nobody's name, other places tell whose.

The disk is a file system of its own where this computer lets us make one (root, mkfs.ext4): then the bytes of deleted
files, of the log of the database and of its free pages are looked at too. Otherwise every file of the folder is.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from station import cli
from station.central.server import CentralServer
from station.domain.biometrics import Part
from station.domain.steps import Step
from station.store import captures
from station.store.medium import FOLDER
from station.store.snapshot import snapshots_in
from station.training.mode import OFFICER_PASSWORD
from station.training.people import PEOPLE, Person
from station.ui.screens.guard.backup_card import BackupCard
from tests.end2end.copied_window import CopyingOperator
from tests.end2end.window import ENGLISH, Operator, window_of
from tests.raw_scan import found_in, traces
from tests.support import files_below, running_central

SIZE_MB = 48
SENT, SEALED, OPEN, GIVEN_UP = PEOPLE[:4]
"""Received at central; sealed without a line; a draft under somebody's hands; withdrawn, its form left behind."""
EVERYBODY = (SENT, SEALED, OPEN, GIVEN_UP)
KEYS = ("nik", "kk", "name", "address")
WORDS = sorted({person.answers[key] for person in EVERYBODY for key in KEYS})


@dataclass
class Disk:
    """Where the station lies; `image` is the raw file below it, or None where only files can be looked at."""

    root: Path
    image: Path | None

    def bytes(self) -> bytes:
        """All of it as it is in this moment: what the thief has."""
        os.sync()
        if self.image is not None:
            return self.image.read_bytes()
        return b"\0".join(path.read_bytes() for path in files_below(self.root))


@contextmanager
def a_disk(folder: Path) -> Iterator[Disk]:
    """A small ext4 in a file, mounted; the folder itself where that cannot be done."""
    root, image = folder / "disk", folder / "disk.img"
    root.mkdir()
    if not _mounted(image, root):
        yield Disk(root, None)
        return
    try:
        yield Disk(root, image)
    finally:
        subprocess.run(["umount", "-l", str(root)], check=False, capture_output=True)


def _mounted(image: Path, root: Path) -> bool:
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        return False
    image.touch()
    os.truncate(image, SIZE_MB * 1024 * 1024)
    ways = (["mkfs.ext4", "-q", "-F", str(image)], ["mount", "-o", "loop,nodiscard", str(image), str(root)])
    return all(subprocess.run(way, check=False, capture_output=True).returncode == 0 for way in ways)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    with a_disk(tmp_path) as disk:
        (disk.root / "tmp").mkdir()
        monkeypatch.setenv("TMPDIR", str(disk.root / "tmp"))
        monkeypatch.setattr(tempfile, "tempdir", str(disk.root / "tmp"))
        yield disk


@pytest.mark.parametrize("way", sorted(traces("x")))
def test_the_scanner_sees_what_lay_in_the_clear_even_when_it_was_deleted(tmp_path: Path, way: str) -> None:
    with a_disk(tmp_path) as disk:
        file = disk.root / "bocor.tmp"
        file.write_bytes(b"x" * 5000 + traces(SENT.answers["name"])[way])
        if disk.image is not None:
            os.sync()
            file.unlink()
        assert found_in(disk.bytes(), WORDS, {}) == {SENT.answers["name"]}


def test_the_disk_of_a_stolen_laptop_names_nobody_and_the_people_are_named_elsewhere(
    disk: Disk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with running_central(tmp_path / "central") as server:
        central = (server.url, server.central.new_code())
        with window_of(disk.root, central=central, settings=ENGLISH, hands=CopyingOperator) as operator:
            operator.sign_in()
            pictures = _a_day_of_work(operator, stick)
            stolen = disk.bytes()  # the window is open, a draft on it, nothing was closed or cleared
            station_id = operator.depot.enrolled()[0].station_id
        assert found_in(stolen, WORDS, pictures) == set()
        _the_scan_would_have_seen_the_pictures(pictures)
        capsys.readouterr()
        _central_names_those_it_has(server, tmp_path, station_id, capsys)
        monkeypatch.setenv("STATION_OPERATOR_PASSWORD", OFFICER_PASSWORD)  # a supervisor's
        _the_backup_names_everybody(stick, tmp_path / "daftar.csv", capsys)
    if disk.image is None:
        pytest.skip(
            "all of it holds for the files that are there; what was deleted was not looked through: no ext4 here"
        )


def _a_day_of_work(operator: Operator, stick: Path) -> Mapping[str, bytes]:
    """One is sent, one waits, one is withdrawn, one is open; the pictures of all of them, as they were captured."""
    pictures: dict[str, bytes] = {}
    _choose_the_second_copy(operator, stick)
    _begun(operator, SENT)
    operator.capture_all(SENT)
    _keep(operator, SENT, pictures)
    operator.seal()
    operator.player.wait_until(lambda: all(item.receipt for item in operator.packets()), "central has it")
    operator.player.click("cable.switch")
    operator.player.wait_until(lambda: operator._training.network.is_cut, "the cable is out")
    operator.seal_prepared(SEALED)
    _begun_and_photographed(operator, GIVEN_UP, pictures)
    operator.withdraw("pulang")
    _begun_and_photographed(operator, OPEN, pictures)
    _back_up(operator, stick)
    return pictures


def _begun(operator: Operator, person: Person) -> None:
    operator.begin(person)
    operator._fill_in(person, shown=False)


def _begun_and_photographed(operator: Operator, person: Person, pictures: dict[str, bytes]) -> None:
    _begun(operator, person)
    operator.go_on(Step.PHOTO)
    operator._capture(Step.PHOTO)
    _keep(operator, person, pictures)


def _keep(operator: Operator, person: Person, pictures: dict[str, bytes]) -> None:
    with operator.office.applicants.read() as connection:
        for part in operator.draft.captures:
            image = captures.image(connection, operator.draft.record.record_id, part)
            assert image is not None
            pictures[f"{part.value} of {person.nik[-4:]}"] = image


def _choose_the_second_copy(operator: Operator, stick: Path) -> None:
    operator.open("guard")
    card = operator.player.find("guard.backup", BackupCard)
    card.choose(stick)  # what its dialog of folders does
    operator.await_text("guard.backup.where", str(stick))
    operator.open("capture")


def _back_up(operator: Operator, stick: Path) -> None:
    """Asked for while the draft is open: the medium then has everybody as far as they are."""
    asked = operator.office.now()
    operator.open("guard")
    operator.player.click("guard.backup.now")
    copies = stick / FOLDER / "snapshots"
    operator.player.wait_until(
        lambda: any(item.facts.made_at >= asked for item in snapshots_in(copies)), "the medium has the open draft"
    )
    operator.open("capture")
    assert operator.draft.record.nik == OPEN.nik


def _the_scan_would_have_seen_the_pictures(pictures: Mapping[str, bytes]) -> None:
    assert {part.value for part in Part} <= {name.split(" ")[0] for name in pictures}
    assert found_in(b"\0" * 100 + b"".join(pictures.values()), (), pictures) == set(pictures)


def _central_names_those_it_has(
    server: CentralServer, folder: Path, station_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.central.block(station_id, "dicuri")
    assert cli.main(["central", "inventory", "--data", str(folder), station_id]) == 0
    told = capsys.readouterr().out
    assert SENT.nik in told and SENT.answers["name"] in told
    assert not any(person.nik in told for person in (SEALED, OPEN)), "it has never seen those"


def _the_backup_names_everybody(stick: Path, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["inventory", "--backup", str(stick), "--csv", str(table)]) == 0
    assert "SQLCipher" in capsys.readouterr().out, "and how it was closed"
    with table.open(encoding="utf-8-sig", newline="") as file:
        text = [",".join(row) for row in csv.reader(file)]
    for person in (SENT, SEALED, OPEN):
        assert sum(person.nik in line for line in text) == 1, person.nik
    assert table.stat().st_mode & 0o077 == 0 or os.name == "nt"
