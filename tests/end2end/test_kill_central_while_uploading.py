"""Central dies in the middle of an upload and comes back: the upload goes on at its offset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.domain.delivery import Stage
from station.wire import Limits
from tests.faults.cut_relay import CutRelay, Passed
from tests.support import HandClock, Workplace

CHUNK = 4096


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    options = CentralOptions(training=True, limits=Limits(chunk_bytes=CHUNK))
    server = CentralServer(tmp_path / "central", options=options)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def relay(server: CentralServer) -> Iterator[CutRelay]:
    with CutRelay(server.port) as relay:
        yield relay


@pytest.fixture
def place(tmp_path: Path, server: CentralServer, relay: CutRelay) -> Iterator[Workplace]:
    place = Workplace(tmp_path / "station", f"http://127.0.0.1:{relay.port}", HandClock())
    place.enrol(server.central.new_code())
    yield place
    place.close()


def sent(requests: list[Passed]) -> int:
    return sum(len(item.body) for item in requests if item.method == "PATCH")


@pytest.mark.parametrize("chunks", [1, 2, 3])
@pytest.mark.parametrize("restart_station", [False, True])
def test_central_killed_in_the_middle_of_an_upload_gets_the_rest_and_nothing_twice(
    server: CentralServer, relay: CutRelay, place: Workplace, chunks: int, restart_station: bool
) -> None:
    row = place.seal().packet
    assert row is not None
    while (item := place.depot.outbox.get(row.key)) is not None and item.offset < chunks * CHUNK:
        assert place.engine.step() == 0
    assert item is not None
    assert item.stage is Stage.SENDING
    server.kill()
    assert sent(relay.requests()) == item.offset == chunks * CHUNK
    place.engine.step()
    relay.forget()
    server.start()
    if restart_station:
        place.reopen()
    place.drain()
    assert sent(relay.requests()) == item.size - item.offset
    (packet,) = server.central.packets()
    assert (packet.key, packet.sha256) == (row.key, row.sha256)
    settled = place.depot.outbox.get(row.key)
    assert settled is not None
    assert (settled.stage, settled.attempts) == (Stage.RECEIPTED, 0)


@pytest.mark.parametrize("count", [1, 2000, 4096, 5000])
def test_a_line_that_breaks_inside_a_chunk_costs_at_most_that_chunk(
    server: CentralServer, relay: CutRelay, place: Workplace, count: int
) -> None:
    row = place.seal().packet
    assert row is not None
    while (item := place.depot.outbox.get(row.key)) is not None and item.offset < CHUNK:
        place.engine.step()
    relay.cut_request_at(count)
    place.drain()
    assert relay.struck == 1
    assert row.size <= sent(relay.requests()) <= row.size + CHUNK
    (packet,) = server.central.packets()
    assert packet.sha256 == row.sha256


def test_central_killed_before_it_wrote_the_last_receipt_down_gives_the_same_one_ever_after(
    server: CentralServer, relay: CutRelay, place: Workplace
) -> None:
    row = place.seal().packet
    assert row is not None
    while (item := place.depot.outbox.get(row.key)) is not None and item.offset + CHUNK < item.size:
        place.engine.step()
    relay.lose_answer()
    place.engine.step()
    server.kill()
    server.start()
    place.drain()
    settled = place.depot.outbox.get(row.key)
    (packet,) = server.central.packets()
    assert settled is not None
    assert settled.receipt == packet.receipt
    assert settled.receipt_no == packet.receipt_no
