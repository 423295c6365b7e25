"""Lines cut at any byte, lost answers, a relay that dies in the middle: every packet arrives, and none is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station import failpoint
from station.domain.delivery import LinkState, Stage
from station.domain.record import RecordKey
from station.failpoint import PowerCut
from station.relay.circle import Sighting
from station.store.depot import Depot
from tests.faults.cut_relay import CutRelay
from tests.relaying import Authority, Fellow, Make, fellows, stage

CUTS = (1, 400, 1800, 3000, 4500, 30_000)
"""Bytes: in the first handshake, in the question for the card, in the second handshake, in heads, in a packet."""


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with fellows(tmp_path) as maker:
        yield maker


@pytest.fixture
def near(make: Make) -> Fellow:
    return make("stasiun-a", Authority(), link_state=LinkState.OFFLINE)


@pytest.fixture
def far(make: Make, near: Fellow) -> Fellow:
    return make("stasiun-b", near.authority)


@pytest.fixture
def line(near: Fellow, far: Fellow) -> Iterator[CutRelay]:
    """All that `near` says to `far` goes through here."""
    where: Sighting = far.serve()
    with CutRelay(where.port) as relay:
        near.around.sightings = [replace(where, port=relay.port)]
        yield relay


@pytest.mark.parametrize("upward", [True, False])
def test_a_line_cut_at_any_byte_costs_a_round_and_no_packet(
    near: Fellow, far: Fellow, line: CutRelay, upward: bool
) -> None:
    keys: list[RecordKey] = []
    for count in CUTS:
        keys.append(near.packet(len(keys) + 1, filler=40_000))
        cut = line.cut_request_at if upward else line.cut_answer_at
        cut(count)
        near.go_round()
        line.behave()
    near.go_round()

    assert line.struck >= 4
    assert all(far.carries(key) for key in keys)
    assert all(near.row(key).handed_to == "stasiun-b" for key in keys)
    assert far.taken == len(keys)


def test_receipts_survive_every_lost_answer(near: Fellow, far: Fellow, line: CutRelay) -> None:
    keys = [near.packet(number) for number in (1, 2)]
    near.go_round()
    for key in keys:
        far.central_confirms(key)
    for count in CUTS[:5]:
        line.cut_answer_at(count)
        near.go_round()
        line.behave()
    near.go_round()
    assert {stage(near, key) for key in keys} == {Stage.RECEIPTED}


@pytest.mark.parametrize("place", ["packet.written", "packet.renamed", "packet.durable"])
def test_a_relay_that_loses_power_while_it_takes_a_packet_has_it_whole_or_not_at_all(
    near: Fellow, far: Fellow, tmp_path: Path, place: str, said: list[str]
) -> None:
    """The power cut strikes the depot of the relay as its disk sees it; the next start heals, and nothing doubles."""
    key = near.packet()
    data = near.depot.packets.read(key)
    card = far.depot.cards.learn(near.depot.cards.own())

    def cut(name: str) -> None:
        if name == place:
            raise PowerCut

    with failpoint.armed(cut), pytest.raises(PowerCut):
        far.depot.carried.take(data, card, came_by="relay:stasiun-a", at=far.clock.now())
    far.restart()
    near.around.sightings = [far.serve()]

    near.go_round()

    assert far.carries(key)
    assert near.row(key).handed_to == "stasiun-b"
    assert stage(near, key) is Stage.QUEUED


def test_a_relay_that_lost_its_outbox_still_carries_what_it_took(
    near: Fellow, far: Fellow, line: CutRelay, said: list[str]
) -> None:
    key = near.packet()
    near.go_round()
    far.close()
    for part in far.root.glob("outbox.db*"):
        part.unlink()
    depot = Depot(far.root)
    found = depot.outbox.get(key)
    depot.close()
    assert found is not None
    assert found.carried
    assert found.origin == "stasiun-a"
