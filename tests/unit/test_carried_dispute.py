"""Whose a record key is central decides: on the way nobody keeps another station's packet out, or fills the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.domain.delivery import Stage
from station.domain.errors import TrustError
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import RecordKey
from station.relay.bounds import CLEAR_S
from station.relay.counter import Counter
from station.relay.messages import Says
from station.seal.packet import sha256_of
from station.wire import ManifestItem
from tests.carrying import Outpost, outposts
from tests.relaying import Authority, Fellow, fellows
from tests.support import TODAY


@pytest.fixture
def three(tmp_path: Path) -> Iterator[list[Outpost]]:
    with outposts(tmp_path, "ani", "budi", "cici") as made:
        yield made


def take(at: Outpost, of: Outpost, data: bytes) -> tuple[RecordKey, bool]:
    """As a stick or a neighbour brings it."""
    token = of.depot.cards.own()
    card = at.depot.cards.learn(token)
    return at.depot.carried.take(data, card, came_by="courier:x", at=TODAY)


def carried(at: Outpost, key: RecordKey) -> bytes:
    return at.depot.carried.read(key)


def test_the_true_packet_waits_beside_a_false_one_and_goes_when_that_is_refused(three: list[Outpost]) -> None:
    ani, budi, cici = three
    (key,) = ani.seal()
    true, false = ani.depot.packets.read(key), cici.make_packet(key)
    assert take(budi, cici, false) == (key, True)
    assert take(budi, ani, true) == (key, True)
    assert take(budi, ani, true) == (key, False)
    assert budi.row(key).origin == cici.station_id
    budi.depot.carried.clear_settled()
    assert budi.row(key).origin == cici.station_id, "central has not said a word yet"

    budi.depot.outbox.reject(key, [Reason("signature.invalid", "", "")], at=TODAY)
    budi.restart()

    assert (budi.row(key).origin, budi.row(key).stage) == (ani.station_id, Stage.QUEUED)
    assert carried(budi, key) == true
    assert not list(budi.depot.carried.beside.all_keys())


@pytest.mark.parametrize("stop", ["reject", "park"])
def test_a_false_packet_that_was_stopped_gives_way_at_once(three: list[Outpost], stop: str) -> None:
    ani, budi, cici = three
    (key,) = ani.seal()
    take(budi, cici, cici.make_packet(key))
    if stop == "park":
        budi.depot.outbox.park(key, Note(Trouble.KEY_CONFLICT), at=TODAY)
    else:
        budi.depot.outbox.reject(key, [Reason("form.x", "", "")], at=TODAY)
    assert take(budi, ani, ani.depot.packets.read(key)) == (key, True)
    assert budi.row(key).origin == ani.station_id
    assert carried(budi, key) == ani.depot.packets.read(key)


def test_what_central_has_of_another_station_is_in_nobodys_way_any_more(three: list[Outpost], said: list[str]) -> None:
    ani, budi, cici = three
    (key,) = ani.seal()
    take(budi, cici, cici.make_packet(key))
    take(budi, ani, ani.depot.packets.read(key))
    budi.depot.outbox.settle(key, Accepted("a.b.c", "R-1", TODAY))
    budi.depot.carried.clear_settled()
    assert not list(budi.depot.carried.beside.all_keys())
    assert said
    with pytest.raises(TrustError):
        take(budi, ani, ani.depot.packets.read(key))


def test_another_revision_of_somebody_elses_keeps_nobody_out(three: list[Outpost]) -> None:
    ani, budi, cici = three
    (key,) = ani.seal()
    take(budi, cici, cici.make_packet(RecordKey(key.record_id, 2)))
    assert take(budi, ani, ani.depot.packets.read(key)) == (key, True)
    assert budi.row(key).origin == ani.station_id


def test_few_packets_wait_beside_others(three: list[Outpost], monkeypatch: pytest.MonkeyPatch) -> None:
    ani, budi, cici = three
    monkeypatch.setattr("station.store.carried.MOST_BESIDE", 1)
    one, two = ani.seal(2)
    for key in (one, two):
        take(budi, cici, cici.make_packet(key))
    assert take(budi, ani, ani.depot.packets.read(one)) == (one, True)
    with pytest.raises(TrustError):
        take(budi, ani, ani.depot.packets.read(two))


def test_a_refused_packet_leaves_no_file_and_does_not_come_back_with_the_stick(three: list[Outpost]) -> None:
    ani, budi, _ = three
    (key,) = ani.seal()
    data = ani.depot.packets.read(key)
    take(budi, ani, data)
    budi.depot.outbox.reject(key, [Reason("form.x", "", "")], at=TODAY)
    assert budi.depot.carried.settled_bytes(ani.station_id) == len(data)
    assert budi.depot.carried.clear_settled() == 1
    assert budi.depot.carried.settled_bytes(ani.station_id) == 0
    assert take(budi, ani, data) == (key, False)
    assert not budi.depot.carried.folder.path(key).exists()
    assert budi.row(key).stage is Stage.REJECTED


def test_a_packet_of_a_station_that_was_blocked_may_be_brought_again(three: list[Outpost]) -> None:
    ani, budi, _ = three
    (key,) = ani.seal()
    data = ani.depot.packets.read(key)
    take(budi, ani, data)
    budi.depot.outbox.reject(key, [Reason("origin.blocked", "", "")], at=TODAY)
    budi.depot.carried.clear_settled()
    take(budi, ani, data)
    assert (budi.row(key).stage, carried(budi, key)) == (Stage.QUEUED, data)


# --------------------------------------------------------------------------------------------------- of neighbours


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Fellow, Fellow]]:
    authority = Authority()
    with fellows(tmp_path) as make:
        yield make("stasiun-a", authority), make("stasiun-b", authority)


def handed(near: Fellow, far: Fellow) -> RecordKey:
    key = near.packet()
    card = far.depot.cards.learn(near.depot.cards.own())
    far.depot.carried.take(near.depot.packets.read(key), card, came_by="relay:x", at=TODAY)
    return key


@pytest.mark.parametrize("stop", ["reject", "park", "settle"])
def test_what_central_settled_or_stopped_takes_nothing_of_a_neighbours_share(
    two: tuple[Fellow, Fellow], stop: str
) -> None:
    near, far = two
    before = far.runner._room.left_for(near.name)
    key = handed(near, far)
    assert far.runner._room.left_for(near.name) == before - far.row(key).size
    if stop == "reject":
        far.depot.outbox.reject(key, [Reason("form.x", "", "")], at=TODAY)
    elif stop == "park":
        far.depot.outbox.park(key, Note(Trouble.KEY_CONFLICT), at=TODAY)
    else:
        far.central_confirms(key)
        assert far.runner._room.left_for(near.name) < before, "its file is still here"
    far.depot.carried.clear_settled()
    assert far.runner._room.left_for(near.name) == before


def test_the_files_of_what_central_has_go_within_the_hour_also_while_nobody_is_served(
    two: tuple[Fellow, Fellow],
) -> None:
    near, far = two
    key = handed(near, far)
    far.central_confirms(key)
    far.depot.relay.choose(False)
    far.runner.step()
    assert far.carries(key)
    far.clock.pass_time(CLEAR_S)  # type: ignore[attr-defined]
    far.runner.step()
    assert not far.depot.carried.folder.path(key).exists()
    assert far.row(key).receipt


def test_a_neighbour_is_asked_for_its_packet_though_another_station_holds_the_key(two: tuple[Fellow, Fellow]) -> None:
    near, far = two
    key = handed(near, far)
    card = far.depot.cards.learn(near.depot.cards.own()).model_copy(update={"station_id": "stasiun-c"})
    item = ManifestItem(
        record_id=key.record_id,
        revision=1,
        origin="stasiun-c",
        sha256=sha256_of(b"x"),
        size=9,
        sealed_at=TODAY,
    )
    counter = Counter(far.depot, far.clock, far.runner._room)
    assert counter.answer(card, [item])[0].says is Says.WANT
