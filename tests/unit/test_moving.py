"""Moving the data to another disk: copied, proved, pointed to; goes on after a power cut; nothing stays that opens."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from station import failpoint
from station.desk import moving
from station.domain.errors import SetupError
from station.failpoint import PowerCut
from station.store.folder import Folder
from station.store.moved import UNFINISHED, follow, point_to
from tests.support import Workplace, files_below

Open = Callable[[Path], Workplace]


@pytest.fixture
def old(two_sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_sealed / "station", tmp_path / "old"))


def test_the_next_start_opens_the_new_folder_with_everything_in_it(old: Path, tmp_path: Path, open_place: Open) -> None:
    told: list[tuple[int, int]] = []
    moving.move(old, tmp_path / "new", progress=lambda done, whole: told.append((done, whole)))
    assert follow(old) == tmp_path / "new"
    assert told[-1][0] == told[-1][1] > 0
    place = open_place(follow(old))
    place.seal(3)
    assert len(place.depot.outbox.keys()) == 3
    assert all(path.stat().st_mode & 0o077 == 0 for path in files_below(tmp_path / "new"))


def left_in(old: Path) -> set[str]:
    return {path.name for path in old.iterdir() if path.suffix != ".lock"}


def test_the_old_folder_keeps_its_sealed_packets_and_the_pointer_only(old: Path, tmp_path: Path) -> None:
    (old / "keyring.json.before-restore-1").write_text("{}")
    before = sorted(path.name for path in (old / "packets").iterdir())
    (old / "central").mkdir()
    assert moving.move(old, tmp_path / "new")
    assert left_in(old) == {"moved.json", "packets", "central"}
    assert sorted(path.name for path in (old / "packets").iterdir()) == before
    assert not (tmp_path / "new" / UNFINISHED).exists()


def test_a_power_cut_after_the_switch_leaves_one_station_and_the_next_start_empties_the_old_folder(
    old: Path, tmp_path: Path, open_place: Open
) -> None:
    def cut(name: str) -> None:
        if name == "move.pointed":
            raise PowerCut

    with pytest.raises(PowerCut), failpoint.armed(cut):
        moving.move(old, tmp_path / "new")
    assert (old / "keyring.json").exists()
    assert follow(old) == tmp_path / "new"
    assert left_in(old) == {"moved.json", "packets"}
    assert len(open_place(follow(old)).depot.outbox.keys()) == 2


@pytest.mark.usefixtures("said")
def test_nothing_of_the_old_folder_goes_while_the_new_one_is_not_whole(old: Path, tmp_path: Path) -> None:
    point_to(old, tmp_path / "new")
    (tmp_path / "new").mkdir()
    shutil.copy(old / "enrolment.json", tmp_path / "new")
    assert follow(old) == tmp_path / "new"
    assert {"keyring.json", "applicants.db", "outbox.db"} <= left_in(old)


@pytest.mark.parametrize("where", ["move.one", "move.copied"])
def test_a_move_that_a_power_cut_ended_goes_on(old: Path, tmp_path: Path, open_place: Open, where: str) -> None:
    def cut(name: str) -> None:
        if name == where:
            raise PowerCut

    with pytest.raises(PowerCut), failpoint.armed(cut):
        moving.move(old, tmp_path / "new")
    assert follow(old) == old
    stale = tmp_path / "new" / "packets" / "stale.packet"
    stale.parent.mkdir(exist_ok=True)
    stale.write_bytes(b"of the attempt before")
    moving.move(old, tmp_path / "new")
    assert not stale.exists()
    assert len(open_place(follow(old)).depot.outbox.keys()) == 2


def test_a_new_folder_that_is_not_there_is_told_and_no_empty_station_is_begun(old: Path, tmp_path: Path) -> None:
    moving.move(old, tmp_path / "new")
    (tmp_path / "new").rename(tmp_path / "unplugged")
    with pytest.raises(SetupError) as problem:
        follow(old)
    assert problem.value.code == "folder.moved_away"


@pytest.mark.parametrize(("name", "code"), [("full", "move.not_empty"), ("old/inside", "move.inside")])
def test_nothing_is_moved_into_a_folder_in_use_or_inside_the_old_one(
    old: Path, tmp_path: Path, name: str, code: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("milik orang lain")
    with pytest.raises(SetupError) as problem:
        moving.move(old, tmp_path / name)
    assert problem.value.code == code
    assert follow(old) == old


def test_a_station_whose_window_is_open_is_not_moved(old: Path, tmp_path: Path) -> None:
    lock = Folder(old).lock("desk")
    with pytest.raises(SetupError) as problem:
        moving.move(old, tmp_path / "new")
    assert problem.value.code == "folder.in_use"
    lock.release()
