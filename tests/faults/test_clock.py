"""Clocks that are wrong or jump: delivery learns central's time, and neither stalls nor spins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from station.domain.delivery import LinkState, Stage
from station.domain.lane import Condition, LaneName
from station.domain.outcome import Note, Trouble
from station.domain.target import Target
from station.seal.packet import sha256_of
from station.store.inbox import Inbox
from station.sync import bundles, upload
from station.wire import Problem
from tests.fakes import central_faults as faults
from tests.sending import Sender, sending

DAY = timedelta(days=1)


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


@pytest.mark.parametrize("ahead", [DAY, -DAY, timedelta(minutes=5), 3650 * DAY, -3650 * DAY])
def test_a_station_whose_clock_is_wrong_delivers_all_the_same(sender: Sender, ahead: timedelta) -> None:
    key = sender.packet()
    sender.central.clock_ahead = ahead
    sender.settle_down()
    assert sender.delivered(key)
    sender.assert_once(key)
    assert sender.depot.memory.clock_offset_s == ahead.total_seconds()
    assert sender.link is LinkState.GOOD


@pytest.mark.parametrize("route", ["manifests", "head", "patch", "receipts", "changes"])
@pytest.mark.parametrize("jump", [DAY, -DAY, -4000 * DAY])
def test_a_clock_that_jumps_before_any_request_is_learnt_again(sender: Sender, route: str, jump: timedelta) -> None:
    sender.central.verifying = route == "receipts"
    key = sender.packet()
    before = {"manifests": 1, "head": 2, "patch": 3, "receipts": 4, "changes": 4}[route]
    for _ in range(before):
        sender.engine.step()
    sender.clock.wall += jump
    sender.central.clock_ahead -= jump  # central's clock does not jump with ours
    sender.settle_down()
    sender.central.verify_waiting()
    sender.until(lambda: sender.delivered(key), hours=0.1)
    sender.assert_once(key)
    assert (sender.row(key).attempts, sender.link) == (0, LinkState.GOOD)


def test_a_central_whose_clock_never_fits_halts_the_lane_and_tells_the_technician(sender: Sender) -> None:
    key = sender.packet()
    sender.central.script(lambda asked: None if asked.route == "hello" else faults.problem(Problem.CLOCK_SKEW, 401))
    sender.live(600)
    assert (sender.link, sender.engine.link.reason) == (LinkState.BLOCKED, Trouble.CLOCK)
    assert len(sender.central.asked_for("manifests")) == 2, "one retry, then a rest"
    assert (sender.row(key).attempts, sender.stage(key)) == (0, Stage.QUEUED)
    sender.central.script(None)
    sender.deliver(key, nap_s=60)


@pytest.mark.parametrize("jump", [-4000 * DAY, -2 * DAY, -DAY, DAY, 40 * DAY, 4000 * DAY])
def test_a_jump_of_the_wall_clock_neither_stalls_nor_hurries_the_probes(sender: Sender, jump: timedelta) -> None:
    key = sender.packet()
    sender.network.cut()
    sender.live(400)
    sender.clock.wall += jump
    sender.central.clock_ahead -= jump
    tries = sender.engine.link.tries
    sender.live(1200)
    assert 2 <= sender.engine.link.tries - tries <= 40
    sender.network.mend()
    sender.deliver(key, nap_s=60)
    sender.assert_once(key)


@pytest.mark.parametrize("jump", [-4000 * DAY, -DAY, 4000 * DAY])
def test_a_jump_of_the_wall_clock_does_not_strand_a_packet_that_waits(sender: Sender, jump: timedelta) -> None:
    key = sender.packet()
    sender.central.queue("manifests", *[faults.answer(500)] * 3)
    sender.until(lambda: sender.row(key).attempts == 3)
    sender.clock.wall += jump
    sender.central.clock_ahead -= jump
    sender.until(lambda: sender.delivered(key), hours=0.2)
    sender.assert_once(key)


@pytest.mark.parametrize("days", [2, 400, 4000])
def test_a_plan_far_in_the_future_counts_as_due(sender: Sender, days: int) -> None:
    key, now = sender.packet(), sender.clock.now()
    sender.depot.outbox.postpone(key, Note(Trouble.BUSY), until=now + days * DAY, at=now, burns=False)
    assert sender.depot.outbox.next_due_at(now=now) == now
    sender.settle_down()
    assert sender.delivered(key)


@pytest.mark.parametrize("jump", [-4000 * DAY, 4000 * DAY])
def test_an_idle_engine_does_not_spin_after_a_jump(sender: Sender, jump: timedelta) -> None:
    sender.live(30)
    sender.clock.wall += jump
    sender.central.clock_ahead -= jump
    before = sender.requests()
    sender.live(100)
    assert sender.requests() - before <= 10


@pytest.mark.parametrize("ours", [-DAY, DAY, -400 * DAY])
def test_how_long_maintenance_lasts_is_read_by_the_clock_of_central(sender: Sender, ours: timedelta) -> None:
    """With our clock a day behind, half an hour of maintenance must not become a day of silence."""
    key = sender.packet()
    sender.central.clock_ahead = -ours
    until = sender.central.now() + timedelta(minutes=30)
    sender.central.queue(
        "manifests",
        None,
        faults.problem(
            Problem.MAINTENANCE, 503, until=until.isoformat(), retry_after=format_datetime(until, usegmt=True)
        ),
    )
    sender.settle_down()
    assert sender.link is LinkState.MAINTENANCE
    sender.until(lambda: sender.delivered(key), hours=1, nap_s=60)


@pytest.mark.parametrize("jump", [-3650 * DAY, 3650 * DAY])
@pytest.mark.parametrize("over_a_restart", [False, True], ids=["running", "restarted"])
def test_a_jump_of_ten_years_stalls_no_lane_and_makes_none_spin(
    sender: Sender, jump: timedelta, over_a_restart: bool
) -> None:
    broken = faults.problem(Problem.BUSY, 503, retry_after="120")
    sender.central.script(lambda asked: None if asked.route == "hello" else broken)
    key = sender.packet()
    sender.live(60)
    sender.clock.wall += jump
    sender.central.clock_ahead -= jump
    if over_a_restart:
        sender.restart()
    before = sender.requests()
    sender.live(60)
    assert sender.requests() - before <= 12
    sender.central.script(None)
    sender.until(lambda: sender.delivered(key), hours=1)
    asked = sender.requests()
    sender.live(1000)
    for state in sender.engine.lanes:
        assert state.condition in (Condition.IDLE, Condition.WORKING), state
        assert state.done_at is not None or state.name in (LaneName.BUNDLES, LaneName.HEARTBEAT), state
    assert sender.requests() - asked <= 70, "a question for news each twenty seconds, and little else"


def test_a_clock_put_right_while_a_target_list_comes_does_not_make_it_expire(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The offset that was learnt of the wrong clock, added to the right one, is years ahead."""
    for size in ("FIRST_CHUNK", "LARGEST_CHUNK", "SMALLEST_CHUNK"):
        monkeypatch.setattr(upload, size, 512)
    monkeypatch.setattr(bundles, "RESERVE_BYTES", 0)
    sender.clock.wall -= 3650 * DAY
    sender.central.clock_ahead += 3650 * DAY
    names = {number: f"CONTOH {sha256_of(bytes([number]))}" for number in range(1, 60)}
    people = [Target(f"990101610488{number:04d}", {"name": name}) for number, name in names.items()]
    sender.central.make_list("99.01.01", people)
    for _ in range(100):
        if len(sender.central.asked_for("bundle")) > 1:
            break
        sender.clock.pass_time(sender.engine.step())
    (wanted,) = sender.depot.memory.wanted_bundles
    inbox = Inbox(sender.depot.folder)
    assert inbox.size(wanted) > 0 and not inbox.arrived()

    sender.clock.wall += 3650 * DAY
    sender.central.clock_ahead -= 3650 * DAY
    sender.engine.step()
    assert sender.depot.memory.wanted_bundles == (wanted,)
    sender.until(lambda: bool(inbox.arrived()), hours=1, nap_s=20)
