"""How long the window takes to come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import monotonic_ns

from tests.bench.child import answer_of
from tests.bench.growth import growth
from tests.bench.row import Row
from tests.bench.site import Site

TURNS = 7
QUEUED = (0, 1000, 10_000)
BESIDE = "bare PySide6 process that shows an empty window"


def start(site: Site) -> Iterator[Row]:
    """start.window_ms: from the start of the process to the sign-in screen painted with its officers; empty outbox.

    start.window_ms.queued_1000 and .queued_10000: the same with so many packets waiting, their central unreachable. All
    in the same turns as what is beside them, each time in a fresh process on warm file caches.
    """
    stations = [site.queued(many) for many in QUEUED]
    shows: list[Callable[[], float]] = [lambda: _shown_ms("tests.bench.bare_window")]
    shows += [lambda root=root: _shown_ms("tests.bench.first_paint", root) for root in stations]  # type: ignore[misc]
    for show in shows:
        show()
    site.say("starting windows")
    turns = [[show() for show in shows] for _ in range(TURNS)]
    other, *found = (median(column) for column in zip(*turns, strict=True))
    rows = [Row(_name(many), value, "ms", other, BESIDE, TURNS) for many, value in zip(QUEUED, found, strict=True)]
    yield from rows
    yield growth(rows[1], rows[2], "packets in the outbox")


def _name(queued: int) -> str:
    return f"start.window_ms.queued_{queued}" if queued else "start.window_ms"


def _shown_ms(module: str, *arguments: Path) -> float:
    """The monotonic clock is the same in all processes."""
    started = monotonic_ns()
    return float(answer_of(module, *arguments)["painted_ns"] - started) / 1e6
