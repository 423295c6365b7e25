"""Central has done the work and nobody learns of it: at every kind of request, the work is done exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tenacity

from station.config import Settings, SyncSettings
from station.domain.delivery import LinkState, Stage
from station.domain.lane import LaneName
from station.domain.outcome import Trouble
from station.domain.record import RecordKey
from station.domain.target import Target
from station.store.inbox import Inbox
from station.sync import backoff, bundles
from station.wire import BundleNotice, Limits
from tests.fakes import central_faults as faults
from tests.fakes.central_socket import ROUTES
from tests.sending import STATION, Sender, sending

AREA = "99.01.01"
CHUNK = 1024
NOT_OF_THE_ENGINE = {"stations", "delete"}
"""A code is not burnt by a lost answer: the tests of enrolment. No station deletes an upload."""
LOST = 4
"""The client itself asks three times, and the fourth is another attempt; a chunk it never repeats blindly."""


@pytest.fixture
def sender(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    monkeypatch.setattr("tests.sending.SETTINGS", Settings(sync=SyncSettings(changes_every_s=60)))
    monkeypatch.setattr(backoff, "wait_random_exponential", lambda **_: tenacity.wait_none())
    monkeypatch.setattr(bundles, "RESERVE_BYTES", 0)
    with sending(tmp_path, Limits(chunk_bytes=CHUNK)) as sender:
        yield sender


def busy_day(sender: Sender, route: str) -> RecordKey:
    """Work that brings a question to `route`; the packet in it."""
    if route == "reconcile_ids":
        key = sender.packet()
        sender.deliver(key)
        for lost in (sender.central.received, sender.central.receipts, sender.central.accepted, sender.central.uploads):
            lost.clear()
        sender.engine.send_now()
        return key
    if route in ("signature", "bundle"):
        version = sender.central.lists.make(AREA, [Target("9901016104880001", {"name": "CONTOH"})])
        sender.depot.memory.want_bundle(BundleNotice(name=f"roster:{AREA}", version=version))
    sender.central.verifying = route == "receipts"
    key = sender.packet(filler=CHUNK * LOST if route == "patch" else 0)
    if route in ("head", "receipts"):
        while sender.stage(key) is Stage.QUEUED:
            sender.clock.pass_time(sender.engine.step())
        if route == "head":
            sender.restart()
    return key


@pytest.mark.parametrize("route", [name for name in ROUTES if name not in NOT_OF_THE_ENGINE])
def test_an_answer_that_is_lost_again_and_again_after_the_work_was_done(sender: Sender, route: str) -> None:
    sender.central.queue(route, *[faults.lost_answer()] * LOST)
    key = busy_day(sender, route)
    if route == "receipts":
        sender.until(lambda: len(sender.central.asked_for(route)) > LOST, hours=1)
        sender.central.verify_waiting()
    sender.until(lambda: sender.delivered(key) and len(sender.central.asked_for(route)) > LOST, hours=3, nap_s=60)
    sender.live(400)
    sender.assert_once(key)
    assert sender.row(key).attempts == 0
    assert sender.link is LinkState.GOOD
    told = [members["code"] for kind, members in _news(sender, key) if kind == "record.status"]
    assert told[:2] == ["RECEIVED_AT_CENTRAL", "PRINT_READY_RECORD"]
    assert len(told) == (4 if route == "reconcile_ids" else 2), "each piece of news once for each time it was true"
    if route in ("signature", "bundle"):
        assert len(Inbox(sender.depot.folder).arrived()) == 1
        assert sender.depot.memory.wanted_bundles == ()
    if route == "heartbeats":
        assert sender.lane(LaneName.HEARTBEAT).done_at is not None
        assert STATION in sender.central.heartbeats
    if route in ("reconcile", "reconcile_ids"):
        found = sender.depot.memory.reconciled
        assert found is not None
        assert (found.packets, found.conflicts) == (1, 0)


def _news(sender: Sender, key: RecordKey) -> list[tuple[str, dict[str, str]]]:
    return [(members["kind"], members) for _, members in sender.depot.changes.of_record(key.record_id)]


def test_the_last_chunk_of_several_whose_answer_is_lost_costs_questions_and_no_byte(sender: Sender) -> None:
    key = sender.packet(filler=4000)
    sender.central.queue("patch", faults.lost_answer())
    sender.central.queue("head", *[faults.lost_answer()] * LOST)
    sender.central.queue("receipts", *[faults.lost_answer()] * LOST)
    sender.until(lambda: sender.delivered(key), hours=1)
    sender.assert_once(key)
    assert sum(len(asked.body) for asked in sender.central.asked_for("patch")) == sender.row(key).size
    assert sender.trouble(key) is not Trouble.BAD_RECEIPT
