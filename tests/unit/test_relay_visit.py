"""A station without a link hands its packets to one of its office that has one; receipts find their way home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from station.domain.delivery import LinkState, OutboxItem, Stage
from station.domain.letter import UNDERWAY, at_central
from station.domain.outcome import Note, Trouble
from station.domain.record import RecordKey
from station.domain.relay import NeighbourTrouble, RelayReason
from station.relay import visit
from station.relay.caller import Caller, Unwilling
from station.relay.counter import Counter
from tests.relaying import Authority, Fellow, Make, fellows, stage


@dataclass
class Pair:
    """`near` has no link, `far` has one and can be seen from `near`."""

    near: Fellow
    far: Fellow

    def trouble(self) -> NeighbourTrouble:
        (found,) = self.near.depot.relay.shown.neighbours
        return found.trouble


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with fellows(tmp_path) as maker:
        yield maker


@pytest.fixture
def pair(make: Make) -> Pair:
    authority = Authority()
    near = make("stasiun-a", authority, link_state=LinkState.OFFLINE)
    far = make("stasiun-b", authority)
    near.around.sightings = [far.serve()]
    return Pair(near, far)


def test_what_is_handed_over_lies_whole_at_the_neighbour_and_stays_queued_at_home(pair: Pair) -> None:
    keys = [pair.near.packet(number) for number in (1, 2, 3)]

    pair.near.go_round()

    for key in keys:
        assert pair.far.carries(key)
        assert pair.far.row(key).came_by == "relay:stasiun-a"
        mine = pair.near.row(key)
        assert (mine.stage, mine.handed_to, mine.receipt) == (Stage.QUEUED, "stasiun-b", None)
    assert pair.near.depot.relay.shown.reason is RelayReason.HANDING
    assert pair.far.taken == 3


def test_a_receipt_of_central_comes_home_and_settles_the_packet(pair: Pair) -> None:
    key = pair.near.packet()
    pair.near.go_round()
    token = pair.far.central_confirms(key)

    pair.near.go_round()

    assert stage(pair.near, key) is Stage.RECEIPTED
    assert pair.near.row(key).receipt == token
    assert pair.far.row(key).returned_at is not None


def test_nothing_goes_twice_while_the_neighbour_has_it(pair: Pair) -> None:
    pair.near.packet()
    for _ in range(3):
        pair.near.go_round()
    assert pair.far.taken == 1


def test_after_a_day_without_a_receipt_whoever_is_there_may_have_it(pair: Pair, make: Make) -> None:
    key = pair.near.packet()
    pair.near.go_round()
    third = make("stasiun-c", pair.near.authority, clock=pair.near.clock)
    pair.near.around.sightings = [third.serve()]
    pair.near.go_round()
    assert third.taken == 0

    pair.near.clock.pass_time(24 * 3600)  # type: ignore[attr-defined]
    pair.near.go_round()

    assert third.carries(key)
    assert pair.near.row(key).handed_to == "stasiun-c"


def test_however_many_a_neighbour_has_no_newer_packet_waits_behind_them(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "MOST_A_VISIT", 2)
    for number in (1, 2):
        pair.near.packet(number)
    pair.near.go_round()
    pair.near.clock.pass_time(24 * 3600)  # type: ignore[attr-defined]
    newest = pair.near.packet(3)

    pair.near.go_round()

    assert pair.far.carries(newest)


def test_what_a_neighbour_has_is_offered_to_it_once_an_hour_at_most(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads the whole packet from its disk before it says so."""
    read: list[RecordKey] = []
    is_whole = Counter._is_whole

    def count(self: Counter, row: OutboxItem) -> bool:
        read.append(row.key)
        return is_whole(self, row)

    monkeypatch.setattr(Counter, "_is_whole", count)
    pair.near.packet()
    pair.near.go_round()
    assert read == []
    pair.near.clock.pass_time(24 * 3600)  # type: ignore[attr-defined]
    for _ in range(20):
        pair.near.clock.pass_time(61)  # type: ignore[attr-defined]
        pair.near.runner.step()
    assert len(read) == 1, "a day after it was handed over"
    pair.near.go_round()
    assert len(read) == 2


def test_a_neighbour_that_never_comes_back_loses_nothing(pair: Pair) -> None:
    key = pair.near.packet()
    pair.near.go_round()
    pair.far.close()
    pair.near.go_round()
    assert stage(pair.near, key) is Stage.QUEUED
    assert pair.trouble() is NeighbourTrouble.UNREACHABLE
    assert pair.near.depot.packets.intact(key, pair.near.row(key).sha256)
    pair.far.__post_init__()


def test_what_is_carried_is_handed_on_by_nobody(pair: Pair, make: Make) -> None:
    key = pair.near.packet()
    pair.near.go_round()
    third = make("stasiun-c", pair.near.authority)
    pair.far.link_state = LinkState.OFFLINE
    pair.far.around.sightings = [third.serve()]

    own = pair.far.packet(7)
    pair.far.go_round()

    assert third.carries(own)
    assert third.depot.outbox.get(key) is None


