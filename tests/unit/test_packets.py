"""Packets as files: whole on stable storage, or not there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from station import failpoint
from station.domain.errors import StoreError
from station.domain.record import RecordKey
from station.failpoint import PowerCut
from station.seal.packet import sha256_of
from station.store.packets import MAX_PACKET_BYTES, PacketFolder
from tests.support import files_below

KEY = RecordKey("01a1fc0b-e380-71fd-afd0-1bb720aff3dd", 1)
OTHER = RecordKey("01a1fc0b-e380-71fd-afd0-1bb720aff3dd", 2)
DATA = b"a sealed packet" * 100
PLACES = ["packet.folder_made", "packet.written", "packet.synced", "packet.renamed", "packet.durable"]


@pytest.fixture
def packets(tmp_path: Path) -> PacketFolder:
    return PacketFolder(tmp_path)


def test_a_packet_is_found_under_its_name_in_a_folder_of_random_digits(packets: PacketFolder) -> None:
    packets.write(KEY, DATA)
    assert packets.read(KEY) == DATA
    assert files_below(packets.root) == [packets.root / "fd" / "01a1fc0b-e380-71fd-afd0-1bb720aff3dd.1.packet"]
    assert packets.intact(KEY, sha256_of(DATA))
    assert not packets.intact(KEY, sha256_of(DATA + b"x"))


def test_only_the_stations_own_user_may_read_it(packets: PacketFolder) -> None:
    packets.write(KEY, DATA)
    assert packets.path(KEY).stat().st_mode & 0o777 == 0o600
    assert packets.path(KEY).parent.stat().st_mode & 0o777 == 0o700


def test_writing_again_replaces_the_whole_file(packets: PacketFolder) -> None:
    packets.write(KEY, DATA)
    packets.write(KEY, b"short")
    assert packets.read(KEY) == b"short"


def test_every_packet_is_listed_by_record_and_revision(packets: PacketFolder) -> None:
    third = RecordKey("01a1fc0b-e380-71fd-afd0-0bb720aff3dd", 10)
    for key in (OTHER, KEY, third):
        packets.write(key, DATA)
    assert list(packets.all_keys()) == [third, KEY, OTHER]


@pytest.mark.parametrize(
    "name", ["readme.txt", "x.1.packet", f"{KEY.record_id}.packet", f"{KEY.record_id.upper()}.1.packet", f"{KEY}.tmp"]
)
def test_what_is_not_called_like_a_packet_is_not_one(packets: PacketFolder, name: str) -> None:
    packets.write(KEY, DATA)
    (packets.path(KEY).parent / name).write_bytes(b"x")
    assert list(packets.all_keys()) == [KEY]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "01a1fc0b", "/etc/passwd"])
def test_no_name_leads_out_of_the_folder(packets: PacketFolder, name: str) -> None:
    for act in (packets.path, packets.read, packets.discard_unoffered, lambda key: packets.write(key, DATA)):
        with pytest.raises(StoreError) as problem:
            act(RecordKey(name, 1))
        assert problem.value.code == "packet.missing"
    assert files_below(packets.root) == []


def test_a_packet_that_is_gone_too_large_or_no_file_has_its_own_reason(packets: PacketFolder) -> None:
    with pytest.raises(StoreError) as problem:
        packets.read(KEY)
    assert problem.value.code == "packet.missing"
    packets.write(KEY, DATA)
    os.truncate(packets.path(KEY), MAX_PACKET_BYTES + 1)
    with pytest.raises(StoreError) as problem:
        packets.read(KEY)
    assert problem.value.code == "packet.too_large"
    packets.path(KEY).unlink()
    packets.path(KEY).mkdir()
    with pytest.raises(StoreError) as problem:
        packets.read(KEY)
    assert problem.value.code == "store.io"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("before", [None, b"the packet before"])
def test_a_power_cut_leaves_the_old_file_or_the_whole_new_one(
    packets: PacketFolder, place: str, before: bytes | None
) -> None:
    if before is not None:
        packets.write(KEY, before)

    def cut(reached: str) -> None:
        if reached == place:
            raise PowerCut(place)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        packets.write(KEY, DATA)
    durable = place in ("packet.renamed", "packet.durable")
    found = packets.read(KEY) if list(packets.all_keys()) else None
    assert found == (DATA if durable else before)
    left = 1 if place in ("packet.written", "packet.synced") else 0
    assert packets.clear_temporaries() == left
    assert packets.clear_temporaries() == 0
    packets.write(KEY, DATA)
    assert packets.read(KEY) == DATA


def test_every_place_where_the_power_may_go_is_reached_in_order(packets: PacketFolder) -> None:
    reached: list[str] = []
    with failpoint.armed(reached.append):
        packets.write(KEY, DATA)
    assert reached == PLACES


def test_a_packet_nobody_was_told_of_can_be_taken_back(packets: PacketFolder) -> None:
    packets.write(KEY, DATA)
    packets.write(OTHER, DATA)
    assert packets.discard_unoffered(KEY)
    assert packets.discard_unoffered(KEY)
    assert list(packets.all_keys()) == [OTHER]


def test_a_packet_that_cannot_be_taken_back_is_told_and_one_that_never_was_is_gone(packets: PacketFolder) -> None:
    packets.path(KEY).mkdir(parents=True)  # what is no file cannot be unlinked
    assert not packets.discard_unoffered(KEY)
    shutil.rmtree(packets.path(KEY).parent)
    packets.path(KEY).parent.write_text("a file where a folder should be")
    assert packets.discard_unoffered(KEY)


def test_a_packet_is_set_aside_as_often_as_it_takes_and_nothing_of_it_is_lost(packets: PacketFolder) -> None:
    for data in (DATA, b"another"):
        packets.write(KEY, data)
        packets.set_aside(KEY)
    assert list(packets.all_keys()) == []
    kept = packets.path(KEY).parent.glob("*.aside-*")
    assert {path.read_bytes() for path in kept} == {DATA, b"another"}
    with pytest.raises(StoreError):
        packets.set_aside(KEY)


def test_a_folder_that_cannot_be_made_is_a_store_error_and_leaves_nothing(packets: PacketFolder) -> None:
    (packets.root / "fd").write_text("a file where a folder should be")
    with pytest.raises(StoreError) as problem:
        packets.write(KEY, DATA)
    assert problem.value.code in ("store.io", "store.read_only")
    assert list(packets.all_keys()) == []


def test_a_mark_that_was_taken_back_does_not_come_back_with_a_power_cut(
    packets: PacketFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is gone is gone for good only after a sync of its folder; the next start believes a mark."""
    packets.write(KEY, DATA)
    packets.mark_void(KEY)
    synced: list[tuple[Path, tuple[RecordKey, ...]]] = []
    monkeypatch.setattr(
        "station.store.packets.sync_directory", lambda folder: synced.append((folder, packets.void_keys()))
    )
    packets.unmark_void(KEY)
    packets.unmark_void(KEY)
    assert synced == [(packets.path(KEY).parent, ())]
