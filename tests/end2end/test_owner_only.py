"""Whatever a station writes is its owner's alone, also when the system it runs on asks for nothing of the kind."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.desk import backup, courier, diagnosis, moving, restoring
from station.desk.copying import Copying
from station.log import get_logger, start_logging
from station.store.aside import set_aside_before
from station.store.folder import Folder
from tests.support import HandClock, Workplace, running_central, workplace

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes of Linux")


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """As if nobody had set a mask, neither the command line nor the system."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def logged() -> Iterator[None]:
    """The log is a file of the station, and afterwards nobody's."""
    yield
    start_logging(None)


def open_to_others(*roots: Path) -> set[str]:
    """Every file and folder at or below `roots` that anybody but its owner may do anything with."""
    found = set()
    for root in roots:
        for path in (root, *root.rglob("*")):
            if path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                found.add(path.relative_to(root.parent).as_posix())
    return found


def names_below(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


def back_up(place: Workplace, stick: Path) -> None:
    backup.choose(place.office, stick)
    copying = Copying(place.depot, key_holder=place.office.applicants.again())
    copying.snap(place.clock.now(), at_once=True)
    copying.copy(place.clock.now())
    assert copying.key_holder is not None
    copying.key_holder.close()


def spoil(path: Path) -> None:
    """Its first page is another's."""
    data = path.read_bytes()
    path.write_bytes(bytes(4096) + data[4096:])


def opened(root: Path) -> Workplace:
    return Workplace(root, "http://127.0.0.1:9", HandClock())


def test_a_life_of_a_station_leaves_nothing_that_others_may_read(tmp_path: Path, logged: None) -> None:
    stick, folder, bundles = tmp_path / "stick", tmp_path / "station", tmp_path / "bundles"
    stick.mkdir(mode=0o700)
    bundles.mkdir()
    start_logging(Folder(folder).logs)
    get_logger("station.test").info("a line")
    with running_central(tmp_path / "central") as server, workplace(folder, server) as place:
        place.seal(1)
        place.drain()
        place.seal(2)
        place.draft(3)
        lock = place.depot.folder.lock("desk")
        back_up(place, stick)
        courier.export(place.office, bundles)  # sealed, and meant for others: the one thing that is not looked at
        told = diagnosis.write(place.depot, tmp_path, place.clock.now())
        wanted = {
            "applicants.db-wal",
            "applicants.db-shm",
            "outbox.db-wal",
            "station.log",
            "technical.log",
            "desk.lock",
        }
        assert wanted <= names_below(folder)
        assert {"applicants.db", "facts.json", "medium.json"} <= names_below(stick)
        assert open_to_others(folder, stick, told) == set()
        lock.release()

    spoil(folder / "applicants.db")
    place = opened(folder)
    assert place.office.recovered is not None
    place.close()
    assert set_aside_before(folder / "applicants.db")
    assert open_to_others(folder) == set()

    moving.move(folder, tmp_path / "moved")
    restoring.restore(Folder(tmp_path / "restored"), stick)
    assert open_to_others(tmp_path / "restored") == set()
    place = opened(tmp_path / "restored")
    assert place.office.recovered is not None
    assert open_to_others(folder, tmp_path / "moved", tmp_path / "restored") == set()
    place.close()


def test_a_file_is_never_open_to_others_not_even_while_it_is_made(
    two_sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a mode would be set afterwards only, this finds it: setting it does nothing here."""
    monkeypatch.setattr(Path, "chmod", lambda _path, _mode: None)
    shutil.copytree(two_sealed / "station", tmp_path / "station")
    (tmp_path / "stick").mkdir(mode=0o700)
    place = opened(tmp_path / "station")
    back_up(place, tmp_path / "stick")
    copy = tmp_path / "station" / "copy.db"
    place.depot.outbox.database.backup_to(copy)
    place.close()
    made = [copy, tmp_path / "station" / "snapshots", tmp_path / "stick"]
    assert open_to_others(*made) == set()
    spoil(tmp_path / "station" / "applicants.db")
    place = opened(tmp_path / "station")
    assert place.office.recovered is not None
    place.close()
    restoring.restore(Folder(tmp_path / "restored"), tmp_path / "stick")
    moving.move(tmp_path / "station", tmp_path / "moved")
    left = (tmp_path / "station").iterdir()  # what moved is gone from there
    assert open_to_others(*left, tmp_path / "stick", tmp_path / "restored", *(tmp_path / "moved").iterdir()) == set()


def test_a_folder_of_before_that_others_could_read_is_closed_to_them(two_sealed: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(two_sealed / "station", tmp_path / "station"))
    root.chmod(0o755)
    Folder(root)
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_a_folder_that_is_no_stations_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    (tmp_path / "shared" / "letter.txt").write_text("of somebody else")
    Folder(tmp_path / "shared")
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755
