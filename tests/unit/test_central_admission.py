"""How much central lets in: never above its rate, everybody in turn, nobody sent to and fro."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

import httpx
import pytest

from station.central.admission import (
    BRAKE_S,
    BURST_S,
    ENOUGH,
    FORGET_S,
    HELD_LONGEST_S,
    LONGEST_WAIT_S,
    Admission,
    come_before_s,
)
from station.central.appointments import GRACE_S, SOON_S, SPREAD, Appointments
from station.central.bucket import Bucket
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.cli import main
from station.domain.lane import Condition, LaneName
from station.domain.outcome import Trouble
from station.domain.ports import SystemClock
from station.store.enrolment import load_enrolment, save_enrolment
from station.store.folder import Folder
from tests.contracts.central_station import TUS, Sealed, Station, enrol, problem_of
from tests.support import HandClock, Workplace

BATCH = 20


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def door(clock: HandClock) -> Admission:
    """Four packets a second: a batch is five seconds of work."""
    door = Admission(4, None, clock)
    clock.pass_time(1)
    return door


NUMBERS = count()


def promise(door: Admission, station: str, packets: int) -> list[int]:
    """So many new ones, all wanted."""
    keys = [next(NUMBERS) for _ in range(packets)]
    assert len(door.promise(station, keys, keys)) == packets or door.is_open
    return keys


def ask(door: Admission, station: str, packets: int = BATCH, *, arrive: bool = False) -> int:
    wait_s = door.ask(station, door.work_s(packets, 0))
    if not wait_s:
        keys = promise(door, station, packets)
        door.arrived(keys if arrive else [])
    return wait_s


def test_without_a_rate_everybody_comes_as_they_like(clock: HandClock) -> None:
    door = Admission(None, None, clock)
    assert [ask(door, "a") for _ in range(100)] == [0] * 100
    assert door.hold_s(door.work_s(10**6, 10**12)) == 0
    assert door.behind_s() == 0


def test_the_longer_of_both_times_counts(clock: HandClock) -> None:
    door = Admission(10, 800, clock)  # ten packets a second, 100 KB a second
    assert door.work_s(1, 1000) == pytest.approx(0.1)
    assert door.work_s(1, 200_000) == pytest.approx(2)


def test_the_second_waits_until_there_is_time_for_it_and_is_told_so(door: Admission, clock: HandClock) -> None:
    assert ask(door, "a") == 0
    wait_s = ask(door, "b")
    assert SOON_S <= wait_s <= 20
    clock.pass_time(wait_s)
    assert ask(door, "b") == 0


def test_whoever_asks_too_early_is_told_what_is_left_and_loses_nothing(door: Admission, clock: HandClock) -> None:
    ask(door, "a")
    for station in "bcdefgh":
        ask(door, station)
    wait_s = ask(door, "i")
    clock.pass_time(3)
    assert ask(door, "i") == pytest.approx(wait_s - 3, abs=1)


def test_the_line_is_as_long_as_the_work_of_those_in_it(door: Admission) -> None:
    ask(door, "a")
    waits = [ask(door, f"s{number}") for number in range(100)]
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(100 * 5 / ((1 + SPREAD) / 2), rel=0.1), "they come later by themselves"


def test_over_an_hour_no_more_is_promised_than_central_can_take(door: Admission, clock: HandClock) -> None:
    due = {f"s{number}": clock.monotonic() for number in range(100)}
    promised = 0
    end = clock.monotonic() + 3600
    while clock.monotonic() < end:
        station = min(due, key=lambda name: due[name])
        clock.pass_time(max(0.0, due[station] - clock.monotonic()))
        wait_s = ask(door, station, arrive=True)
        if not wait_s:
            promised += BATCH
        due[station] = clock.monotonic() + (wait_s * 1.1 if wait_s else 1.0)
    assert 0.93 * 4 * 3600 < promised <= 4 * 3600 + BURST_S * 4 + BATCH


def test_a_station_has_one_place_and_cannot_push_others_aside(door: Admission, clock: HandClock) -> None:
    ask(door, "a")
    for station in ("b", "c"):
        ask(door, station)
    got = {"a": 0, "b": 0, "c": 0}
    for _ in range(400):
        clock.pass_time(1)
        for station, times in (("a", 50), ("b", 1), ("c", 1)):  # it asks and asks
            for _again in range(times):
                if ask(door, station, arrive=True) == 0:
                    got[station] += 1
    assert max(got.values()) <= 1.5 * min(got.values())


def test_who_has_enough_to_send_waits_and_the_time_is_given_to_others(door: Admission, clock: HandClock) -> None:
    promised = promise(door, "slow", ENOUGH)
    clock.pass_time(10)
    assert ask(door, "slow") > 0
    clock.pass_time(BURST_S)
    assert ask(door, "fast") == 0
    assert ask(door, "slow") > 0
    door.arrived(promised)
    clock.pass_time(SOON_S + 1)
    assert ask(door, "slow") == 0


def test_what_was_promised_and_never_came_is_forgotten(door: Admission, clock: HandClock) -> None:
    promise(door, "by stick", ENOUGH)
    clock.pass_time(FORGET_S - 1)
    assert ask(door, "other", 100) == 0  # central is not idle
    assert ask(door, "by stick") > 0
    clock.pass_time(SOON_S + 10)
    assert ask(door, "by stick") == 0


def test_work_that_was_not_needed_is_there_for_others(door: Admission, clock: HandClock) -> None:
    clock.pass_time(1)
    assert door.ask("a", 5.0) == 0
    assert door.promise("a", [1, 2], []) == []  # central had them all
    door.give_back(5.0)
    assert door.ask("a", 5.0) == 0


def test_accepted_packets_are_never_closer_than_the_rate(door: Admission, clock: HandClock) -> None:
    moments = []
    for number in range(40):
        moments.append(clock.monotonic() + door.turn_s(str(number), door.work_s(1, 0)))
        clock.pass_time(0.1)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(gaps) == pytest.approx(0.25)


def test_what_is_whole_keeps_its_place_however_many_come_after_it(door: Admission, clock: HandClock) -> None:
    door.hold_s(20)
    assert door.turn_s("first", 0.25) == pytest.approx(20)
    for second in range(1, 20):
        clock.pass_time(1)
        door.turn_s(f"later {second}", 1.0)
        assert door.turn_s("first", 0.25) == pytest.approx(20 - second)
    clock.pass_time(1)
    assert door.turn_s("first", 0.25) == 0
    clock.pass_time(1)
    assert door.turn_s("first", 0.25) > 15, "it came too late, and another may have had that time"


def test_who_comes_up_to_a_quarter_later_than_told_is_there_before_its_turn() -> None:
    for wait_s in (15.1, 16, 20, 100, 1000):
        assert 1 <= come_before_s(wait_s) * SPREAD < wait_s


def test_an_idle_central_lets_everybody_in(door: Admission, clock: HandClock) -> None:
    promise(door, "slow", 2 * ENOUGH)
    clock.pass_time(60)
    assert ask(door, "slow") == 0


def test_whose_answer_was_lost_asks_again_and_takes_nothing_from_others(door: Admission, clock: HandClock) -> None:
    keys = [("a", number) for number in range(2 * ENOUGH)]
    clock.pass_time(10)
    assert door.ask("a", 15.0, keys) == 0
    assert door.promise("a", keys, keys) == keys
    ask(door, "b")  # somebody waits
    assert 0 < door.ask("a", 15.0, keys) <= SOON_S, "not as often as it likes"
    clock.pass_time(SOON_S)
    assert door.ask("a", 15.0, keys) == 0
    assert door.promise("a", keys, keys) == []
    door.give_back(15.0)
    assert ask(door, "b") == 0


def test_what_another_station_brings_is_owed_no_more(door: Admission) -> None:
    keys = promise(door, "a", ENOUGH)
    assert len(door.promise("b", keys, keys)) == ENOUGH
    door.arrived(keys)
    assert (door._owed, door._owing) == ({}, {})


def test_nobody_is_told_to_stay_away_for_longer_than_an_hour(door: Admission) -> None:
    ask(door, "a")
    assert door.ask("b", 1e9) == LONGEST_WAIT_S
    door.hold_s(1e9)
    assert door.behind_s() == come_before_s(1e9) == LONGEST_WAIT_S


def test_a_station_that_asks_and_asks_has_one_place_and_takes_no_memory(door: Admission, clock: HandClock) -> None:
    promise(door, "a", ENOUGH)
    told = door.ask("a", 5.0)
    for _ in range(100):
        assert door.ask("a", 5.0) == told
    assert len(door._line._ends) == 1


def test_with_much_to_finish_nothing_more_is_promised_and_nothing_begun(door: Admission, clock: HandClock) -> None:
    clock.pass_time(60)
    door.hold_s(BRAKE_S + 1)
    assert ask(door, "a") > 0
    assert door.behind_s() == 0
    door.hold_s(10)
    assert door.behind_s() == pytest.approx(BRAKE_S + 11, abs=1)
    clock.pass_time(60)
    assert (ask(door, "a"), door.behind_s()) == (0, 0)


# ------------------------------------------------------------------------------------------------------------ its parts


def test_a_bucket_fills_evenly_and_never_over_its_rim() -> None:
    bucket = Bucket(0.5, 10, now=0)
    assert bucket.left_s(4) == 2
    bucket.take(5)
    assert bucket.left_s(4) == -3
    assert bucket.left_s(1000) == 10 and bucket.is_full(1000)
    assert bucket.left_s(900) == 10, "a clock that goes back takes nothing"


def test_who_does_not_come_gives_up_its_place() -> None:
    line = Appointments(1.0)
    wait_s = line.put_last("a", 100, now=0)
    line.put_last("b", 100, now=0)
    assert line.of("a", wait_s * SPREAD + GRACE_S - 1) is not None
    assert line.of("a", wait_s * SPREAD + GRACE_S + 1) is None
    assert len(line) == 1


# -------------------------------------------------------------------------------------------------------- over the wire


class StillClock(SystemClock):
    """The computer's clock for signatures; what is waited for passes when the test says so."""

    seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def still() -> StillClock:
    return StillClock()


