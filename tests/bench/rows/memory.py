"""How much memory the window's process holds, and what of it more packets cost."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.child import answer_of
from tests.bench.growth import growth
from tests.bench.row import Row
from tests.bench.site import Site

TURNS = 5
QUEUED = (0, 1000, 10_000)
BESIDE = "bare PySide6 process that shows an empty window"


def memory(site: Site) -> Iterator[Row]:
    """memory.window_mb.queued_0, .queued_1000 and .queued_10000: resident memory with so many packets waiting.

    The real window, somebody signed in, Sinkronisasi open, central unreachable; a fresh process each time. Beside: the
    process of an empty window. Both count what they share with other processes. With a target list of a million people:
    memory.window_mb.targets, which the row of that list measures.
    """
    stations = {many: site.queued(many) for many in QUEUED}
    site.say("opening windows and signing in")
    held: dict[int, list[float]] = {many: [] for many in QUEUED}
    bare = []
    for _ in range(TURNS):
        for many, root in stations.items():
            held[many].append(float(answer_of("tests.bench.holding_window", root)["resident_mb"]))
        bare.append(bare_mb())
    rows = [
        Row(f"memory.window_mb.queued_{many}", median(held[many]), "MB", median(bare), BESIDE, TURNS) for many in QUEUED
    ]
    yield from rows
    yield growth(rows[1], rows[2], "packets in the outbox")


def bare_mb() -> float:
    """What a process with an empty window holds."""
    return float(answer_of("tests.bench.bare_window")["resident_mb"])