def test_a_receipt_that_is_not_good_settles_nothing_and_is_kept_by_the_neighbour(pair: Pair, said: list[str]) -> None:
    key = pair.near.packet()
    pair.near.go_round()
    pair.far.central_confirms(key, sha256="0" * 64)

    pair.near.go_round()

    assert stage(pair.near, key) is Stage.QUEUED
    assert pair.far.row(key).returned_at is None
    assert any("receipt" in line for line in said)


def test_a_receipt_for_somebody_else_is_not_given_to_us(pair: Pair, make: Make) -> None:
    other = make("stasiun-c", pair.near.authority, link_state=LinkState.OFFLINE)
    other.around.sightings = pair.near.around.sightings
    theirs = other.packet()
    other.go_round()
    pair.far.central_confirms(theirs)

    pair.near.packet(2)
    pair.near.go_round()
    assert pair.far.row(theirs).returned_at is None

    other.go_round()
    assert stage(other, theirs) is Stage.RECEIPTED


def test_receipts_of_strangers_are_not_taken_from_a_neighbour(
    pair: Pair, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A neighbour gone wrong gives away what is somebody else's."""
    other = make("stasiun-c", pair.near.authority, link_state=LinkState.OFFLINE)
    other.around.sightings = pair.near.around.sightings
    theirs = other.packet()
    other.go_round()
    pair.far.central_confirms(theirs)
    monkeypatch.setattr("station.relay.counter.receipts_for", lambda depot, _station: depot.carried.receipts())

    pair.near.packet(2)
    pair.near.go_round()

    assert pair.near.depot.courier.passing() == ()
    assert pair.far.row(theirs).returned_at is None


def test_with_a_full_disk_the_neighbour_takes_nothing_and_says_so(pair: Pair) -> None:
    key = pair.near.packet()
    pair.far.usage = pair.far.usage._replace(free=3 * 2**30)  # three of a hundred: the reserve is ten

    pair.near.go_round()

    assert pair.trouble() is NeighbourTrouble.FULL
    assert pair.far.depot.outbox.get(key) is None
    assert pair.near.row(key).handed_at is None


def test_a_restart_of_both_between_handing_over_and_receipt_changes_nothing(pair: Pair) -> None:
    key = pair.near.packet()
    pair.near.go_round()
    pair.far.restart()
    pair.near.restart()
    pair.far.central_confirms(key)
    pair.near.around.sightings = [pair.far.serve()]

    pair.near.go_round()

    assert stage(pair.near, key) is Stage.RECEIPTED


def test_many_receipts_come_home_page_by_page(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.relay.counter.RECEIPTS", 2)
    keys = [pair.near.packet(number) for number in range(1, 6)]
    pair.near.go_round()
    for key in keys:
        pair.far.central_confirms(key)

    pair.near.go_round()

    assert {stage(pair.near, key) for key in keys} == {Stage.RECEIPTED}


def test_a_neighbour_that_has_the_receipt_already_gives_it_with_the_answer_to_the_offer(pair: Pair) -> None:
    """The answer that said so first was lost, and the receipt counts as returned."""
    key = pair.near.packet()
    pair.near.go_round()
    pair.far.central_confirms(key)
    pair.far.depot.carried.mark_returned([key], pair.far.clock.now())

    pair.near.clock.pass_time(25 * 3600)  # type: ignore[attr-defined]
    pair.near.go_round()

    assert stage(pair.near, key) is Stage.RECEIPTED


def test_a_damaged_file_is_not_handed_over(pair: Pair, said: list[str]) -> None:
    key = pair.near.packet()
    path = pair.near.depot.packets.path(key)
    path.write_bytes(path.read_bytes()[:-1] + b"?")

    pair.near.go_round()

    assert pair.far.depot.outbox.get(key) is None
    assert said


def test_what_was_offered_to_a_neighbour_is_not_recalled_any_more(pair: Pair) -> None:
    key = pair.near.packet()
    pair.near.go_round()
    assert pair.near.row(key).offered_at is not None
    assert pair.near.depot.outbox.forget_unoffered(key) is False


def test_a_packet_may_be_out_before_its_first_byte_leaves_for_the_neighbour(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, put = pair.near.packet(), Caller.put

    def answer_lost(caller: Caller, path: str, data: bytes, headers: dict[str, str]) -> None:
        assert pair.near.row(key).out_at is not None
        put(caller, path, data, headers)
        raise Unwilling(NeighbourTrouble.UNREACHABLE)

    with monkeypatch.context() as patched:
        patched.setattr(Caller, "put", answer_lost)
        pair.near.go_round()
    assert pair.far.carries(key)
    assert pair.near.row(key).handed_at is None, "somebody else may be asked still"
    pair.near.depot.outbox.park(key, Note(Trouble.DIGEST), at=pair.near.clock.now())
    assert at_central(pair.near.row(key), pair.near.clock.now()) == UNDERWAY
