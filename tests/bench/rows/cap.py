"""How truly a cap is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep

from station.config import Settings
from station.domain.speed import SpeedRules
from station.store.depot import Depot
from station.sync.engine import Engine
from tests.bench.central import central
from tests.bench.failed import BenchFailed
from tests.bench.row import Row
from tests.bench.site import Site

PACKETS, KBPS, TURNS = 6, 2000, 5
_LONGEST_S = 60.0


def cap_accuracy(site: Site) -> Iterator[Row]:
    """sync.cap_accuracy: what a station sends under a cap, on a line that would carry far more, beside the cap.

    Bytes of packets, from the first of them on the line to the last receipt, by the computer's own clock.
    """
    sealed = site.sealed(PACKETS)
    rates = []
    for turn in range(TURNS):
        site.say(f"draining {PACKETS} packets under a cap of {KBPS} kbit/s, turn {turn + 1} of {TURNS}")
        pair = sealed.copy_to(site.folder(f"cap-{turn}") / "pair")
        with central(pair.root, pair.port):
            rates.append(_rate_kbps(pair.station))
        shutil.rmtree(pair.root)
    yield Row("sync.cap_accuracy", sorted(rates)[TURNS // 2], "kbit/s", KBPS, "the cap", TURNS)


def _rate_kbps(station: Path) -> float:
    depot = Depot(station)
    depot.memory.paused = False
    depot.memory.speed = SpeedRules(kbps=KBPS)
    size = sum(depot.packets.path(key).stat().st_size for key in sorted(depot.outbox.keys(), key=str))
    moved: list[float] = []
    engine = Engine(depot, Settings(), progress=lambda _progress: moved.append(perf_counter()))
    today, until = datetime.now(UTC), perf_counter() + _LONGEST_S
    try:
        while depot.outbox.counts(day_start=today).waiting:
            sleep(min(engine.step(), 0.05))
            if perf_counter() > until:
                raise BenchFailed(f"not {PACKETS} packets under a cap in {_LONGEST_S:.0f} s; link {engine.link}")
        return size * 8 / 1000 / (perf_counter() - moved[0])
    finally:
        engine.stop()
        depot.close()
