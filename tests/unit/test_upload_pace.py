"""How uploads use the line: two packets where answers take long, the cap, the hours, lines that cost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from station.domain.delivery import Progress, Stage
from station.domain.outcome import Later, Note, Trouble
from station.domain.record import RecordKey
from station.domain.speed import Metered, SpeedRules, Window
from station.sync.client import CentralClient
from station.sync.lanes import Closed, Did, Shared
from station.sync.manifests import ManifestLane
from station.sync.pipe import Pipe
from station.sync.uploads import TELL_EVERY_S, UploadLane
from station.wire import Pacing, Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.faults.cut_relay import CutRelay
from tests.sending import Sender, sending


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


@pytest.fixture
def shared(sender: Sender) -> Iterator[Shared]:
    shared = sender.shared()
    yield shared
    shared.client.close()


@pytest.fixture
def lane(shared: Shared) -> UploadLane:
    return UploadLane(shared)


def wanted(sender: Sender, shared: Shared, serial: int = 1, filler: int = 2500) -> RecordKey:
    key = sender.packet(serial, filler=filler)
    ManifestLane(shared).step()
    return key


def run(lane: UploadLane, most: int = 60) -> None:
    for _ in range(most):
        if not isinstance(lane.step(), Did):
            return
    raise AssertionError("the lane never ends")


def sent(sender: Sender) -> int:
    return sum(len(asked.body) for asked in sender.central.asked_for("patch"))


def test_progress_moves_within_a_chunk_and_is_told_five_times_a_second_at_most(sender: Sender, shared: Shared) -> None:
    told_at: list[float] = []
    offsets: list[int] = []

    def told(progress: Progress) -> None:
        told_at.append(sender.clock.seconds)
        offsets.append(progress.offset)

    shared.on_progress = told
    shared.depot.memory.speed = SpeedRules(kbps=64)
    lane = UploadLane(shared, pause=sender.clock.pass_time)
    key = wanted(sender, shared, filler=40_000)
    run(lane)
    assert len(sender.central.asked_for("patch")) == 1, "all of it is one chunk"
    assert len(offsets) > 5
    assert offsets == sorted(offsets)
    assert all(later - earlier >= TELL_EVERY_S for earlier, later in pairwise(told_at))
    assert sender.delivered(key)


# ------------------------------------------------------------------------------------------ one at a time, or both


def far(shared: Shared) -> None:
    """A line on which answers take long, and which is known to be fast enough."""
    shared.client.rtt_s = 0.6
    shared.rate_bps = 1e6


def test_where_answers_take_long_the_next_packet_is_on_the_line_before_this_one_is_answered(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    keys = [sender.packet(serial, filler=3000) for serial in (1, 2, 3)]
    ManifestLane(shared).step()
    answer = threading.Event()
    sender.central.queue("patch", faults.slow(answer))
    shared.client.close()
    with CutRelay(sender.central.port) as relay:
        shared.client = CentralClient(
            f"http://127.0.0.1:{relay.port}", settings=sender.settings.central, clock=sender.clock
        )
        shared.client.identify(sender.key, sender.enrolment.central_id)
        lane = UploadLane(shared)
        far(shared)
        stepping = threading.Thread(target=lane.step)
        stepping.start()
        for _ in range(2000):
            if len(relay.requests("PATCH")) == 2 or not stepping.is_alive():
                break
            stepping.join(0.005)
        both = len(relay.requests("PATCH"))
        answer.set()
        stepping.join(20)
        run(lane)
        shared.client.close()
    assert both == 2
    assert [asked.path for asked in sender.central.asked_for("head")] == []
    sender.assert_once(*keys)
    assert sent(sender) == sum(sender.row(key).size for key in keys)


@pytest.mark.parametrize(("rtt_s", "rate_bps"), [(0.01, 1e6), (0.6, 100.0), (0.6, 0.0)])
def test_where_it_gains_nothing_one_packet_goes_at_a_time(
    sender: Sender, shared: Shared, lane: UploadLane, rtt_s: float, rate_bps: float
) -> None:
    keys = [sender.packet(serial, filler=3000) for serial in (1, 2)]
    ManifestLane(shared).step()
    shared.client.rtt_s, shared.rate_bps = rtt_s, rate_bps
    assert isinstance(lane.step(), Did)
    assert len(sender.central.asked_for("patch")) == 1
    run(lane)
    sender.assert_once(*keys)


@pytest.mark.parametrize(
    "fault",
    [
        faults.lost_answer(),
        faults.lost_request(),
        faults.cut_upload(100),
        faults.problem(Problem.BUSY, 503, retry_after="3"),
        faults.answer(500),
        Fault(process=True, headers={"Connection": "close"}),
        faults.problem(Problem.UPLOAD_GONE, 404),
    ],
    ids=["lost answer", "lost request", "cut", "busy", "500", "closes", "gone"],
)
@pytest.mark.parametrize("whose", [0, 1, 2])
def test_whatever_happens_to_one_of_two_on_the_line_both_arrive_once(
    sender: Sender, shared: Shared, lane: UploadLane, fault: Fault, whose: int
) -> None:
    keys = [sender.packet(serial, filler=3000) for serial in (1, 2, 3)]
    manifests = ManifestLane(shared)
    manifests.step()
    sender.central.queue("patch", *[None] * whose, fault)
    for _ in range(60):
        far(shared)
        shared.client.rtt_s = 0.6
        manifests.step()
        lane.step()
        sender.clock.pass_time(30)
        if sender.delivered(*keys):
            break
    sender.assert_once(*keys)
    assert sender.row(keys[(whose + 1) % 3]).attempts == 0, "the other is not to blame"


def test_nothing_more_is_put_on_a_line_that_broke_under_another_packet(
    sender: Sender, shared: Shared, lane: UploadLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could only get lost, and central would have to be asked what became of it."""
    keys = [sender.packet(serial, filler=3000) for serial in (1, 2)]
    ManifestLane(shared).step()
    far(shared)
    with monkeypatch.context() as broken:
        broken.setattr(Pipe, "broke", True)
        assert isinstance(lane.step(), Did)
    assert len(sender.central.asked_for("patch")) == 1
    run(lane)
    assert sender.central.asked_for("head") == []
    sender.assert_once(*keys)


