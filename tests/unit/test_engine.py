"""The engine: one due thing at a step; nothing it meets stops the others, and it never spins."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from station.domain.delivery import LinkState, Progress, Stage
from station.domain.errors import StoreError
from station.domain.outcome import Trouble
from station.domain.record import RecordKey
from station.sync import backoff, rounds
from station.sync import engine as engine_module
from station.sync.engine import Engine
from station.sync.manifests import ManifestLane
from station.sync.network import Network
from station.sync.news import NewsLane
from station.sync.rounds import IDLE_S
from station.sync.uploads import UploadLane
from station.wire import Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.fakes.central_socket import Asked
from tests.sending import STATION, Sender, sending

BLOCK = faults.problem(Problem.STATION_BLOCKED, 403, reason="audit")
PATIENCE_S = 30.0


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def only(*routes: str, fault: Fault) -> Callable[[Asked], Fault | None]:
    """Every request to these routes suffers."""
    return lambda asked: fault if asked.route in routes else None


def test_a_sealed_packet_arrives_and_then_there_is_nothing_to_do(sender: Sender) -> None:
    key = sender.packet()
    sender.deliver(key)
    sender.assert_once(key)
    sender.live(5)
    assert sender.link is LinkState.GOOD
    before = sender.requests()
    sender.live(15)
    assert sender.requests() <= before + 1, "a question for news now and then, nothing else"
    assert 0 < sender.settle_down() <= IDLE_S


def test_news_comes_soon_after_a_receipt(sender: Sender) -> None:
    key = sender.packet()
    sender.settle_down()
    sender.live(2)
    assert sender.row(key).central_code == "PRINT_READY_RECORD"


def test_nothing_is_sent_before_a_hello_has_verified(sender: Sender) -> None:
    sender.packet()
    sender.central.queue("hello", *[faults.portal()] * 3)
    sender.settle_down()
    assert {asked.route for asked in sender.central.asked} == {"hello"}
    assert sender.link is LinkState.PORTAL


def test_hello_is_said_again_every_ten_minutes(sender: Sender) -> None:
    sender.live(1500)
    assert len(sender.central.asked_for("hello")) == 3


def test_a_hello_that_is_refused_is_a_central_that_cannot_be_used(sender: Sender) -> None:
    sender.central.queue(
        "hello",
        faults.problem(Problem.CLIENT_TOO_OLD, 426),
        faults.problem(Problem.MALFORMED, 400),
        faults.problem(Problem.PACKET_REFUSED, 422),
    )
    reasons = []
    for _ in range(3):
        sender.clock.pass_time(sender.engine.step())
        reasons.append(sender.engine.link.reason)
        assert sender.link is LinkState.CENTRAL_DOWN
    assert reasons == [Trouble.TOO_OLD, Trouble.MALFORMED, Trouble.UNREADABLE]


def test_everything_is_told_to_whoever_watches(sender: Sender) -> None:
    changes: list[bool] = []
    progress: list[Progress] = []
    key = sender.packet()
    engine = Engine(
        sender.depot, sender.settings, clock=sender.clock, network=sender.network,
        changed=lambda: changes.append(True), progress=progress.append,
    )  # fmt: skip
    while engine.step() == 0:
        pass
    engine.stop()
    assert changes
    assert key in {item.key for item in progress}


# ------------------------------------------------------------------------------------------------- a person's wishes


def test_a_pause_stops_everything_and_survives_a_restart(sender: Sender) -> None:
    key = sender.packet()
    sender.depot.memory.paused = True
    sender.live(3600)
    sender.restart()
    sender.live(3600)
    assert sender.requests() == 0
    sender.depot.memory.paused = False
    sender.deliver(key)
    sender.assert_once(key)


def test_send_now_ends_the_pause_the_rests_the_waits_and_probes_at_once(sender: Sender) -> None:
    key = sender.packet()
    sender.central.script(only("manifests", fault=faults.answer(500)))
    sender.until(lambda: sender.row(key).attempts >= 3)
    sender.central.script(None)
    sender.depot.memory.paused = True
    sender.engine.send_now()
    sender.settle_down()
    assert sender.delivered(key)
    assert sender.row(key).attempts == 3, "attempts stay burnt"


@pytest.mark.parametrize("floor_s", [60, 86400])
def test_send_now_asks_also_a_central_that_wanted_no_hello_and_it_decides(sender: Sender, floor_s: int) -> None:
    key = sender.packet()
    busy = faults.problem(Problem.BUSY, 503, retry_after=str(floor_s))
    sender.central.queue("hello", busy, busy)
    sender.settle_down()
    sender.engine.send_now()
    sender.settle_down()
    assert (len(sender.central.asked_for("hello")), sender.requests(), sender.link) == (2, 2, LinkState.BUSY)
    sender.engine.send_now()
    sender.settle_down()
    assert sender.delivered(key)


@pytest.mark.parametrize("route", ["manifests", "patch"])
def test_send_now_says_hello_and_does_not_shorten_the_wait_central_asked_for(sender: Sender, route: str) -> None:
    key = sender.packet()
    sender.central.queue(route, faults.problem(Problem.BUSY, 503, retry_after="3600"))
    sender.settle_down()
    hellos, asked = len(sender.central.asked_for("hello")), len(sender.central.asked_for(route))
    for _ in range(50):
        sender.engine.send_now()
        sender.live(30, nap_s=30)
    assert len(sender.central.asked_for("hello")) == hellos + 50
    assert len(sender.central.asked_for(route)) == asked
    sender.until(lambda: sender.delivered(key), hours=2, nap_s=60)


def test_send_now_ends_the_gradual_return_after_an_outage(sender: Sender) -> None:
    key = sender.packet()
    sender.network.cut()
    sender.live(2 * 3600)
    sender.network.mend()
    sender.engine.send_now()
    sender.engine.step()
    sender.engine.send_now()
    sender.settle_down()
    assert sender.delivered(key)


def test_a_change_of_network_is_a_reason_to_look(sender: Sender) -> None:
    sender.network.cut()
    sender.live(3600)
    sender.network.mend()
    sender.engine.network_changed()
    sender.engine.step()
    assert sender.link is LinkState.GOOD


# --------------------------------------------------------------------------------------------- central that says no


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_a_floor_for_the_lane_and_burns_nobody(sender: Sender, status: int) -> None:
    key = sender.packet()
    sender.central.queue("manifests", faults.problem(Problem.BUSY, status, retry_after="300"))
    sender.live(299)
    assert len(sender.central.asked_for("manifests")) == 1
    sender.live(130)  # a quarter of it on top; of a 503 as much as the spread of manifests
    assert sender.delivered(key)
    assert sender.row(key).attempts == 0


def test_a_central_that_is_busy_without_saying_how_long_is_asked_less_and_less(sender: Sender) -> None:
    sender.packet()
    sender.central.script(only("manifests", fault=faults.problem(Problem.BUSY, 503)))
    sender.live(1800)
    assert 6 <= len(sender.central.asked_for("manifests")) < 60
    sender.central.script(None)
    sender.deliver(*sender.depot.outbox.keys())


def test_a_busy_feed_neither_spins_nor_stops_the_packets(sender: Sender) -> None:
    sender.central.script(only("changes", fault=faults.problem(Problem.BUSY, 503, retry_after="3600")))
    sender.settle_down()
    steps = 0
    end = sender.clock.seconds + 600
    while sender.clock.seconds < end:
        sender.clock.pass_time(sender.engine.step())
        steps += 1
    assert steps < 300
    assert len(sender.central.asked_for("changes")) == 1
    key = sender.packet()
    sender.settle_down()
    assert sender.delivered(key)


def test_maintenance_is_shown_with_its_end_and_its_words(sender: Sender) -> None:
    key = sender.packet()
    until = sender.clock.now() + timedelta(hours=2)
    notice = faults.problem(Problem.MAINTENANCE, 503, until=until.isoformat(), message="Pemeliharaan")
    sender.central.queue("manifests", notice)
    sender.settle_down()
    assert (sender.link, sender.engine.link.message) == (LinkState.MAINTENANCE, "Pemeliharaan")
    assert sender.engine.link.until == until
    sender.live(2 * 3600 - 60, nap_s=60)
    assert len(sender.central.asked_for("manifests")) == 1
    sender.deliver(key)
    assert sender.row(key).attempts == 0


def test_a_blocked_station_rests_says_so_all_the_time_and_recovers_by_itself(sender: Sender) -> None:
    key = sender.packet()
    sender.central.script(only("manifests", "head", "patch", "changes", fault=BLOCK))
    sender.settle_down()
    for _ in range(30):
        assert (sender.link, sender.engine.link.message) == (LinkState.BLOCKED, "audit")
        sender.live(60, nap_s=20)
    assert len(sender.central.asked_for("manifests")) <= 2 + 1800 / backoff.HALT_S
    assert (sender.row(key).attempts, sender.stage(key)) == (0, Stage.QUEUED)
    sender.central.script(None)
    sender.until(lambda: sender.delivered(key), hours=0.3)
    assert sender.link is LinkState.GOOD


def test_a_block_of_one_lane_leaves_the_others_their_work(sender: Sender) -> None:
    wanted = sender.packet(1)
    sender.until(lambda: sender.stage(wanted) is Stage.SENDING or sender.delivered(wanted))
    sender.central.script(only("manifests", fault=BLOCK))
    halted = sender.packet(2)
    sender.central.tell(STATION, "record.status", record_id=wanted.record_id, revision=1, code="NEW")
    sender.live(30)
    assert sender.delivered(wanted)
    assert sender.row(wanted).central_code == "NEW"
    assert sender.stage(halted) is Stage.QUEUED
    assert sender.link is LinkState.BLOCKED


def test_a_person_may_ask_a_blocking_central_again_at_once(sender: Sender) -> None:
    key = sender.packet()
    sender.central.queue("manifests", BLOCK)
    sender.settle_down()
    sender.engine.send_now()
    sender.settle_down()
    assert sender.delivered(key)
    assert sender.link is LinkState.GOOD


def test_a_block_in_the_middle_of_an_upload_parks_nothing(sender: Sender) -> None:
    key = sender.packet()
    sender.central.queue("patch", BLOCK)
    sender.settle_down()
    assert sender.stage(key) is Stage.SENDING
    assert sender.link is LinkState.BLOCKED
    sender.deliver(key)
    sender.assert_once(key)


def test_what_is_learnt_of_the_clock_survives_a_restart(sender: Sender) -> None:
    sender.central.clock_ahead = timedelta(days=1)
    sender.settle_down()
    assert sender.depot.memory.clock_offset_s == 86400
    sender.restart()
    before = len(sender.central.asked)
    key = sender.packet()
    sender.settle_down()
    assert sender.delivered(key)
    later = [asked for asked in sender.central.asked[before:] if asked.route == "manifests"]
    assert len(later) == 1, "the first signed request was right"


# -------------------------------------------------------------------------------------------- bugs and broken disks


class Bug(Exception):
    pass


def failing(problem: Exception) -> Callable[..., NoReturn]:
    def step(*_: object) -> NoReturn:
        raise problem

    return step


def run_thread(engine: Engine, until: threading.Event) -> None:
    engine.start()
    assert until.wait(PATIENCE_S)
    engine.stop()


def test_a_bug_in_one_packet_parks_it_and_stops_no_other(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    poison, good = sender.packet(1), sender.packet(2)
    true_advance = UploadLane._advance

    def advance(lane: UploadLane, item: object) -> object:
        if getattr(item, "key", None) == poison:
            raise Bug("9901016104880001 must not be shown")
        return true_advance(lane, item)  # type: ignore[arg-type]

    monkeypatch.setattr(UploadLane, "_advance", advance)
    sender.engine.run_until_idle(patience_s=1)
    assert (sender.stage(poison), sender.trouble(poison)) == (Stage.PARKED, Trouble.OUR_BUG)
    sender.clock.pass_time(20)
    sender.engine.run_until_idle(patience_s=1)
    assert sender.delivered(good)
    assert said


def test_a_bug_that_belongs_to_no_packet_parks_none(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    key = sender.packet()
    sender.deliver(key)
    monkeypatch.setattr(NewsLane, "step", failing(Bug()))
    sender.clock.pass_time(30)
    sender.engine.run_until_idle(patience_s=0.5)
    assert sender.delivered(key), "what was sent long ago must not be blamed"
    assert said


def test_a_redirect_of_a_portal_to_what_is_no_address_leaves_no_good_link(sender: Sender) -> None:
    sender.engine.run_until_idle(patience_s=1)
    sender.central.queue("hello", faults.redirect("http://xn--/"))
    sender.clock.pass_time(700)
    sender.engine.step()
    assert sender.link is LinkState.PORTAL


@pytest.mark.parametrize("problem", [Bug(), StoreError("disk.full")])
def test_whatever_breaks_the_hello_makes_the_link_fail_and_is_asked_again(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, said: list[str], problem: Exception
) -> None:
    sender.engine.run_until_idle(patience_s=1)
    assert sender.engine.link.up
    with monkeypatch.context() as broken:
        broken.setattr(rounds, "say_hello", failing(problem))
        sender.clock.pass_time(700)
        sender.engine.step()
    assert not sender.engine.link.up
    assert said
    sender.clock.pass_time(300)
    sender.engine.run_until_idle(patience_s=1)
    assert sender.engine.link.up


def test_a_bug_with_a_whole_batch_at_hand_parks_none(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    keys = [sender.packet(1), sender.packet(2)]
    monkeypatch.setattr(ManifestLane, "_settle", failing(Bug()))
    sender.engine.run_until_idle(patience_s=1)
    assert [sender.stage(key) for key in keys] == [Stage.QUEUED, Stage.QUEUED]
    assert said


def test_a_store_in_trouble_is_tried_again_and_blames_nobody(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    key = sender.packet()
    with monkeypatch.context() as patch:
        patch.setattr(UploadLane, "step", failing(StoreError("store.disk_full")))
        sender.engine.run_until_idle(patience_s=1)
        assert said == ["ERROR station.sync.keeper: the store is in trouble in the lane of uploads: store.disk_full"]
    assert sender.stage(key) is Stage.SENDING
    sender.clock.pass_time(20)
    sender.engine.run_until_idle(patience_s=0.5)
    assert sender.delivered(key)


# --------------------------------------------------------------------------------------------------- on its thread


def engine_of(sender: Sender, happened: threading.Event, network: Network | None = None) -> Engine:
    def changed() -> None:
        if sender.delivered(*sender.depot.outbox.keys()):
            happened.set()

    return Engine(sender.depot, sender.settings, network=network, changed=changed)


def test_on_its_own_thread_it_delivers_and_stops(sender: Sender) -> None:
    sender.central.clock_ahead = timedelta(0)
    key, done = sender.packet(), threading.Event()
    engine = engine_of(sender, done)
    run_thread(engine, done)
    sender.assert_once(key)
    assert engine.link.state is LinkState.GOOD


def test_a_packet_sealed_while_it_waits_goes_at_once_when_it_is_woken(sender: Sender) -> None:
    idle, done = threading.Event(), threading.Event()

    class Watched(Engine):
        def step(self) -> float:
            wait_s = super().step()
            if wait_s > 0:
                idle.set()
            return 600.0 if wait_s > 0 else 0.0

    def changed() -> None:
        if key is not None and sender.delivered(key):
            done.set()

    key: RecordKey | None = None
    engine = Watched(sender.depot, sender.settings, changed=changed)
    engine.start()
    assert idle.wait(PATIENCE_S)
    key = sender.packet()
    engine.wake()
    assert done.wait(PATIENCE_S)
    engine.stop()
    sender.assert_once(key)


def test_stopping_does_not_wait_for_a_central_that_does_not_answer(sender: Sender) -> None:
    asked, never = threading.Event(), threading.Event()

    def script(_: Asked) -> Fault:
        asked.set()
        return faults.slow(never)

    sender.central.script(script)
    engine = Engine(sender.depot, sender.settings)
    engine.start()
    assert asked.wait(PATIENCE_S)
    engine.stop()
    assert "sync" not in {thread.name for thread in threading.enumerate()}
    assert sender.depot.memory.link is None, "and that we hung up says nothing about the link"


def test_an_engine_that_hangs_is_not_waited_for_longer_than_seconds(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    entered, free = threading.Event(), threading.Event()

    def hang() -> float:
        entered.set()
        free.wait(PATIENCE_S)
        return 0.0

    monkeypatch.setattr(engine_module, "STOP_S", 0.1)
    engine = Engine(sender.depot, sender.settings)
    monkeypatch.setattr(engine, "step", hang)
    engine.start()
    assert entered.wait(PATIENCE_S)
    engine.stop()
    assert said == ["ERROR station.sync.engine: the sync engine did not stop within 0.1 s"]
    free.set()
    engine.stop()


def test_an_engine_that_was_told_to_stop_does_nothing_more(sender: Sender) -> None:
    sender.packet()
    engine = Engine(sender.depot, sender.settings, clock=sender.clock)
    engine.ask_to_stop()
    engine.run()
    engine.run_until_idle(patience_s=60)
    engine.stop()
    assert sender.requests() == 0


def test_until_idle_waits_through_short_waits_only(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(sender.depot, sender.settings, clock=sender.clock)
    waits = iter([0.0, 0.01, 0.0, 5.0])
    steps: list[float] = []

    def step() -> float:
        steps.append(next(waits))
        return steps[-1]

    monkeypatch.setattr(engine, "step", step)
    engine.wake()
    engine.run_until_idle(patience_s=1)
    engine.stop()
    assert steps == [0.0, 0.01, 0.0, 5.0]
