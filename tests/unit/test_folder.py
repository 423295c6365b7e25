"""The data folder: private, writable, and used by one program at a time."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from threading import Event, Thread

import pytest

from station.domain.errors import SetupError, StoreError
from station.store.changing import changing
from station.store.folder import Folder, translate_os_error, write_file
from tests.mounts import read_only_disk


def test_a_new_folder_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "deep" / "station")
    assert folder.root.stat().st_mode & 0o777 == 0o700
    assert folder.packets.stat().st_mode & 0o777 == 0o700
    assert Folder(folder.root).root == folder.root


def test_a_relative_folder_stays_the_same_when_the_program_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Folder(Path("station"))
    assert folder.applicants_db == tmp_path / "station" / "applicants.db"


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "station").write_text("x")
    with pytest.raises(StoreError) as problem:
        Folder(tmp_path / "station")
    assert problem.value.code == "store.io"


def test_a_folder_on_a_read_only_disk_is_refused_with_that_reason(tmp_path: Path) -> None:
    root = tmp_path / "station"
    Folder(root)
    with read_only_disk(root):
        for act in (lambda: Folder(root), lambda: write_file(root / "x.json", b"{}")):
            with pytest.raises(StoreError) as problem:
                act()
            assert problem.value.code == "store.read_only"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "store.disk_full"),
        (errno.EDQUOT, "store.disk_full"),
        (errno.EROFS, "store.read_only"),
        (errno.EACCES, "store.read_only"),
        (errno.EPERM, "store.read_only"),
        (errno.EIO, "store.io"),
        (errno.EMFILE, "store.io"),
    ],
)
def test_each_complaint_of_the_operating_system_has_its_own_code(number: int, code: str) -> None:
    problem = translate_os_error(OSError(number, os.strerror(number), "/a/path/with/a/name"))
    assert problem.code == code
    assert "/a/path" not in str(problem)


def test_an_error_without_a_number_still_says_what_it_was() -> None:
    assert translate_os_error(BlockingIOError()).data == {"reason": "BlockingIOError"}


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    write_file(path, b"first")
    write_file(path, b"second")
    assert path.read_bytes() == b"second"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [item.name for item in tmp_path.iterdir()] == ["some.json"]


def test_what_a_power_cut_left_half_written_goes_and_what_is_being_written_now_stays(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    old, now = tmp_path / "keyring.json.0a1b2c3d.tmp", tmp_path / "backup.json.4e5f6a7b.tmp"
    for path in (old, now):
        path.write_text("half")
    os.utime(old, (1, 1))
    folder.clear_temporaries()
    assert (old.exists(), now.exists()) == (False, True)


def test_two_who_write_the_same_file_at_the_same_time_both_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sync = tmp_path / "some.json", os.fsync

    def meanwhile(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", sync)
        write_file(path, b"of the other")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    write_file(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert [item.name for item in tmp_path.iterdir()] == ["some.json"]


def test_changes_of_several_threads_to_one_small_file_are_all_in_it(tmp_path: Path) -> None:
    path = tmp_path / "number"
    path.write_text("0")

    def count() -> None:
        for _ in range(20):
            with changing(path), changing(path):
                number = int(path.read_text())
                Event().wait(0.0005)  # somebody else's turn
                path.write_text(str(number + 1))

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() == "80"


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    path.mkdir()
    with pytest.raises(StoreError):
        write_file(path, b"x")
    assert [item.name for item in tmp_path.iterdir()] == ["some.json"]


def test_a_lock_is_given_once_per_purpose_until_it_is_released(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    desk = folder.lock("desk")
    with pytest.raises(SetupError) as problem:
        Folder(tmp_path).lock("desk")
    assert (problem.value.code, problem.value.data) == ("folder.in_use", {"what": "desk"})
    sync = Folder(tmp_path).lock("sync")
    desk.release()
    Folder(tmp_path).lock("desk").release()
    sync.release()


def test_a_lock_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "desk.lock").mkdir()
    with pytest.raises(StoreError):
        folder.lock("desk")