@pytest.fixture
def server(tmp_path: Path, still: StillClock) -> Iterator[CentralServer]:
    options = CentralOptions(training=True, admit_per_s=0.5)  # a packet is two seconds of work
    server = CentralServer(tmp_path / "central", options=options, clock=still)
    server.start()
    still.seconds += 1
    yield server
    server.stop()


@pytest.fixture
def station(server: CentralServer) -> Iterator[Station]:
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        yield enrol(http, server.central.new_code())


def manifest(station: Station, packet: Sealed) -> httpx.Response:
    return station.ask("POST", "/v1/manifests", json={"items": [packet.item()]})


def test_a_batch_beyond_the_rate_is_told_when_to_come_and_let_in_then(station: Station, still: StillClock) -> None:
    packets = [station.seal() for _ in range(2)]
    assert manifest(station, packets[0]).status_code == 200
    turned = manifest(station, packets[1])
    assert (turned.status_code, problem_of(turned)) == (429, "busy")
    still.seconds += int(turned.headers["retry-after"])
    assert manifest(station, packets[1]).json()["items"][0]["verdict"] == "want"


def test_asking_about_what_central_has_takes_nothing_from_others(station: Station, still: StillClock) -> None:
    packet = station.seal()
    station.deliver(packet)
    still.seconds += 10
    for _ in range(5):
        assert manifest(station, packet).json()["items"][0]["verdict"] == "have"
    assert manifest(station, station.seal()).status_code == 200


