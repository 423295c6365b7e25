"""How long the window takes to come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import monotonic_ns

from station.domain.ids import new_record_id
from station.domain.record import RecordKey
from station.seal.packet import make_packet, sha256_of
from station.store.depot import Depot, outbox_item
from station.wire import PacketManifest
from tests.bench.child import answer_of
from tests.bench.row import Row
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace

TURNS = 7
QUEUED = 1000
BESIDE = "bare PySide6 process that shows an empty window"


def start(site: Site) -> Iterator[Row]:
    """start.window_ms: from the start of the process to the sign-in screen painted with its officers; empty outbox.

    start.window_ms.queued_1000: the same with 1,000 packets waiting, their central unreachable. Both in the same turns
    as what is beside them, each time in a fresh process on warm file caches.
    """
    empty = _station(site, "start-empty", 0)
    full = _station(site, "start-full", QUEUED)
    shows: list[Callable[[], float]] = [
        lambda: _shown_ms("tests.bench.first_paint", empty),
        lambda: _shown_ms("tests.bench.first_paint", full),
        lambda: _shown_ms("tests.bench.bare_window"),
    ]
    for show in shows:
        show()
    site.say("starting windows")
    turns = [[show() for show in shows] for _ in range(TURNS)]
    value, queued, other = (median(column) for column in zip(*turns, strict=True))
    yield Row("start.window_ms", value, "ms", other, BESIDE, TURNS)
    yield Row(f"start.window_ms.queued_{QUEUED}", queued, "ms", other, BESIDE, TURNS)


def _shown_ms(module: str, *arguments: object) -> float:
    """The monotonic clock is the same in all processes."""
    started = monotonic_ns()
    return float(answer_of(module, *arguments)["painted_ns"] - started) / 1e6


def _station(site: Site, name: str, packets: int) -> Path:
    """An enrolled station; so many tiny packets wait in its outbox."""
    with offline_workplace(site.folder(name)) as place:
        if packets:
            site.say(f"queueing {packets} tiny packets")
        for number in range(1, packets + 1):
            _queue(place.depot, number)
        return place.root


def _queue(depot: Depot, number: int) -> None:
    """A packet whose signature is good and whose body nobody will ever open."""
    enrolment, key = depot.enrolled()
    now, body = datetime.now(UTC), b"tiny"
    record = RecordKey(new_record_id(now), 1)
    manifest = PacketManifest(
        record_id=record.record_id, revision=record.revision, station_id=enrolment.station_id,
        office=enrolment.office, operator_id="op-bench", kind="rekam_baru", sealed_at=now, sequence=number,
        body_sha256=sha256_of(body), body_size=len(body), previous_sha256=None,
    )  # fmt: skip
    data = make_packet(manifest, body, key)
    path = depot.packets.path(record)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)  # not synced: this is preparation
    depot.outbox.add(outbox_item(data, record, key))
