"""A really full and a really read-only disk: what was kept stays, and the rest is sealed when there is space again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from station import failpoint
from station.desk import disk_guard, recording, records, retention
from station.domain.errors import StoreError
from station.domain.record import RecordKey, State
from station.seal.packet import sha256_of
from station.store import audit
from station.store.depot import Depot
from tests.mounts import remount, small_disk
from tests.retaining import believe, days, finished, hear
from tests.support import HandClock, Workplace, good_answers, seal

DISK_BYTES = 32 * 1024 * 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder, DISK_BYTES):
        yield folder


@pytest.fixture
def small(disk: Path, enrolled_folder: Path) -> Iterator[Workplace]:
    """A station on a small disk."""
    root = Path(shutil.copytree(enrolled_folder, disk / "station"))
    place = Workplace(root, "http://127.0.0.1:9", HandClock())
    yield place
    place.close()


def fill(disk: Path, *, leave: int) -> Path:
    """Use up the disk until `leave` bytes are free."""
    ballast = disk / "ballast"
    with ballast.open("ab") as file:
        os.posix_fallocate(file.fileno(), 0, file.tell() + max(0, shutil.disk_usage(disk).free - leave))
    return ballast


def check_whole(place: Workplace, record_id: str) -> State:
    """The record is a whole draft without a packet, or sealed with its packet."""
    own = [key for key in place.depot.packets.all_keys() if key.record_id == record_id]
    state = records.timeline(place.office, record_id).row.record.state
    if state is State.DRAFT:
        draft = recording.resume(place.office, record_id)
        assert draft.ready
        assert draft.answers == good_answers(1)
        assert own == []
    else:
        assert own == [RecordKey(record_id, 1)]
    assert not list(place.root.glob("packets/*/*.tmp"))
    return state


def test_where_the_packet_would_not_fit_sealing_is_not_begun_and_the_draft_can_be_sealed_later(
    small: Workplace, disk: Path
) -> None:
    record_id = small.draft(1)
    ballast = fill(disk, leave=disk_guard.needed_bytes(small.office, record_id) - 64 * 1024)
    with pytest.raises(StoreError) as problem:
        seal(small.office, record_id)
    assert problem.value.code == "store.disk_full"
    assert check_whole(small, record_id) is State.DRAFT
    ballast.unlink()
    assert seal(small.office, record_id).record.state is State.SEALED


@pytest.mark.parametrize("leave", [0, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256])
def test_a_disk_that_fills_up_in_the_middle_of_sealing_loses_nothing(
    small: Workplace, disk: Path, leave: int, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    # Another program may still take the last bytes between the check and the writing.
    monkeypatch.setattr(disk_guard, "needed_bytes", lambda _office, _record_id: 0)
    record_id = small.draft(1)
    ballast = fill(disk, leave=leave * 1024)
    try:
        seal(small.office, record_id)
    except StoreError as problem:
        assert problem.code == "store.disk_full"
    check_whole(small, record_id)
    ballast.unlink()
    small.reopen()
    if check_whole(small, record_id) is State.DRAFT:
        assert seal(small.office, record_id).record.state is State.SEALED
    assert check_whole(small, record_id) is State.SEALED
    item = small.depot.outbox.get(RecordKey(record_id, 1))
    assert item is not None
    assert item.sha256 == sha256_of(small.depot.packets.read(item.key))
    with small.office.applicants.read() as connection:
        assert audit.first_broken(connection) is None


def test_a_sealing_that_failed_for_space_can_be_repeated_without_a_restart(
    small: Workplace, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_guard, "needed_bytes", lambda _office, _record_id: 0)
    record_id = small.draft(1)
    ballast = fill(disk, leave=0)
    for _ in range(2):
        with pytest.raises(StoreError) as problem:
            seal(small.office, record_id)
        assert problem.value.code == "store.disk_full"
        assert check_whole(small, record_id) is State.DRAFT
    ballast.unlink()
    assert seal(small.office, record_id).record.state is State.SEALED
    assert check_whole(small, record_id) is State.SEALED


@pytest.mark.parametrize("at", ["seal.planned", "packet.folder_made", "packet.written", "packet.durable"])
def test_a_disk_that_fills_up_while_somebody_is_sealed_gives_what_was_put_by(
    small: Workplace, disk: Path, at: str, said: list[str]
) -> None:
    record_id = small.draft(1)
    assert small.depot.disk.keep_last()
    reached: list[str] = []

    def another_program_takes_the_rest(name: str) -> None:
        if name == at and not reached:
            reached.append(name)
            fill(disk, leave=0)

    with failpoint.armed(another_program_takes_the_rest):
        assert seal(small.office, record_id).record.state is State.SEALED
    assert reached
    assert check_whole(small, record_id) is State.SEALED
    assert not small.depot.disk.keep_last()
    small.reopen()
    assert check_whole(small, record_id) is State.SEALED
    assert any("let go" in line for line in said)


def test_the_disk_fills_the_current_record_is_finished_the_next_refused_and_retention_makes_room(
    small: Workplace, disk: Path
) -> None:
    believe(small)
    hear(small)
    old = [finished(small, serial, size=20_000) for serial in range(1, 5)]
    days(small, 30)
    retention.announce(small.office)
    days(small, 1)
    current = small.draft(9)
    fill(disk, leave=small.depot.disk.forecast(small.clock.now()).reserve - 100_000)
    with pytest.raises(StoreError) as refused:
        recording.start(small.office)
    assert refused.value.code == "store.reserve"
    assert seal(small.office, current).record.state is State.SEALED
    with pytest.raises(StoreError):
        recording.start(small.office)
    assert retention.run(small.office).gone == len(old)
    assert recording.start(small.office).record.state is State.DRAFT
    assert small.depot.packets.path(RecordKey(current, 1)).exists()


def test_an_answer_that_finds_no_space_says_so_and_the_earlier_ones_stay(small: Workplace, disk: Path) -> None:
    record_id = small.draft(1)
    ballast = fill(disk, leave=0)
    kept = 0
    with pytest.raises(StoreError) as problem:
        for kept in range(2000):
            recording.answer(small.office, record_id, "address", f"JALAN {kept} " + "X" * 190)
    assert problem.value.code == "store.disk_full"
    last = recording.resume(small.office, record_id).answers["address"]
    assert last == (good_answers()["address"] if kept == 0 else f"JALAN {kept - 1} " + "X" * 190)
    ballast.unlink()
    small.reopen()
    assert recording.resume(small.office, record_id).answers["address"] == last


def test_a_full_disk_does_not_keep_anybody_from_looking(small: Workplace, disk: Path) -> None:
    key = small.seal(1).record.key
    fill(disk, leave=0)
    small.office.depot.outbox.get(key)
    assert records.timeline(small.office, key.record_id).row.packet is not None
    assert recording.open_drafts(small.office) == ()


def test_a_disk_that_became_read_only_is_named_and_comes_back_whole(small: Workplace, disk: Path) -> None:
    record_id = small.draft(1)
    small.close()

    remount(disk, "ro")
    try:
        with pytest.raises(StoreError) as problem:
            Depot(small.root)
        assert problem.value.code == "store.read_only"
    finally:
        remount(disk, "rw")
    small.reopen()
    assert check_whole(small, record_id) is State.DRAFT
    seal(small.office, record_id)
    assert check_whole(small, record_id) is State.SEALED


def test_a_disk_that_is_full_when_the_program_starts_is_called_full_and_not_broken(
    small: Workplace, disk: Path
) -> None:
    small.close()
    ballast = fill(disk, leave=0)
    with pytest.raises(StoreError) as problem:
        Depot(small.root, heal=False)
    assert problem.value.code == "store.disk_full"
    ballast.unlink()
    small.reopen()
