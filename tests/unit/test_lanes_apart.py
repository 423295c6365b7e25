"""Each lane breaks alone: whatever happens to one, the other five move, the link stays good, and nothing spins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from station.domain.delivery import LinkState, Stage
from station.domain.errors import StoreError
from station.domain.lane import Condition, LaneName
from station.domain.outcome import Trouble
from station.domain.record import RecordKey
from station.domain.target import Target
from station.sync import bundles as bundle_module
from station.sync.bundles import BundleLane
from station.sync.client import CentralClient
from station.sync.heartbeats import HeartbeatLane
from station.sync.manifests import ManifestLane
from station.sync.news import NewsLane
from station.sync.reconcile import ReconcileLane
from station.sync.uploads import UploadLane
from station.wire import BundleNotice, Problem
from tests.fakes import central_faults as faults
from tests.sending import Sender, sending

AREA = "99.01.01"
ROUTES = {
    LaneName.MANIFESTS: ("manifests",),
    LaneName.UPLOADS: ("head", "patch", "receipts"),
    LaneName.CHANGES: ("changes",),
    LaneName.BUNDLES: ("signature", "bundle"),
    LaneName.RECONCILE: ("reconcile", "reconcile_ids"),
    LaneName.HEARTBEAT: ("heartbeats",),
}
PATHS = {
    LaneName.MANIFESTS: "/v1/manifests",
    LaneName.UPLOADS: "/v1/uploads",
    LaneName.CHANGES: "/v1/changes",
    LaneName.BUNDLES: "/v1/bundles",
    LaneName.RECONCILE: "/v1/reconcile",
    LaneName.HEARTBEAT: "/v1/heartbeats",
}
LANES: dict[LaneName, type] = {
    LaneName.MANIFESTS: ManifestLane,
    LaneName.UPLOADS: UploadLane,
    LaneName.CHANGES: NewsLane,
    LaneName.BUNDLES: BundleLane,
    LaneName.RECONCILE: ReconcileLane,
    LaneName.HEARTBEAT: HeartbeatLane,
}
CENTRAL_IS_THERE = (LinkState.GOOD, LinkState.BLOCKED, LinkState.BUSY, LinkState.MAINTENANCE)
"""What may be shown while a lane rests: never that central is away."""


@dataclass(frozen=True)
class Bench:
    """One station for all troubles of one lane; each round has a packet to announce, one to send, a list to fetch."""

    sender: Sender
    patch: pytest.MonkeyPatch
    serial: count[int]

    def get_ready(self) -> tuple[RecordKey, RecordKey]:
        """Work for every lane; the packets to be sent and to be announced."""
        sender = self.sender
        sender.central.script(None)
        wanted = sender.packet(next(self.serial))
        while sender.stage(wanted) is Stage.QUEUED:
            sender.clock.pass_time(sender.engine.step())
        announced = sender.packet(next(self.serial))
        version = sender.central.lists.make(AREA, [Target("9901016104880001", {"name": "CONTOH"})])
        sender.depot.memory.want_bundle(BundleNotice(name=f"roster:{AREA}", version=version))
        sender.clock.pass_time(301)  # a sign of life is due again
        return wanted, announced

    def broken(self, lane: LaneName, how: str) -> AbstractContextManager[object]:
        if how in FAULTS:
            fault = FAULTS[how]
            self.sender.central.script(lambda asked: fault if asked.route in ROUTES[lane] else None)
            return nullcontext()
        return OWN[how](self.patch, lane)


def failing(failure: httpx.HTTPError) -> Callable[[pytest.MonkeyPatch, LaneName], AbstractContextManager[None]]:
    """Every request of the lane ends so, without the seconds that the real thing takes."""

    @contextmanager
    def broken(patch: pytest.MonkeyPatch, lane: LaneName) -> Iterator[None]:
        with patch.context() as inner:
            for name in ("get", "head", "post_json", "begin_patch", "read"):
                inner.setattr(CentralClient, name, _failing(getattr(CentralClient, name), PATHS[lane], failure))
            yield

    return broken


def _failing(true: Callable[..., Any], path: str, failure: httpx.HTTPError) -> Callable[..., Any]:
    def ask(client: CentralClient, where: str, *arguments: Any, **named: Any) -> Any:
        if where.startswith(path):
            raise failure
        return true(client, where, *arguments, **named)

    return ask


def raising(problem: Exception) -> Callable[[pytest.MonkeyPatch, LaneName], AbstractContextManager[None]]:
    @contextmanager
    def broken(patch: pytest.MonkeyPatch, lane: LaneName) -> Iterator[None]:
        def step(_: object) -> None:
            raise problem

        with patch.context() as inner:
            inner.setattr(LANES[lane], "step", step)
            yield

    return broken


FAULTS = {
    "500": faults.answer(500),
    "a portal": faults.portal(),
    "half an answer": faults.answer(200, b'{"items": [{"rec'),
    "blocked": faults.problem(Problem.STATION_BLOCKED, 403, reason="audit"),
    "busy": faults.problem(Problem.BUSY, 503),
}
OWN = {
    "a timeout": failing(httpx.ReadTimeout("nothing came")),
    "a broken line": failing(httpx.RemoteProtocolError("gone")),
    "a bug": raising(RuntimeError("a bug")),
    "a full disk": raising(StoreError("store.disk_full")),
}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(bundle_module, "RESERVE_BYTES", 0)
    with sending(tmp_path) as sender:
        yield Bench(sender, monkeypatch, count(1))


def assert_the_others_move(bench: Bench, lane: LaneName, how: str) -> None:
    sender = bench.sender
    wanted, announced = bench.get_ready()
    began, asked = sender.clock.now(), len(sender.central.asked)
    sender.engine.send_now()
    with bench.broken(lane, how):
        sender.live(20)
        of_the_broken = [item for item in sender.central.asked[asked:] if item.route in ROUTES[lane]]
        assert len(of_the_broken) <= 20, f"{how}: {lane} is asked again and again"
        assert len(sender.central.asked[asked:]) <= 60, f"{how}: a hot loop"
        for other in LaneName:
            done_at = sender.lane(other).done_at
            assert other is lane or (done_at is not None and done_at >= began), f"{how} of {lane} stops {other}"
        assert sender.link in CENTRAL_IS_THERE, how
        if lane is not LaneName.UPLOADS:
            assert sender.delivered(wanted), how
        if lane is not LaneName.MANIFESTS:
            assert sender.stage(announced) is not Stage.QUEUED, how
    sender.central.script(None)
    for key in (wanted, announced):
        if sender.stage(key) is Stage.PARKED:  # a bug of ours that met one packet: it is kept, and shown
            assert (how, sender.trouble(key)) == ("a bug", Trouble.OUR_BUG)
            sender.depot.outbox.retry(key)
    sender.engine.send_now()
    sender.until(lambda: sender.delivered(wanted, announced), hours=1, nap_s=20)


@pytest.mark.parametrize("lane", LaneName)
def test_whatever_breaks_one_lane_the_other_five_move_and_it_recovers(
    bench: Bench, lane: LaneName, said: list[str]
) -> None:
    for how in (*FAULTS, *OWN):
        assert_the_others_move(bench, lane, how)
        bench.sender.engine.send_now()
        bench.sender.until(
            lambda: bench.sender.lane(lane).condition not in (Condition.RESTING, Condition.HALTED), nap_s=20
        )
    bench.sender.assert_once(*bench.sender.depot.outbox.keys())
    assert any("a bug in the lane" in line for line in said)


def test_a_lane_that_loses_its_way_asks_at_once_whether_central_is_there_and_neither_spins(bench: Bench) -> None:
    sender = bench.sender
    sender.settle_down()
    sender.packet()
    sender.central.script(lambda asked: faults.portal() if asked.route == "manifests" else None)
    sender.clock.pass_time(10)
    before = len(sender.central.asked)
    sender.settle_down()
    assert [asked.route for asked in sender.central.asked[before:]][-1] == "hello"
    sender.live(1800)
    hellos = len(sender.central.asked_for("hello"))
    assert 8 <= hellos <= 70, "one for each rest of the lane, and each rest is longer"
    assert sender.lane(LaneName.MANIFESTS).tries >= 7
    assert sender.link is LinkState.GOOD
    assert [state for _, state in sender.depot.memory.link_history(10)] == [LinkState.GOOD]


def left_s(sender: Sender, name: LaneName) -> float:
    """How long this lane still rests."""
    at = sender.lane(name).next_at
    return 0.0 if at is None else (at - sender.clock.now()).total_seconds()


def test_only_a_hello_that_fails_makes_the_link_bad_and_its_return_ends_the_rests(bench: Bench) -> None:
    sender = bench.sender
    key = sender.packet()
    sender.central.script(lambda asked: faults.portal() if asked.route == "manifests" else None)
    while left_s(sender, LaneName.MANIFESTS) < 60:
        sender.clock.pass_time(sender.settle_down())
    assert sender.engine.link.up
    sender.central.script(None)
    sender.network.cut()
    sender.settle_down()
    assert sender.link is LinkState.OFFLINE
    sender.network.mend()
    sender.settle_down()
    assert sender.delivered(key)
    assert all(sender.lane(name).condition is not Condition.RESTING for name in LaneName)


def test_a_slow_loris_costs_one_request_per_rest(bench: Bench) -> None:
    """Each request of the broken lane costs its time-out: how many there are in half an hour is what matters."""
    sender = bench.sender
    sender.settle_down()
    with OWN["a timeout"](bench.patch, LaneName.CHANGES):
        tries = [sender.lane(LaneName.CHANGES).tries]
        sender.live(1800, nap_s=20)
        tries.append(sender.lane(LaneName.CHANGES).tries)
    assert 6 <= tries[1] <= 60
    assert len(sender.central.asked_for("hello")) <= tries[1] + 8


def test_while_packets_go_up_without_a_pause_the_small_talk_still_has_its_turns(bench: Bench) -> None:
    sender = bench.sender
    true_step = UploadLane.step

    def slow(lane: UploadLane) -> object:
        sender.clock.pass_time(25)
        return true_step(lane)

    bench.patch.setattr(UploadLane, "step", slow)
    keys = [sender.packet(number) for number in range(1, 21)]
    before: list[str] = []
    while not sender.delivered(*keys):
        sender.clock.pass_time(sender.engine.step())
        before = [asked.route for asked in sender.central.asked]
    assert before.count("patch") >= 20
    assert before.count("changes") >= 4
    assert "heartbeats" in before
    assert "reconcile" not in before, "what is just on its way is not compared"


def test_a_disk_that_cannot_be_written_stops_neither_the_hello_nor_the_story_of_the_lanes(
    bench: Bench, said: list[str]
) -> None:
    sender = bench.sender

    def full(*_: object) -> None:
        raise StoreError("store.disk_full")

    with bench.patch.context() as inner:
        inner.setattr(type(sender.depot.lane_book), "put", full)
        inner.setattr(type(sender.depot.memory), "set_link", full)
        key = sender.packet()
        sender.settle_down()
        assert sender.link is LinkState.GOOD
        assert sender.delivered(key)
    assert any("was not written down" in line for line in said)
