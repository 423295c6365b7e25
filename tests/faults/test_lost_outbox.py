"""The outbox is lost or broken: rebuilt from the packets, settled by one round with central, nothing doubled."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from station.central.server import CentralServer
from station.desk import healing, recording, records
from station.domain.delivery import Stage
from station.domain.record import RecordKey, State
from station.store.database import Database
from tests.support import HandClock, Workplace, seal


def other_schema(path: Path) -> None:
    path.unlink()
    database = Database(path)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE packet (id INTEGER PRIMARY KEY, note TEXT)")
        connection.exec_driver_sql("INSERT INTO packet VALUES (1, 'of another program')")
    database.close()


def garbage_with_companions(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).write_bytes(b"garbage" * 5000)


LOSSES: dict[str, Callable[[Path], object]] = {
    "deleted": lambda path: path.unlink(),
    "garbage": lambda path: path.write_bytes(b"garbage" * 5000),
    "garbage with companions": garbage_with_companions,
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "another schema": other_schema,
}


def mixed(sender: Workplace) -> tuple[list[RecordKey], list[RecordKey]]:
    """Two records central has, and one it has never heard of."""
    delivered = list(sender.depot.packets.all_keys())
    sender.drain()
    return delivered, [sender.seal(3).record.key]


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES.keys())
def test_every_packet_is_settled_again_after_one_round_and_nothing_is_doubled(
    sender: Workplace, central_here: CentralServer, lose: Callable[[Path], object], said: list[str]
) -> None:
    delivered, waiting = mixed(sender)
    receipts = {}
    for key in delivered:
        item = sender.depot.outbox.get(key)
        assert item is not None
        receipts[key] = item.receipt_no
    sender.close()
    lose(sender.root / "outbox.db")
    sender.reopen()
    assert sender.depot.outbox.keys() == {*delivered, *waiting}
    sender.drain()
    for key in (*delivered, *waiting):
        item = sender.depot.outbox.get(key)
        assert item is not None
        assert item.stage is Stage.RECEIPTED
        assert item.receipt_no == receipts.get(key, item.receipt_no)
    assert sorted(packet.key.record_id for packet in central_here.central.packets()) == sorted(
        key.record_id for key in (*delivered, *waiting)
    )
    healing.heal(sender.office)
    for key in (*delivered, *waiting):
        assert records.timeline(sender.office, key.record_id).row.record.state is State.ACCEPTED


def test_what_central_said_of_a_record_is_learnt_again(
    sender: Workplace, central_here: CentralServer, said: list[str]
) -> None:
    key = next(sender.depot.packets.all_keys())
    sender.drain()
    central_here.central.say_status(key, "CARD_PRINTED")
    sender.close()
    (sender.root / "outbox.db").unlink()
    sender.reopen()
    sender.drain()
    assert isinstance(sender.clock, HandClock)
    for _ in range(20):
        sender.clock.pass_time(sender.engine.step())
    item = sender.depot.outbox.get(key)
    assert item is not None
    assert item.central_code == "CARD_PRINTED"


def test_an_outbox_lost_in_the_middle_of_an_upload_costs_nothing(
    sender: Workplace, central_here: CentralServer, said: list[str]
) -> None:
    key = next(sender.depot.packets.all_keys())
    assert isinstance(sender.clock, HandClock)
    while sender.stage(key) is Stage.QUEUED:
        sender.clock.pass_time(sender.engine.step())
    assert central_here.central.upload_count() > 0
    sender.close()
    (sender.root / "outbox.db").unlink()
    sender.reopen()
    sender.drain()
    assert sender.stage(key) is Stage.RECEIPTED
    assert (central_here.central.packet_count(), central_here.central.upload_count()) == (2, 0)


def test_a_restored_older_outbox_costs_nothing(sender: Workplace, central_here: CentralServer, said: list[str]) -> None:
    first = next(sender.depot.packets.all_keys())
    sender.close()
    backup = (sender.root / "outbox.db").read_bytes()
    sender.reopen()
    second = sender.seal(3).record.key
    sender.drain()
    sender.close()
    (sender.root / "outbox.db").write_bytes(backup)
    sender.reopen()
    sender.drain()
    assert [sender.stage(key) for key in (first, second)] == [Stage.RECEIPTED, Stage.RECEIPTED]
    assert central_here.central.packet_count() == 3


def test_a_corrected_record_stays_corrected_when_the_outbox_is_lost(
    sender: Workplace, central_here: CentralServer, said: list[str]
) -> None:
    from station.wire import RefusalReason

    first = next(sender.depot.packets.all_keys())
    sender.drain()
    central_here.central.refuse(first, [RefusalReason(code="name.digit", field="name", detail="")])
    assert isinstance(sender.clock, HandClock)
    while sender.stage(first) is not Stage.REJECTED:
        sender.clock.pass_time(max(sender.engine.step(), 0.1))
    healing.catch_up(sender.office)
    records.reopen(sender.office, first.record_id)
    recording.answer(sender.office, first.record_id, "name", "BUDI SANTOSO CONTOH")
    second = seal(sender.office, first.record_id).record.key
    sender.drain()
    sender.close()
    (sender.root / "outbox.db").unlink()
    sender.reopen()
    sender.drain()
    assert sender.stage(second) is Stage.RECEIPTED
    healing.heal(sender.office)
    found = records.timeline(sender.office, first.record_id).row.record
    assert (found.revision, found.state) == (2, State.ACCEPTED)
    assert central_here.central.packet_count() == 3
