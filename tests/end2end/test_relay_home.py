"""One station without a link, one with a link, and a real central: packets arrive once, receipts come home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from station.central.server import CentralServer
from station.config import RelaySettings
from station.desk.relay import relay_state
from station.domain.delivery import LinkState, Stage
from station.domain.record import RecordKey
from station.domain.relay import RelayReason
from station.relay.circle import Sighting
from station.relay.room import Room
from station.relay.runner import RelayRunner
from station.seal.receipts import check_receipt
from tests.relaying import LOOPBACK, PLENTY, GivenSurroundings
from tests.support import HandClock, Workplace, running_central, workplace


@dataclass
class Carrying:
    """A station with its engine, and its relay that is moved by hand."""

    place: Workplace

    def __post_init__(self) -> None:
        self.around = GivenSurroundings()
        self.runner = RelayRunner(
            self.place.depot,
            RelaySettings(enabled=True, port=0),
            link=lambda: self.place.engine.link,
            clock=self.place.clock,
            taken=self.place.engine.wake,
            surroundings=self.around,
            room=Room(self.place.depot, lambda _path: PLENTY),
        )

    def until(self, done: Callable[[], bool]) -> None:
        """Deliver until `done`, then let the relay have its turn."""
        clock = self.place.clock
        assert isinstance(clock, HandClock)
        for _ in range(400):
            if done():
                self.runner.step()
                return
            clock.pass_time(self.place.engine.step())
        raise AssertionError("it never came to that")

    def is_offline(self) -> bool:
        return self.place.engine.link.state is LinkState.OFFLINE

    def is_linked(self) -> bool:
        return self.place.engine.link.up

    def has_receipts(self, *keys: RecordKey) -> bool:
        return all(self.place.stage(key) is Stage.RECEIPTED for key in keys)

    def go_round(self) -> None:
        """A minute later, with the same link."""
        clock = self.place.clock
        assert isinstance(clock, HandClock)
        clock.pass_time(60)
        self.runner.step()

    def restart(self) -> None:
        self.runner.stop()
        self.place.reopen()
        self.__post_init__()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central") as server:
        yield server


@pytest.fixture
def near(tmp_path: Path, server: CentralServer) -> Iterator[Carrying]:
    with workplace(tmp_path / "near", server, HandClock()) as place:
        made = Carrying(place)
        yield made
        made.runner.stop()


@pytest.fixture
def far(tmp_path: Path, server: CentralServer) -> Iterator[Carrying]:
    with workplace(tmp_path / "far", server, HandClock()) as place:
        made = Carrying(place)
        yield made
        made.runner.stop()


def at_central(server: CentralServer) -> list[RecordKey]:
    return sorted((packet.key for packet in server.central.packets()), key=str)


def assert_settled(near: Carrying, keys: list[RecordKey]) -> None:
    """Every one with a receipt that verifies against this station's own file."""
    enrolment, _ = near.place.depot.enrolled()
    for key in keys:
        item = near.place.depot.outbox.get(key)
        assert item is not None
        assert item.stage is Stage.RECEIPTED
        assert item.receipt is not None
        check_receipt(
            item.receipt,
            enrolment.receipt_keys,
            record=key,
            sha256=item.sha256,
            size=item.size,
            central_id=enrolment.central_id,
        )
        assert near.place.depot.packets.intact(key, item.sha256)


def test_without_a_link_packets_arrive_once_by_a_neighbour_and_receipts_come_home(
    server: CentralServer, near: Carrying, far: Carrying
) -> None:
    far.until(far.is_linked)
    near.place.network.cut()
    keys = [near.place.seal(number).record.key for number in (1, 2)]
    near.around.sightings = [Sighting(LOOPBACK, far.runner.port)]

    near.until(near.is_offline)
    assert relay_state(near.place.depot).reason is RelayReason.HANDING
    assert not near.has_receipts(keys[0])
    assert relay_state(far.place.depot).carried_for_others == 2

    far.restart()
    far.until(lambda: far.has_receipts(*keys))
    assert at_central(server) == sorted(keys, key=str)
    assert relay_state(far.place.depot).carried_for_others == 0

    near.around.sightings = [Sighting(LOOPBACK, far.runner.port)]
    near.go_round()
    assert_settled(near, keys)


def test_a_relay_that_never_comes_back_costs_nothing(server: CentralServer, near: Carrying, far: Carrying) -> None:
    far.until(far.is_linked)
    near.place.network.cut()
    key = near.place.seal(1).record.key
    near.around.sightings = [Sighting(LOOPBACK, far.runner.port)]
    near.until(near.is_offline)
    assert relay_state(far.place.depot).carried_for_others == 1
    far.runner.stop()

    near.place.network.mend()
    near.until(lambda: near.has_receipts(key))
    assert_settled(near, [key])

    far.until(lambda: far.has_receipts(key))  # it comes back after all: double delivery is harmless
    assert at_central(server) == [key]
