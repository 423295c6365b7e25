"""How many packets a second the reference central takes, whoever sends them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from time import perf_counter

import httpx

from tests.bench.central import central, free_port
from tests.bench.child import command, serving
from tests.bench.failed import BenchFailed
from tests.bench.pairs import beside
from tests.bench.row import Row
from tests.bench.site import Site
from tests.contracts.central_station import Sealed, Station, enrol

CONNECTIONS = 4
EACH = 20
TURNS = 5
BODY = 110_000
"""Random bytes in a packet, written as twice as many digits: about what a person's pictures take."""
BESIDE = "httpx POST of the same bytes over as many connections, write + fsync"


def central_rate(site: Site) -> Iterator[Row]:
    """central.packets_per_s: what `station central` takes over four connections at once, HTTP on loopback.

    Manifests of 20, then each packet in one upload whose answer carries the receipt, packets of about 220 KB; plain
    httpx on the other side, without database and engine. Beside: the same bytes to a process that only keeps them.
    """
    folder = site.folder("central-rate")
    receiver = command("tests.bench.receiver", folder / "posted")
    with central(folder, free_port()) as running, serving(receiver, lines=1) as said:
        enrolled = enrol(httpx.Client(base_url=running.url, trust_env=False), running.code)
        senders = [_again(enrolled, running.url) for _ in range(CONNECTIONS)]
        site.say("delivering to central")

        def deliver(_turn: int) -> float:
            loads = [[_sealed(sender) for _ in range(EACH)] for sender in senders]
            posted[:] = [[packet.data for packet in load] for load in loads]
            return _rate([lambda s=s, load=load: _deliver(s, load) for s, load in zip(senders, loads, strict=True)])  # type: ignore[misc]

        def post(_turn: int) -> float:
            return _rate([lambda bodies=bodies: _post(said[0], bodies) for bodies in posted])  # type: ignore[misc]

        posted: list[list[bytes]] = []
        deliver(-1), post(-1)
        value, other = beside(TURNS, deliver, post)
    yield Row("central.packets_per_s", value, "packets/s", other, BESIDE, TURNS)


def _again(station: Station, url: str) -> Station:
    """The same station on a connection of its own."""
    more = Station(httpx.Client(base_url=url, trust_env=False), station.key, station.hello)
    more.sequence = station.sequence
    return more


def _sealed(station: Station) -> Sealed:
    return station.seal(enclosed={"approval": {"text": token_hex(BODY)}})


def _rate(works: list[Callable[[], None]]) -> float:
    """Packets a second of all `works` together, each on a thread."""
    with ThreadPoolExecutor(len(works)) as threads:
        started = perf_counter()
        for done in [threads.submit(work) for work in works]:
            done.result()
        return len(works) * EACH / (perf_counter() - started)


def _deliver(station: Station, load: list[Sealed]) -> None:
    verdicts = station.announce(*(packet.item() for packet in load))
    for packet, verdict in zip(load, verdicts, strict=True):
        answer = station.patch(str(verdict.get("upload", "")), packet.data, 0)
        if answer.status_code != 204 or "receipt" not in answer.headers:
            raise BenchFailed(f"central.packets_per_s: {answer.status_code} instead of a receipt")


def _post(url: str, bodies: list[bytes]) -> None:
    with httpx.Client(trust_env=False) as client:
        for body in bodies:
            client.post(url, content=body).raise_for_status()
