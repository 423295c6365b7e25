"""The disk of the power-cut soak forgets what was not synced, and shows nothing that no real disk could show."""

from __future__ import annotations

from random import Random

import pytest

from tests.soak.disk_log import ROOT, Deed, DiskLog, Rename, Sync, Truncate, Write
from tests.soak.fates import FATES
from tests.soak.forgetful_disk import PAGE, SECTOR, ForgetfulDisk, Tree

FILE, OTHER, FOLDER = 1, 2, 3
MADE = Rename((((ROOT, "a"), FILE),))
OLD, NEW = b"o" * PAGE, b"n" * PAGE


def shown(*deeds: Deed, fate: str, chance: int = 1, files: dict[int, bytes] | None = None) -> Tree:
    """What is on the disk after `deeds`. With `files` those are there at first, called by their numbers."""
    log = DiskLog(deeds=list(deeds), files=files or {}, folders={ROOT, FOLDER})
    log.names = {(ROOT, str(number)): number for number in log.files}
    disk = ForgetfulDisk(log)
    disk.play(len(deeds))
    return disk.cut(FATES[fate](Random(chance)))


def test_a_file_is_there_for_sure_only_after_a_sync_of_it_and_of_its_folder() -> None:
    write = Write(FILE, 0, b"word")
    assert shown(MADE, write, fate="lost") == {}
    assert shown(MADE, write, Sync(FILE), fate="lost") == {}
    assert shown(MADE, write, Sync(ROOT), fate="lost") == {"a": b""}
    for fate in FATES:
        assert shown(MADE, write, Sync(FILE), Sync(ROOT), fate=fate) == {"a": b"word"}


def test_what_was_written_after_the_last_sync_may_be_there_or_not() -> None:
    deeds = (Write(FILE, 0, NEW), Write(FILE, PAGE, NEW))
    seen = {shown(*deeds, fate="scattered", chance=n, files={FILE: OLD + OLD})["1"] for n in range(40)}
    assert seen == {OLD + OLD, NEW + OLD, OLD + NEW, NEW + NEW}


def test_a_torn_page_is_torn_between_sectors_and_nowhere_else() -> None:
    seen = {shown(Write(FILE, 0, NEW), fate="torn", chance=n, files={FILE: OLD})["1"] for n in range(20)}
    assert len(seen) > 10
    for data in seen:
        assert data is not None
        assert {data[at : at + SECTOR] for at in range(0, PAGE, SECTOR)} <= {OLD[:SECTOR], NEW[:SECTOR]}


@pytest.mark.parametrize("fate", FATES)
def test_a_younger_byte_never_stands_beside_an_older_one_in_a_sector(fate: str) -> None:
    deeds = (Write(FILE, 0, b"1"), Write(FILE, 1, b"2"), Write(FILE, 0, b"3"))
    seen = {shown(*deeds, fate=fate, chance=n, files={FILE: b"00"})["1"] for n in range(20)}
    assert seen <= {b"00", b"10", b"12", b"32"}


@pytest.mark.parametrize("fate", FATES)
def test_a_synced_byte_is_never_older_than_its_sync(fate: str) -> None:
    deeds = (Write(FILE, 0, NEW), Sync(FILE), Write(FILE, PAGE, NEW))
    for number in range(10):
        data = shown(*deeds, fate=fate, chance=number, files={FILE: OLD})["1"]
        assert data is not None and data[:PAGE] == NEW


def test_a_size_ahead_of_its_data_shows_zeros() -> None:
    assert shown(Write(FILE, 0, NEW), fate="empty sizes", files={FILE: b""})["1"] == bytes(PAGE)


def test_a_file_that_was_cut_short_may_have_its_old_end_again() -> None:
    seen = {shown(Truncate(FILE, 1), fate="scattered", chance=n, files={FILE: OLD})["1"] for n in range(20)}
    assert {OLD, b"o"} <= seen


@pytest.mark.parametrize("fate", FATES)
def test_a_rename_has_happened_or_it_has_not(fate: str) -> None:
    over = Rename((((ROOT, "1"), None), ((ROOT, "2"), FILE)))
    for number in range(10):
        tree = shown(over, fate=fate, chance=number, files={FILE: b"new", OTHER: b"old"})
        assert tree in ({"1": b"new", "2": b"old"}, {"2": b"new"})


@pytest.mark.parametrize("fate", FATES)
def test_a_name_never_skips_a_step(fate: str) -> None:
    """What was renamed must have been made; a folder that is not there has nothing in it."""
    deeds = (
        Rename((((ROOT, "d"), FOLDER),)),
        Rename((((FOLDER, "part"), FILE),)),
        Rename((((FOLDER, "part"), None), ((FOLDER, "whole"), FILE))),
    )
    for number in range(20):
        tree = shown(*deeds, fate=fate, chance=number)
        assert set(tree) in (set(), {"d"}, {"d", "d/part"}, {"d", "d/whole"})


def test_memory_that_processes_share_is_gone() -> None:
    assert shown(Rename((((ROOT, "x.db-shm"), FILE),)), Sync(ROOT), fate="kept") == {}