def test_a_chunk_that_broke_off_makes_no_smaller_ones_when_central_kept_what_came_of_it(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    key = wanted(sender, shared, filler=90_000)
    lane._networks.arrived("127.0.0.1")
    before = lane._networks.chunk.bytes
    sender.central.queue("patch", faults.cut_upload(20_000))
    assert isinstance(lane.step(), Later)
    assert lane._networks.chunk.bytes < before
    assert isinstance(lane.step(), Did), "central is asked"
    assert lane._networks.chunk.bytes == before
    run(lane)
    assert sent(sender) == sender.row(key).size


def test_of_a_chunk_that_broke_off_before_anything_came_the_next_is_smaller(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    wanted(sender, shared, filler=90_000)
    lane._networks.arrived("127.0.0.1")
    before = lane._networks.chunk.bytes
    sender.central.queue("patch", faults.lost_request())
    assert isinstance(lane.step(), Later)
    assert isinstance(lane.step(), Did), "central is asked"
    assert lane._networks.chunk.bytes < before


def test_a_packet_ahead_that_a_person_took_out_of_the_queue_is_not_waited_for(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    keys = [sender.packet(serial, filler=3000) for serial in (1, 2, 3)]
    ManifestLane(shared).step()
    far(shared)
    assert isinstance(lane.step(), Did)
    ahead = next(key for key in keys if sender.row(key).offset == 0 and key != keys[2])
    sender.depot.outbox.park(ahead, Note(Trouble.OUR_BUG), at=sender.clock.now())
    run(lane)
    assert sender.delivered(*(key for key in keys if key != ahead))
    assert sender.stage(ahead) is Stage.PARKED


# ---------------------------------------------------------------------------------------------------- hours and costs


def test_outside_of_the_hours_no_record_goes_and_it_says_when(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    key = wanted(sender, shared)
    local = sender.clock.now().astimezone().replace(second=0)
    until = local + timedelta(hours=2)
    shared.depot.memory.speed = SpeedRules(windows=(Window(local.time(), until.time(), 0),))
    found = lane.step()
    assert isinstance(found, Closed)
    assert (found.why, found.until) == (Trouble.HOURS, until.astimezone(UTC))
    assert sender.central.asked_for("patch") == []
    sender.clock.pass_time(2 * 3600)
    run(lane)
    assert sender.delivered(key)


def test_an_upload_that_is_whole_is_asked_about_at_any_hour(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    sender.central.verifying = True
    key = wanted(sender, shared)
    run(lane)
    shared.depot.memory.speed = SpeedRules(kbps=0)
    sender.central.verify_waiting()
    sender.clock.pass_time(2)
    run(lane)
    assert sender.delivered(key)


@pytest.mark.parametrize(
    ("metered", "system", "allowed", "goes"),
    [
        (Metered.SYSTEM, True, False, False),
        (Metered.SYSTEM, True, True, True),
        (Metered.SYSTEM, False, False, True),
        (Metered.SYSTEM, None, False, True),
        (Metered.YES, False, False, False),
        (Metered.YES, False, True, True),
        (Metered.NO, True, False, True),
    ],
)
def test_over_a_line_that_costs_records_go_only_when_a_person_allows_it(
    sender: Sender, shared: Shared, lane: UploadLane, metered: Metered, system: bool | None, allowed: bool, goes: bool
) -> None:
    key = wanted(sender, shared)
    shared.is_metered = lambda: system
    shared.depot.memory.speed = SpeedRules(metered=metered, records_over_metered=allowed)
    found = lane.step()
    if not goes:
        assert found == Closed(None, Trouble.METERED)
        assert sender.central.asked_for("patch") == []
        shared.depot.memory.speed = SpeedRules(metered=Metered.NO)
    run(lane)
    assert sender.delivered(key)


@pytest.mark.parametrize("kbps", [8, 64, 512, 10_000])
def test_a_cap_is_kept_within_a_tenth(sender: Sender, shared: Shared, kbps: int) -> None:
    """By the bytes that were written, and by the clock, over some ten seconds of sending or more."""
    shared.depot.memory.speed = SpeedRules(kbps=kbps)
    lane = UploadLane(shared, pause=sender.clock.pass_time)
    size = min(max(kbps * 1250, 100_000), 3_000_000)
    first, second = sender.packet(1, filler=size), sender.packet(2, filler=size)
    ManifestLane(shared).step()
    while not sender.delivered(first):  # it begins with what a pause before it has saved
        lane.step()
    began, before = sender.clock.seconds, shared.client.line.written
    run(lane)
    written, seconds = shared.client.line.written - before, sender.clock.seconds - began
    assert sender.delivered(second)
    assert written / seconds == pytest.approx(kbps * 125, rel=0.1)


@pytest.mark.parametrize(
    ("own", "of_central", "holds"), [(64, 32.0, 32), (32, 64.0, 32), (None, 32.0, 32), (64, None, 64)]
)
def test_the_smaller_cap_wins(
    sender: Sender, shared: Shared, own: int | None, of_central: float | None, holds: int
) -> None:
    shared.depot.memory.speed = SpeedRules(kbps=own)
    shared.pacing = Pacing(max_kbps=of_central)
    lane = UploadLane(shared, pause=sender.clock.pass_time)
    key = wanted(sender, shared, filler=100_000)
    began = sender.clock.seconds
    run(lane)
    rate = shared.client.line.written / (sender.clock.seconds - began)
    assert sender.delivered(key)
    assert rate == pytest.approx(holds * 125, rel=0.2), "with what a pause before it has saved"


def test_a_chunk_that_is_under_way_when_the_hours_end_is_finished_at_the_pace_it_had(
    sender: Sender, shared: Shared
) -> None:
    ends = sender.clock.now().astimezone().replace(second=0) + timedelta(minutes=1)
    opens = ends + timedelta(hours=1)
    sender.clock.pass_time(50)  # the chunk takes some 16 seconds, and the hours end after ten
    shared.depot.memory.speed = SpeedRules(kbps=32, windows=(Window(ends.time(), opens.time(), 0),))
    lane = UploadLane(shared, pause=sender.clock.pass_time)
    key = wanted(sender, shared, filler=130_000)
    assert isinstance(lane.step(), Did)
    assert sender.clock.now() > ends
    assert sender.row(key).offset == 64 * 1024
    found = lane.step()
    assert isinstance(found, Closed)


# ------------------------------------------------------------------------------------------------- what is remembered


def test_what_was_delivered_is_in_the_book_and_the_rate_is_known(sender: Sender, shared: Shared) -> None:
    shared.depot.memory.speed = SpeedRules(kbps=80)  # ten kilobytes a second
    lane = UploadLane(shared, pause=sender.clock.pass_time)
    key = wanted(sender, shared, filler=100_000)
    run(lane)
    book = shared.depot.throughput.of_day(sender.clock.now())
    assert sum(bucket.bytes for bucket in book) == sender.row(key).size
    assert sum(bucket.packets for bucket in book) == 1
    assert shared.depot.throughput.rate_bps(sender.clock.now()) == pytest.approx(10_000, rel=0.15)
    assert shared.rate_bps == pytest.approx(10_000, rel=0.15)


def test_the_size_of_a_chunk_is_remembered_for_this_network_over_a_restart(sender: Sender, shared: Shared) -> None:
    shared.depot.memory.speed = SpeedRules(kbps=80)
    lane = UploadLane(shared, pause=sender.clock.pass_time)
    key = wanted(sender, shared, filler=300_000)
    run(lane)
    assert sender.delivered(key)
    (learnt,) = shared.depot.memory.chunk_sizes.values()
    assert learnt > 64 * 1024
    wanted(sender, shared, 2, filler=900_000)
    UploadLane(shared, pause=sender.clock.pass_time).step()
    assert len(sender.central.asked_for("patch")[-1].body) == learnt
