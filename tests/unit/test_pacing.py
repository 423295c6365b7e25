"""What central asks of thousands of stations at once: held back, spread, drawn once, and kept over restarts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from station.domain.delivery import LinkState, Stage
from station.domain.lane import Condition, LaneName
from station.domain.record import RecordKey
from station.seal.body import recipient_of
from station.seal.hello import sign_hello
from station.sync.rounds import IDLE_S
from station.wire import Hello, Limits, Pacing, Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.sending import Sender, sending

HELD = (LaneName.MANIFESTS, LaneName.UPLOADS)
DAY = timedelta(days=1)


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def told_of(sender: Sender, key: RecordKey) -> bool:
    return sender.stage(key) is not Stage.QUEUED


def ask_for(sender: Sender, pacing: Pacing) -> None:
    """Every hello of central says so from now on."""
    central = sender.central

    def script(asked: object) -> Fault | None:
        if getattr(asked, "route", "") != "hello":
            return None
        hello = Hello(
            central_id=central.central_id, name="Fake", time=central.now(), protocol=(1,), limits=Limits(),
            signing_keys=(central.key.public,), sealing_recipients=(recipient_of(central.identity),), pacing=pacing,
        )  # fmt: skip
        return faults.answer(200, sign_hello(central.key, hello).encode(), Content_Type="application/jose")

    central.script(script)


def asked_packets(sender: Sender) -> int:
    return len([asked for asked in sender.central.asked if asked.route in ("manifests", "head", "patch")])


# ----------------------------------------------------------------------------------------------------------- outages


def test_an_outage_of_days_burns_no_attempt_and_is_probed_gently(sender: Sender) -> None:
    key = sender.packet()
    sender.settle_down()
    sender.packet(2)
    sender.central.stop()
    sender.live(6 * 3600)
    assert sender.link is LinkState.PORT
    assert sender.engine.link.tries > 70
    sender.central.start()
    rows = [sender.row(item) for item in sorted(sender.depot.outbox.keys(), key=str)]
    assert all(row.attempts == 0 for row in rows)
    sender.until(lambda: sender.delivered(*sender.depot.outbox.keys()), hours=1)
    assert len(sender.central.accepted) == 2
    assert key in sender.central.received


def come_back(sender: Sender, away_s: float = 1000) -> None:
    sender.network.cut()
    sender.live(away_s)
    sender.network.mend()
    sender.engine.network_changed()
    sender.engine.step()
    assert sender.link is LinkState.GOOD


def test_after_a_long_outage_traffic_returns_spread_over_what_central_asks_for(sender: Sender) -> None:
    waits = []
    assert Pacing() == Pacing(spread_s=900, manifest_spread_s=120), "what the fake asks for"
    for number in range(1, 5):
        key = sender.packet(number)
        come_back(sender)
        began = sender.clock.seconds
        sender.until(partial(told_of, sender, key), hours=1)
        manifest_s = sender.clock.seconds - began
        sender.deliver(key)
        waits.append(sender.clock.seconds - began)
        assert manifest_s <= 125 + IDLE_S
        assert waits[-1] <= 905 + 3 * IDLE_S + 20  # a look in vain for manifest, upload and heartbeat each
    assert max(waits) - min(waits) > 20, "they must not come back in step"


def test_a_short_outage_is_not_spread(sender: Sender) -> None:
    sender.settle_down()
    sender.network.cut()
    sender.live(600)
    sender.network.mend()
    key = sender.packet()
    sender.engine.network_changed()
    sender.settle_down()
    assert sender.delivered(key)


def test_a_restart_in_a_good_day_sends_at_once(sender: Sender) -> None:
    sender.live(1000)
    sender.restart()
    key = sender.packet()
    sender.settle_down()
    assert sender.delivered(key)


def next_at(sender: Sender, name: LaneName) -> datetime:
    state = sender.lane(name)
    assert (state.condition, state.next_at is not None) == (Condition.SPREAD, True), name
    assert state.next_at is not None
    return state.next_at


def drawn(sender: Sender) -> list[datetime]:
    """Come back until both waits are long enough to look at them."""
    for _ in range(50):
        come_back(sender)
        waits = [sender.lane(name).next_at for name in HELD]
        if all(at is not None and at - sender.clock.now() > timedelta(seconds=20) for at in waits):
            return [next_at(sender, name) for name in HELD]
        sender.clock.pass_time(1000)
    raise AssertionError("nothing is ever drawn")


def test_the_wait_drawn_after_an_outage_is_the_same_after_a_restart(sender: Sender) -> None:
    waits = drawn(sender)
    key = sender.packet()
    for _ in range(5):
        sender.restart()
        sender.settle_down()
        assert [next_at(sender, name) for name in HELD] == waits, "neither a luckier number nor none"
    sender.until(lambda: told_of(sender, key), hours=1)
    assert sender.clock.now() >= waits[0]


@pytest.mark.parametrize("jump", [-3650 * DAY, 3650 * DAY])
def test_a_drawn_wait_over_a_restart_with_another_clock_is_never_longer_than_drawn(
    sender: Sender, jump: timedelta
) -> None:
    drawn(sender)
    key = sender.packet()
    sender.clock.wall += jump
    sender.central.clock_ahead -= jump
    sender.restart()
    began = sender.clock.seconds
    sender.until(lambda: sender.delivered(key), hours=1)
    assert sender.clock.seconds - began <= 120 + 900 + 60


def left_s(sender: Sender) -> float:
    """How long the uploads still wait for their turn."""
    at = sender.lane(LaneName.UPLOADS).next_at
    return 0.0 if at is None else (at - sender.clock.now()).total_seconds()


def test_a_line_that_comes_and_goes_serves_its_wait_in_pieces(sender: Sender) -> None:
    """A line that is there for minutes each half hour would otherwise draw anew each time, and might never send."""
    while left_s(sender) < 500:
        sender.clock.pass_time(1000)
        come_back(sender)
    key = sender.packet()
    for _ in range(2):
        before = left_s(sender)
        sender.live(200)
        come_back(sender, 1600)
        assert abs(before - 200 - left_s(sender)) < 10
    sender.live(left_s(sender) + 20)
    assert sender.delivered(key)


def test_send_now_ends_the_gradual_return(sender: Sender) -> None:
    drawn(sender)
    key = sender.packet()
    sender.engine.send_now()
    sender.settle_down()
    assert sender.delivered(key)


def test_a_central_that_was_there_for_nobody_is_not_overrun_when_it_is_back(sender: Sender) -> None:
    sender.settle_down()
    waits = []
    for _ in range(3):
        sender.clock.pass_time(601)
        sender.central.queue("hello", faults.answer(503))
        sender.settle_down()
        sender.until(lambda: sender.engine.link.up, hours=1)
        waits.append(sender.lane(LaneName.UPLOADS).next_at is not None)
        sender.clock.pass_time(1000)
    assert all(waits), "a 503 spreads like an outage"


# ------------------------------------------------------------------------------------------------------- not before


def test_not_before_holds_packets_and_nothing_else_until_its_moment_and_a_spread(sender: Sender) -> None:
    moment = sender.clock.now() + timedelta(minutes=20)
    ask_for(sender, Pacing(not_before=moment, spread_s=600, manifest_spread_s=60))
    key = sender.packet()
    sender.live(300)
    assert asked_packets(sender) == 0
    assert [sender.lane(name).until for name in HELD] == [moment, moment]
    assert "heartbeats" in {asked.route for asked in sender.central.asked}
    assert sender.lane(LaneName.CHANGES).done_at is not None
    assert next_at(sender, LaneName.MANIFESTS) - moment <= timedelta(seconds=60)
    assert next_at(sender, LaneName.UPLOADS) - moment <= timedelta(seconds=600)
    sender.until(lambda: asked_packets(sender) > 0, hours=4)
    assert sender.clock.now() >= moment
    sender.until(lambda: sender.delivered(key), hours=1)


def test_not_before_is_drawn_once_and_holds_over_restarts_and_a_persons_wish(sender: Sender) -> None:
    moment = sender.clock.now() + timedelta(hours=3)
    ask_for(sender, Pacing(not_before=moment))
    sender.packet()
    sender.settle_down()
    waits = [next_at(sender, name) for name in HELD]
    for _ in range(4):
        sender.restart()
        sender.engine.send_now()
        sender.live(30)
        sender.clock.pass_time(600)
        sender.live(30)
        assert [next_at(sender, name) for name in HELD] == waits
    assert asked_packets(sender) == 0


def test_not_before_may_come_with_the_news_and_be_taken_back(sender: Sender) -> None:
    sender.settle_down()
    moment = sender.clock.now() + timedelta(hours=3)
    with_pacing = Fault(process=True, rewrite=lambda body: body | {"pacing": {"not_before": moment.isoformat()}})
    sender.central.queue("changes", with_pacing)
    sender.live(30)
    key = sender.packet()
    sender.live(60)
    assert asked_packets(sender) == 0
    assert sender.depot.memory.pacing.not_before == moment
    ask_for(sender, Pacing())
    sender.clock.pass_time(600)
    sender.settle_down()
    assert sender.delivered(key), "central has thought better of it"


@pytest.mark.parametrize("jump", [-3650 * DAY, 3650 * DAY])
def test_not_before_is_a_moment_of_central_whatever_our_clock_says(sender: Sender, jump: timedelta) -> None:
    sender.clock.wall += jump
    sender.central.clock_ahead -= jump
    moment = sender.central.now() + timedelta(minutes=10)
    ask_for(sender, Pacing(not_before=moment, spread_s=60, manifest_spread_s=60))
    key = sender.packet()
    sender.live(500)
    assert asked_packets(sender) == 0
    sender.clock.wall -= 2 * jump
    sender.central.clock_ahead += 2 * jump
    sender.until(lambda: sender.delivered(key), hours=0.2)


def test_a_not_before_of_years_is_a_clock_gone_wrong_and_not_believed(sender: Sender, said: list[str]) -> None:
    ask_for(sender, Pacing(not_before=sender.clock.now() + 3650 * DAY))
    key = sender.packet()
    sender.settle_down()
    assert sender.delivered(key)
    assert "not believed" in said[0]


# ------------------------------------------------------------------------------------- what central asks of one lane


def test_a_retry_after_and_a_dated_block_hold_over_a_restart(sender: Sender) -> None:
    until = sender.clock.now() + timedelta(minutes=20)
    sender.packet()
    sender.central.queue("manifests", faults.problem(Problem.STATION_BLOCKED, 403, until=until.isoformat()))
    sender.central.queue("changes", faults.problem(Problem.BUSY, 429, retry_after="1500"))
    sender.settle_down()
    asked = len(sender.central.asked_for("changes")), asked_packets(sender)
    for _ in range(3):
        sender.restart()
        sender.live(60)
        sender.clock.pass_time(200)
    assert (len(sender.central.asked_for("changes")), asked_packets(sender)) == asked
    assert (sender.lane(LaneName.MANIFESTS).condition, sender.link) == (Condition.HALTED, LinkState.BLOCKED)
    sender.until(lambda: asked_packets(sender) > asked[1], hours=2)
    assert until <= sender.clock.now() <= until + timedelta(seconds=130)


@pytest.mark.parametrize("jump", [-3650 * DAY, 3650 * DAY])
def test_a_retry_after_neither_stalls_nor_is_asked_in_a_loop_when_the_clock_jumps(
    sender: Sender, jump: timedelta
) -> None:
    key = sender.packet()
    sender.central.queue("manifests", faults.problem(Problem.BUSY, 429, retry_after="600"))
    sender.settle_down()
    sender.clock.wall += jump
    sender.central.clock_ahead -= jump
    sender.live(590)
    assert not sender.delivered(key), "waits are monotonic"
    sender.restart()
    sender.until(lambda: sender.delivered(key), hours=0.3)


def test_a_block_that_is_lifted_early_is_found_out_by_the_question_for_news(sender: Sender) -> None:
    key = sender.packet()
    until = sender.clock.now() + timedelta(hours=20)
    block = faults.problem(Problem.STATION_BLOCKED, 403, until=until.isoformat(), reason="audit")
    sender.central.script(lambda asked: None if asked.route == "hello" else block)
    for _ in range(4):
        sender.live(10)
        sender.clock.pass_time(900)
    assert len(sender.central.asked_for("manifests")) == 1
    assert sender.link is LinkState.BLOCKED
    sender.central.script(None)
    sender.until(lambda: sender.delivered(key), hours=0.3)
    assert sender.engine.link.up


def test_a_maintenance_window_pauses_sending_until_its_end_and_resumes_by_itself(sender: Sender) -> None:
    until = sender.clock.now() + timedelta(minutes=20)
    notice = faults.problem(Problem.MAINTENANCE, 503, until=until.isoformat(), message="Pemeliharaan")
    sender.central.script(lambda _asked: notice if sender.clock.now() < until else None)
    key = sender.packet()
    sender.live(600)
    assert (sender.link, sender.engine.link.until) == (LinkState.MAINTENANCE, until)
    assert sender.requests() == 1, "the hello alone"
    key = sender.packet(2)
    sender.until(lambda: sender.delivered(key), hours=1.5)
    assert sender.clock.now() >= until


@pytest.mark.parametrize("routes", [("manifests", "patch", "changes"), ("hello", "manifests", "patch", "changes")])
def test_maintenance_that_ends_before_its_time_is_noticed_within_minutes(
    sender: Sender, routes: tuple[str, ...]
) -> None:
    """Fourteen hours were announced; after five minutes central is back, and says it to nobody."""
    now = sender.clock.now()
    until, over = now + timedelta(hours=14), now + timedelta(minutes=5)
    closed = faults.problem(Problem.MAINTENANCE, 503, until=until.isoformat(), message="x")
    sender.central.script(
        lambda asked: closed if sender.clock.now() < over and (asked.route in routes or not asked.route) else None
    )
    key = sender.packet()
    sender.until(lambda: sender.delivered(key), hours=1)
    sender.assert_once(key)
