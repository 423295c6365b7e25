"""How soon the first manifest goes out when the network has come back, and nobody says that it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, perf_counter, sleep

import httpx

from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.config import Settings
from station.domain.delivery import Stage
from station.domain.ports import Clock, SystemClock
from station.domain.record import RecordKey
from station.sync.engine import Engine
from station.sync.line import Line
from station.sync.network import Network
from station.wire import Pacing
from tests.bench.failed import BenchFailed
from tests.bench.pairs import beside
from tests.bench.row import Row
from tests.bench.site import Site
from tests.support import Workplace

TURNS = 5
OUTAGE_S = 3600.0
_LONGEST_S = 30.0


class LaterClock:
    """The clock of this computer, after so many seconds that nobody wants to wait for."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead_s)

    def monotonic(self) -> float:
        return monotonic() + self.ahead_s


def returning(site: Site) -> Iterator[Row]:
    """sync.return_to_manifest_s: from the moment the line is there again to central's answer to the first manifest.

    After an hour without network, when the waits between tries are longest; central asks for no spread. The operating
    system gives no hint: the station sees by itself that this computer has an address again. Beside: one bare hello.
    """

    def come_back(turn: int) -> float:
        return _seconds(site.folder(f"return-{turn}"), turn / TURNS)

    value, other = beside(TURNS, come_back, lambda turn: _hello_seconds(site.folder(f"hello-{turn}")))
    yield Row("sync.return_to_manifest_s", value, "s", other, "one hello by httpx", TURNS)


def _seconds(root: Path, after_s: float) -> float:
    """The line comes back `after_s` after the engine began to wait."""
    clock = LaterClock()
    network = Network()
    with _central(root / "central", clock) as server:
        place = Workplace(root / "station", server.url, clock)
        place.enrol(server.central.new_code())
        packet = place.seal(1).packet
        assert packet is not None
        network.cut()
        line = Line(lambda: ("",) if network.is_cut else ("10.64.0.2",))
        engine = Engine(place.depot, Settings(), clock=clock, network=network, line=line)
        network.on_change.clear()  # no hint
        wait_s = 0.0
        while clock.ahead_s < OUTAGE_S or wait_s < _LONGEST_S:  # ends with a long wait before it
            clock.ahead_s += wait_s
            wait_s = engine.step()
        try:
            engine.start()
            sleep(after_s)
            return _first_manifest(place, packet.key, network)
        finally:
            engine.stop()
            place.close()


@contextmanager
def _central(root: Path, clock: Clock) -> Iterator[CentralServer]:
    """A central that spreads nobody."""
    pacing = Pacing(spread_s=0, manifest_spread_s=0)
    server = CentralServer(root, options=CentralOptions(training=True, pacing=pacing), clock=clock)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _first_manifest(place: Workplace, key: RecordKey, network: Network) -> float:
    network.mend()
    started = perf_counter()
    while place.stage(key) is Stage.QUEUED:
        if perf_counter() - started > _LONGEST_S:
            raise BenchFailed(f"no manifest within {_LONGEST_S:.0f} s; link {place.depot.memory.link}")
        sleep(0.005)
    return perf_counter() - started


def _hello_seconds(root: Path) -> float:
    with _central(root / "central", SystemClock()) as server, httpx.Client(trust_env=False) as client:
        started = perf_counter()
        client.get(f"{server.url}/v1/hello", headers={"Request-Id": "01a1fc0b-e380-71fd-afd0-1bb720aff3dd"})
        return perf_counter() - started
