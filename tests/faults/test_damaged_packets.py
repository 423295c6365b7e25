"""A packet file is cut, edited or deleted under the running program: it is parked, and the others go on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from station.central.server import CentralServer
from station.domain.delivery import Stage
from station.domain.outcome import Trouble
from station.store.packets import MAX_PACKET_BYTES
from tests.support import HandClock, Workplace, an_item


def edit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGE: dict[str, tuple[Callable[[Path], object], Trouble]] = {
    "deleted": (lambda path: path.unlink(), Trouble.FILE_MISSING),
    "cut": (lambda path: os.truncate(path, 1000), Trouble.FILE_CHANGED),
    "empty": (lambda path: os.truncate(path, 0), Trouble.FILE_CHANGED),
    "longer": (lambda path: os.truncate(path, path.stat().st_size + 1), Trouble.FILE_CHANGED),
    "edited": (edit, Trouble.FILE_CHANGED),
    "too large to read": (lambda path: os.truncate(path, MAX_PACKET_BYTES + 1), Trouble.FILE_CHANGED),
}


@pytest.mark.parametrize("told_before", [False, True], ids=["before the manifest", "after the manifest"])
@pytest.mark.parametrize(("damage", "trouble"), DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_packet_is_parked_with_its_trouble_and_the_others_arrive(
    sender: Workplace,
    central_here: CentralServer,
    damage: Callable[[Path], object],
    trouble: Trouble,
    told_before: bool,
    said: list[str],
) -> None:
    keys = list(sender.depot.packets.all_keys())
    if told_before:
        while sender.stage(keys[0]) is Stage.QUEUED:
            assert isinstance(sender.clock, HandClock)
            sender.clock.pass_time(sender.engine.step())
    damage(sender.depot.packets.path(keys[0]))
    sender.drain()
    item = sender.depot.outbox.get(keys[0])
    assert item is not None
    assert item.stage is Stage.PARKED
    assert item.last_note is not None
    assert item.last_note.trouble is trouble
    assert sender.stage(keys[1]) is Stage.RECEIPTED
    assert [packet.key for packet in central_here.central.packets()] == keys[1:]


def test_a_packet_that_comes_back_can_be_sent_after_all(sender: Workplace, central_here: CentralServer) -> None:
    key = next(sender.depot.packets.all_keys())
    path = sender.depot.packets.path(key)
    path.rename(sender.root / "away")
    sender.drain()
    assert sender.stage(key) is Stage.PARKED
    (sender.root / "away").rename(path)
    sender.depot.outbox.retry(key)
    sender.drain()
    assert sender.stage(key) is Stage.RECEIPTED
    assert central_here.central.packet_count() == 2


def test_a_file_the_disk_cannot_read_is_tried_again_and_does_not_hold_up_the_others(
    sender: Workplace, central_here: CentralServer
) -> None:
    keys = list(sender.depot.packets.all_keys())
    path = sender.depot.packets.path(keys[0])
    path.rename(sender.root / "away")
    path.mkdir()  # reading it fails as a bad sector would: neither missing nor readable
    assert isinstance(sender.clock, HandClock)
    item = an_item()
    for _ in range(200):
        item = sender.depot.outbox.get(keys[0]) or item
        if item.attempts and sender.stage(keys[1]) is Stage.RECEIPTED:
            break
        sender.clock.pass_time(sender.engine.step())
    assert item.stage is Stage.SENDING
    assert item.last_note is not None
    assert item.last_note.trouble is Trouble.FILE_CHANGED
    assert central_here.central.packet_count() == 1
    path.rmdir()
    (sender.root / "away").rename(path)
    sender.engine.send_now()
    sender.drain()
    assert sender.stage(keys[0]) is Stage.RECEIPTED
