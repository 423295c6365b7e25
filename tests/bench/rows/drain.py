"""How fast waiting packets reach central, beside programs that only send the bytes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import httpx

from station.config import Settings
from station.store.depot import Depot
from station.sync.engine import Engine
from tests.bench.central import central
from tests.bench.child import command, serving
from tests.bench.failed import BenchFailed
from tests.bench.growth import growth
from tests.bench.row import Row
from tests.bench.sealed_station import Pair
from tests.bench.site import Site

TURNS = 5
PACKETS = 40
"""Each turn: 200 in all."""
TIMES = 10
"""So many times as many packets, to see what that costs."""
POSTED = "httpx POST of the same bytes, write + fsync"
CURL = "curl, the same bytes in one PUT, write + fsync; the ratio is its share of our time"
_LONGEST_S = 300.0


def drain(site: Site) -> Iterator[Row]:
    """drain.packets_per_s: packets of real size, from the engine's first step to the last verified receipt.

    The engine is alone in its process, central is `station central` in another one, on loopback. Beside: httpx posts
    the same bytes over one connection to a process that only writes and syncs each. drain.upload_mbit_per_s is the
    same in bits, beside curl with all of them in one PUT. drain.packets_per_s.400 drains ten times as many.
    """
    packets, bits, posts, puts = [], [], [], []
    sealed, many = site.sealed(PACKETS), site.sealed(PACKETS * TIMES)
    bodies = [path.read_bytes() for path in sorted(sealed.station.glob("packets/*/*.packet"))]
    mbit = sum(map(len, bodies)) * 8 / 1e6
    root = site.folder("drain")
    whole = root / "whole"
    whole.write_bytes(b"".join(bodies))
    with serving(command("tests.bench.receiver", root / "posted"), lines=1) as said:
        for turn in range(TURNS):
            site.say(f"draining {PACKETS} packets, turn {turn + 1} of {TURNS}")
            seconds = _fresh_drain_seconds(sealed, root / str(turn), PACKETS)
            packets.append(PACKETS / seconds)
            bits.append(mbit / seconds)
            posts.append(len(bodies) / post_seconds(said[0], bodies))
            puts.append(mbit / put_seconds(said[0], whole))
        row = Row("drain.packets_per_s", median(packets), "packets/s", median(posts), POSTED, TURNS)
        yield row
        yield Row("drain.upload_mbit_per_s", median(bits), "Mbit/s", median(puts), CURL, TURNS)
        longer = _longer(site, many, root, said[0], bodies)
    yield longer
    yield growth(row, longer, "packets waiting", times=TIMES)


def _longer(site: Site, many: Pair, root: Path, url: str, bodies: list[bytes]) -> Row:
    packets, posts, number = [], [], PACKETS * TIMES
    for turn in range(TURNS):
        site.say(f"draining {number} packets, turn {turn + 1} of {TURNS}")
        packets.append(number / _fresh_drain_seconds(many, root / f"many-{turn}", number))
        posts.append(len(bodies) / post_seconds(url, bodies))
    return Row(f"drain.packets_per_s.{number}", median(packets), "packets/s", median(posts), POSTED, TURNS)


def _fresh_drain_seconds(sealed: Pair, root: Path, packets: int) -> float:
    pair = sealed.copy_to(root)
    with central(pair.root, pair.port):
        seconds = drain_seconds(pair.station, packets)
    shutil.rmtree(root)
    return seconds


def drain_seconds(station: Path, packets: int) -> float:
    """Step the engine of `station` until every one of its `packets` has its receipt."""
    depot = Depot(station)
    depot.memory.paused = False
    engine = Engine(depot, Settings())
    try:
        started = perf_counter()
        # Asking the outbox at every step would be measured too: it is asked when the engine has nothing to do.
        while not (wait_s := engine.step()) or not _all_receipted(depot, packets):
            sleep(min(wait_s, 0.05))
            if perf_counter() - started > _LONGEST_S:
                raise BenchFailed(f"not {packets} packets in {_LONGEST_S:.0f} s; {_trouble(depot, engine)}")
        return perf_counter() - started
    finally:
        engine.stop()
        depot.close()


def _trouble(depot: Depot, engine: Engine) -> str:
    return f"link {engine.link}, notes {[line.note for line in depot.technical_log.lines(3)]}"


def _all_receipted(depot: Depot, packets: int) -> bool:
    counts = depot.outbox.counts(day_start=datetime.now(UTC))
    return counts.waiting == 0 and counts.receipted == packets


def post_seconds(url: str, bodies: list[bytes]) -> float:
    """How long httpx takes to post `bodies` over one connection."""
    with httpx.Client(trust_env=False) as client:
        client.get(url)  # connects; the route answers 405
        started = perf_counter()
        for body in bodies:
            client.post(url, content=body).raise_for_status()
        return perf_counter() - started


def put_seconds(url: str, whole: Path) -> float:
    """How long curl takes to put a file there, its own start included."""
    started = perf_counter()
    try:
        subprocess.run(
            ["curl", "-sS", "--fail", "--noproxy", "*", "-H", "Expect:", "-T", str(whole), url],
            check=True, capture_output=True, text=True, timeout=_LONGEST_S,
        )  # fmt: skip
    except FileNotFoundError as missing:
        raise BenchFailed("curl is not here (Debian: curl); drain.upload_mbit_per_s is measured beside it") from missing
    except subprocess.SubprocessError as failed:
        raise BenchFailed(f"curl did not deliver: {failed}") from failed
    return perf_counter() - started
