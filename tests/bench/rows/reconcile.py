"""How long the proof takes that central has everything, and what ten times the packets cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert

from station.central.tables import packets as central_packets
from station.domain.delivery import Stage
from station.store.tables import packet
from tests.bench.failed import BenchFailed
from tests.bench.growth import growth
from tests.bench.pairs import milliseconds
from tests.bench.queued import PER_DAY
from tests.bench.row import Row
from tests.bench.site import Site
from tests.reconciling import Pair
from tests.sending import STATION

PACKETS = (1000, 10_000)
TURNS = 9
BESIDE = "one hello of the same client"


def reconcile(site: Site) -> Iterator[Row]:
    """sync.reconcile_ms: all days compared with the reference central, 10,000 delivered packets, nothing differs.

    The lane alone, over HTTP on loopback; also among 1,000 (`….1000`). Beside: one hello, the smallest question there
    is.
    """
    rows = {many: _measured(site, many) for many in PACKETS}
    small, large = (rows[many] for many in PACKETS)
    yield large
    yield small
    yield growth(small, large, "delivered packets")


def _measured(site: Site, many: int) -> Row:
    site.say(f"comparing {many} packets")
    with closing(Pair(_root(site, many))) as pair:
        _delivered(pair, many)
        taken = []
        for turn in range(-1, TURNS):
            pair.clock.pass_time(3600)
            both = (milliseconds(lambda: _compare(pair, many)), _hello_ms(pair))
            taken += [both] if turn >= 0 else []
    value, other = (median(column) for column in zip(*taken, strict=True))
    name = "sync.reconcile_ms" + ("" if many == PACKETS[-1] else f".{many}")
    return Row(name, value, "ms", other, BESIDE, TURNS)


def _root(site: Site, many: int) -> Path:
    return site.folder(f"reconcile-{many}")


def _compare(pair: Pair, many: int) -> None:
    found = pair.compare()
    if found.packets != many or found.differing:
        raise BenchFailed(f"sync.reconcile_ms: {found.packets} packets compared, {found.differing} days differ")


def _hello_ms(pair: Pair) -> float:
    with closing(pair.sender.shared().client) as client:
        return milliseconds(lambda: client.get("/v1/hello", signed=False))


def _delivered(pair: Pair, many: int) -> None:
    """Both have the rows of so many packets: what a comparison reads, and nothing else."""
    ours, theirs = zip(*(_rows(pair, number, many) for number in range(many)), strict=True)
    with pair.sender.depot.outbox.database.write() as connection:
        connection.execute(insert(packet), list(ours))
    with pair.central.central.database.write() as rows:
        rows.execute(insert(central_packets), list(theirs))


def _rows(pair: Pair, number: int, many: int) -> tuple[dict[str, Any], dict[str, Any]]:
    at = pair.clock.now() - timedelta(days=(many - number) // PER_DAY + 1)
    same = {"record_id": f"01a1fc0b-e380-71fd-afd0-{number:012x}", "revision": 1, "origin": STATION}
    same |= {"sha256": f"{number + 1:064x}", "size": 240_000, "receipt_no": f"C-{number}", "receipt": "a.b.c"}
    ours = {"kind": "rekam_baru", "priority": 0, "sealed_at": at, "stage": Stage.RECEIPTED.value, "acknowledged": 0}
    ours |= {
        "restarts": 0,
        "attempts": 0,
        "reasons": "[]",
        "central_code": "",
        "received_at": at,
        "changed": number + 1,
    }
    theirs = {"received_at": at, "nik_hidden": "", "status": "", "sealed_day": at.date().isoformat()}
    return same | ours, same | theirs
