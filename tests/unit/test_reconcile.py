"""The reconcile lane beside a central that may say anything: when it asks, and what it believes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from station.domain.comparison import Comparison
from station.domain.delivery import Stage
from station.domain.ids import new_record_id
from station.domain.outcome import Halted, Later, Trouble
from station.sync.lanes import Did, Idle, Step
from station.sync.reconcile import DAILY, GAP_S, MENDED_GAP_S, ReconcileLane
from station.wire import Problem
from tests.fakes.central_faults import Fault
from tests.sending import Sender, sending


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as made:
        yield made


@pytest.fixture
def lane(sender: Sender) -> Iterator[ReconcileLane]:
    shared = sender.shared()
    yield ReconcileLane(shared)
    shared.client.close()


def until_idle(lane: ReconcileLane) -> Step:
    for _ in range(200):
        result = lane.step()
        if not isinstance(result, Did):
            return result
    raise AssertionError("the lane never comes to rest")


def compared(sender: Sender) -> Comparison:
    found = sender.depot.memory.reconciled
    assert found is not None
    return found


def asked(sender: Sender) -> int:
    return len(sender.central.asked_for("reconcile"))


def rewritten(**members: Any) -> Fault:
    return Fault(process=True, rewrite=lambda answer: answer | members)


def test_it_asks_after_a_drain_but_not_after_every_one(sender: Sender, lane: ReconcileLane) -> None:
    until_idle(lane)
    assert (asked(sender), lane.due_in_s()) == (1, DAILY.total_seconds())  # the first comparison is of all days
    lane.after_drain()
    assert lane.due_in_s() == GAP_S
    sender.clock.pass_time(GAP_S)
    assert isinstance(until_idle(lane), Idle)
    assert asked(sender) == 2
    assert "since" in sender.central.asked_for("reconcile")[1].json
    assert compared(sender).whole_at is not None


def test_once_a_day_all_days_are_compared_also_after_a_restart(sender: Sender, lane: ReconcileLane) -> None:
    until_idle(lane)
    sender.clock.pass_time(DAILY.total_seconds() - 1)
    shared = sender.shared()
    again = ReconcileLane(shared)
    assert again.due_in_s() == 1
    sender.clock.pass_time(1)
    until_idle(again)
    shared.client.close()
    assert "since" not in sender.central.asked_for("reconcile")[1].json


def test_a_clock_that_was_set_back_does_not_stop_it(sender: Sender, lane: ReconcileLane) -> None:
    until_idle(lane)
    sender.clock.wall -= 3650 * DAILY
    sender.clock.pass_time(GAP_S)
    assert lane.due_in_s() == 0


def test_a_person_need_not_wait(sender: Sender, lane: ReconcileLane) -> None:
    until_idle(lane)
    lane.wake()
    assert lane.due_in_s() == 0


def test_after_something_was_mended_it_looks_again_soon(sender: Sender, lane: ReconcileLane) -> None:
    key = sender.packet()
    sender.deliver(key)
    sender.central.received.clear()
    lane.compare_all()
    until_idle(lane)
    assert compared(sender).missing == 1
    lane.after_drain()
    assert lane.due_in_s() <= MENDED_GAP_S


def test_a_central_that_does_not_compare_is_left_alone_for_a_day(sender: Sender, lane: ReconcileLane) -> None:
    sender.central.queue("reconcile", Fault(status=404))
    assert isinstance(until_idle(lane), Idle)
    assert sender.depot.memory.reconciled is None
    assert lane.due_in_s() == DAILY.total_seconds()


@pytest.mark.parametrize("route", ["reconcile", "reconcile_ids"])
def test_trouble_is_handed_back_and_the_same_question_asked_again(
    sender: Sender, lane: ReconcileLane, route: str
) -> None:
    sender.deliver(sender.packet())
    sender.central.received.clear()
    sender.central.receipts.clear()
    lane.compare_all()
    half, lost = Fault(process=True, body=b'{"differ'), Fault(process=True, drop=True)
    sender.central.queue(route, Fault(status=503), half, lost)
    for trouble in (Trouble.BUSY, Trouble.UNREADABLE):
        result = until_idle(lane)
        assert isinstance(result, Later)
        assert result.note.trouble is trouble
    assert isinstance(until_idle(lane), Idle)  # an answer that was lost is asked for again at once
    assert compared(sender).missing == 1


def test_a_blocked_station_halts_it(sender: Sender, lane: ReconcileLane) -> None:
    body = {"type": Problem.STATION_BLOCKED.urn, "status": 403}
    headers = {"Content-Type": "application/problem+json"}
    sender.central.queue("reconcile", Fault(status=403, body=json.dumps(body).encode(), headers=headers))
    assert isinstance(until_idle(lane), Halted)


def test_only_what_was_asked_about_is_believed(sender: Sender, lane: ReconcileLane) -> None:
    first = sender.packet(1)
    sender.deliver(first)
    sender.clock.wall += DAILY
    elsewhere = sender.packet(2)  # of another day
    sender.deliver(elsewhere)
    waiting = sender.packet(3)
    day = sender.row(first).sealed_at.date().isoformat()
    stranger = new_record_id(sender.clock.now())
    other, no_id_of_ours = "ab" * 32, "00000000-0000-0000-0000-000000000000"
    sender.central.queue("reconcile", rewritten(differ=[day, "1999-01-01", "9999-12-31", "0001-01-01"]))
    sender.central.queue(
        "reconcile_ids",
        rewritten(),
        rewritten(),
        rewritten(
            missing=[[waiting.record_id, 1], [stranger, 1], [elsewhere.record_id, 1]],
            unknown_here=[[first.record_id, 1, sender.row(first).sha256], [no_id_of_ours, 1, other]],
            other_hash=[[stranger, 1, other]],
        ),
    )
    lane.compare_all()
    until_idle(lane)
    assert [sender.stage(key) for key in (first, elsewhere, waiting)] == [
        Stage.RECEIPTED,
        Stage.RECEIPTED,
        Stage.QUEUED,
    ]
    assert (compared(sender).missing, compared(sender).conflicts, compared(sender).unknown) == (0, 0, 1)


def test_a_central_that_never_ends_is_ended(
    sender: Sender, lane: ReconcileLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.sync.reconcile.MOST_PARTS", 5)
    sender.central.script(
        lambda question: (
            rewritten(more=True, unknown_here=[[new_record_id(sender.clock.now()), 1, "ab" * 32]])
            if question.route == "reconcile_ids"
            else rewritten(differ=["2026-11-21"])
            if question.route == "reconcile"
            else None
        )
    )
    until_idle(lane)
    assert len(sender.central.asked_for("reconcile_ids")) <= 5
    assert not compared(sender).equal


@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.REPLACED, Stage.VOID])
def test_what_was_decided_gets_its_receipt_and_is_not_sent(sender: Sender, lane: ReconcileLane, stage: Stage) -> None:
    key = sender.packet()
    sender.deliver(key)
    receipt, row = sender.row(key).receipt, sender.row(key)
    refused = '[["nik.day", "nik", ""]]'
    with sender.depot.outbox.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE packet SET stage = '{stage.value}', receipt = NULL, reasons = '{refused}'")
    names = [[key.record_id, 1, row.sha256]]
    sender.central.queue("reconcile", rewritten(differ=[row.sealed_at.date().isoformat()]))
    sender.central.queue("reconcile_ids", rewritten(unknown_here=names))
    lane.compare_all()
    until_idle(lane)
    found = sender.row(key)
    assert (found.stage, found.receipt, len(found.reasons)) == (stage, receipt, 1)
    assert compared(sender).regained == 1
    assert compared(sender).conflicts == (1 if stage is Stage.VOID else 0)


def test_a_central_that_names_a_refused_packet_and_has_no_receipt_is_not_asked_for_ever(
    sender: Sender, lane: ReconcileLane
) -> None:
    key = sender.packet()
    row = sender.row(key)
    sender.depot.outbox.reject(key, (), at=sender.clock.now())
    sender.central.queue("reconcile", rewritten(differ=[row.sealed_at.date().isoformat()]))
    sender.central.queue("reconcile_ids", rewritten(unknown_here=[[key.record_id, 1, row.sha256]]))
    until_idle(lane)
    assert (sender.stage(key), compared(sender).regained) == (Stage.REJECTED, 0)
    assert len(sender.central.asked_for("receipts")) == 1
    lane.after_drain()
    assert lane.due_in_s() == GAP_S, "nothing was mended"


def test_carried_packets_are_theirs_to_compare(sender: Sender, lane: ReconcileLane) -> None:
    key = sender.packet()
    sender.deliver(key)
    with sender.depot.outbox.database.write() as connection:
        connection.exec_driver_sql("UPDATE packet SET carried = 1")
    assert sender.depot.ledger.sums("station-uji") == ()