def test_nothing_is_begun_while_too_much_is_being_finished(
    server: CentralServer, station: Station, still: StillClock
) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    server.central.admission.hold_s(12)
    turned = station.patch(upload, packet.data, 0)
    assert (turned.status_code, station.offset(upload)) == (429, 0)
    still.seconds += int(turned.headers["retry-after"])
    assert station.patch(upload, packet.data, 0).headers["receipt"]


def test_what_is_whole_and_has_to_wait_long_keeps_its_bytes_and_gets_its_receipt_later(
    server: CentralServer, station: Station, still: StillClock
) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    half = len(packet.data) // 2
    station.patch(upload, packet.data[:half], 0)
    server.central.admission.hold_s(HELD_LONGEST_S + 5)
    turned = station.patch(upload, packet.data[half:], half)
    assert (turned.status_code, station.offset(upload)) == (429, len(packet.data))
    assert station.receipt(packet).status_code == 202
    assert server.central.packet_count() == 0
    assert int(turned.headers["retry-after"]) * SPREAD < HELD_LONGEST_S + 5
    still.seconds += HELD_LONGEST_S + 5
    assert station.check(station.receipt(packet).json()["receipt"], packet)


def test_many_polls_and_newer_packets_do_not_keep_what_is_whole_from_its_turn(
    server: CentralServer, station: Station, still: StillClock
) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    half = len(packet.data) // 2
    station.patch(upload, packet.data[:half], 0)
    server.central.admission.hold_s(HELD_LONGEST_S + 2)
    assert station.patch(upload, packet.data[half:], half).status_code == 429
    for _ in range(17):
        still.seconds += 1
        server.central.admission.hold_s(1)  # others fill the rate
    assert station.receipt(packet).status_code == 200


