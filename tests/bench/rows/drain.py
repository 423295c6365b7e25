"""How fast waiting packets reach central."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep

import httpx

from station.config import Settings
from station.domain.delivery import Stage
from station.store.depot import Depot
from station.sync.engine import Engine
from tests.bench.central import central
from tests.bench.child import command, serving
from tests.bench.failed import BenchFailed
from tests.bench.pairs import beside
from tests.bench.row import Row
from tests.bench.sealed_station import Pair
from tests.bench.site import Site

TURNS = 5
PACKETS = 40
"""Each turn: 200 in all."""
_LONGEST_S = 60.0


def drain(site: Site) -> Iterator[Row]:
    """drain.packets_per_s: packets of real size, from the engine's first step to the last verified receipt.

    The engine is alone in its process, central is `station central` in another one, on loopback. Beside: httpx posts
    the same bytes over one connection to a process that only writes and syncs each.
    """
    sealed = site.sealed(PACKETS)
    bodies = [path.read_bytes() for path in sorted(sealed.station.glob("packets/*/*.packet"))]
    root = site.folder("drain")
    with serving(command("tests.bench.receiver", root / "posted"), lines=1) as said:

        def post(_turn: int) -> float:
            return len(bodies) / post_seconds(said[0], bodies)

        def deliver(turn: int) -> float:
            site.say(f"draining {PACKETS} packets, turn {turn + 1} of {TURNS}")
            return PACKETS / _fresh_drain_seconds(sealed, root / str(turn))

        value, other = beside(TURNS, deliver, post)
    yield Row("drain.packets_per_s", value, "packets/s", other, "httpx POST of the same bytes, write + fsync", TURNS)


def _fresh_drain_seconds(sealed: Pair, root: Path) -> float:
    pair = sealed.copy_to(root)
    with central(pair.root, pair.port):
        seconds = drain_seconds(pair.station)
    shutil.rmtree(root)
    return seconds


def drain_seconds(station: Path) -> float:
    """Step the engine of `station` until every packet has its receipt."""
    depot = Depot(station)
    depot.memory.paused = False
    engine, steps = Engine(depot, Settings()), 0
    try:
        started = perf_counter()
        # Asking the outbox at every step would be measured too; no packet takes less than one.
        while steps < PACKETS or not _all_receipted(depot):
            sleep(min(engine.step(), 0.05))
            steps += 1
            if perf_counter() - started > _LONGEST_S:
                raise BenchFailed(f"not {PACKETS} packets in {_LONGEST_S:.0f} s; {_trouble(depot, engine)}")
        return perf_counter() - started
    finally:
        engine.stop()
        depot.close()


def _trouble(depot: Depot, engine: Engine) -> str:
    return f"link {engine.link}, notes {[line.note for line in depot.technical_log.lines(3)]}"


def _all_receipted(depot: Depot) -> bool:
    return len(depot.outbox.page([Stage.RECEIPTED], offset=0, limit=PACKETS)) == PACKETS


def post_seconds(url: str, bodies: list[bytes]) -> float:
    """How long httpx takes to post `bodies` over one connection."""
    with httpx.Client(trust_env=False) as client:
        client.get(url)  # connects; the route answers 405
        started = perf_counter()
        for body in bodies:
            client.post(url, content=body).raise_for_status()
        return perf_counter() - started