def test_a_manifest_of_what_is_whole_already_is_accepted_at_the_rate(
    server: CentralServer, station: Station, still: StillClock
) -> None:
    packets = [station.seal() for _ in range(3)]
    server.central.hold_verification()
    for packet in packets:
        still.seconds += 60
        station.patch(station.promise(packet), packet.data, 0)
    server.central.intake.held = False
    items = [packet.item() for packet in packets]
    taken = []
    for _ in range(4):
        still.seconds += 60
        answer = station.ask("POST", "/v1/manifests", json={"items": items})
        taken.append([item["verdict"] for item in answer.json()["items"]].count("have"))
        still.seconds -= 58
    assert taken == [1, 2, 3, 3]


def test_whatever_way_a_packet_ends_it_is_owed_no_more(
    server: CentralServer, station: Station, still: StillClock
) -> None:
    door = server.central.admission
    ways = [station.seal() for _ in range(4)]
    still.seconds += 60
    verdicts = station.ask("POST", "/v1/manifests", json={"items": [one.item() for one in ways]}).json()["items"]
    by_receipt, spoilt, given_up, uploaded = (verdict["upload"] for verdict in verdicts)
    assert len(door._owing) == 4
    station.patch(uploaded, ways[3].data, 0)
    assert len(door._owing) == 3
    still.seconds += 10
    assert station.patch(spoilt, bytes(len(ways[1].data)), 0).status_code == 422
    assert len(door._owing) == 2
    station.ask("DELETE", given_up, headers=TUS)
    assert len(door._owing) == 1
    still.seconds += 10
    server.central.intake.held = True
    station.patch(by_receipt, ways[0].data, 0)
    server.central.intake.held = False
    still.seconds += 10
    assert station.receipt(ways[0]).status_code == 200
    assert (door._owing, door._owed, door._turns) == ({}, {}, {})


def test_a_packet_that_claims_to_be_enormous_is_refused_and_keeps_nobody_waiting(
    server: CentralServer, station: Station, still: StillClock
) -> None:
    server.central.admission._byte_s = 8 / 100_000_000
    enormous = {"items": [station.seal().item(size=10**15)]}
    other = enrol(station.http, server.central.new_code())
    assert manifest(other, other.seal()).status_code == 200  # now there is a line
    turned = station.ask("POST", "/v1/manifests", json=enormous)
    told = manifest(other, other.seal())
    assert (turned.status_code, told.status_code) == (429, 429)
    assert int(told.headers["retry-after"]) < 60
    still.seconds += 60
    answer = station.ask("POST", "/v1/manifests", json=enormous)
    assert answer.json()["items"][0]["verdict"] == "refuse"
    assert manifest(other, other.seal()).status_code == 200


def test_each_packet_takes_its_part_of_the_rate(server: CentralServer, station: Station) -> None:
    station.deliver(station.seal())
    assert server.central.admission.hold_s(0) == pytest.approx(2)


@pytest.mark.parametrize("option", ["--admit-per-s", "--admit-kbps"])
def test_a_rate_that_is_none_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["central", option, "0"])
    assert option in capsys.readouterr().err


def test_a_station_that_is_told_to_wait_waits_and_delivers_all(two_sealed: Path, tmp_path: Path) -> None:
    both = Path(shutil.copytree(two_sealed, tmp_path / "both"))
    clock = HandClock()
    options = CentralOptions(training=True, admit_per_s=0.01)
    server = CentralServer(both / "central", options=options, clock=clock)
    server.start()
    folder = Folder(both / "station")
    enrolment = load_enrolment(folder)
    assert enrolment is not None
    save_enrolment(folder, enrolment.model_copy(update={"central_url": server.url}))
    place = Workplace(folder.root, server.url, clock)
    try:
        place.engine.step()
        place.engine.step()
        told = {lane.name: lane for lane in place.engine.lanes}[LaneName.MANIFESTS]
        assert (told.condition, told.note and told.note.trouble) == (Condition.RESTING, Trouble.BUSY)
        assert place.engine.link.next_try_at is not None
        place.drain()
        first, second = (packet.received_at for packet in server.central.packets())
        assert (second - first).total_seconds() >= 100, "a packet takes central so long"
    finally:
        place.close()
        server.stop()
