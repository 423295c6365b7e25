"""How long the window takes to come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import nan
from operator import attrgetter
from pathlib import Path
from statistics import median
from time import monotonic_ns
from typing import Any

from tests.bench.child import answer_of
from tests.bench.growth import growth
from tests.bench.row import Row
from tests.bench.site import Site

TURNS = 7
QUEUED = (0, 1000, 10_000)
BESIDE = "bare PySide6 process that shows an empty window"


def start(site: Site) -> Iterator[Row]:
    """start.window_ms: from the start of the process to the sign-in screen painted with its officers; empty outbox.
    start.ready_ms: until there is a program behind it that takes the password; what was typed before is taken then.

    .queued_1000 and .queued_10000: the same with so many packets waiting, their central unreachable. All in the same
    turns as what is beside them, each time in a fresh process, on warm file caches and a station started before.
    """
    stations = [site.queued(many) for many in QUEUED]
    shows: list[Callable[[], Shown]] = [lambda: shown("tests.bench.bare_window")]
    shows += [lambda root=root: shown("tests.bench.first_paint", root) for root in stations]  # type: ignore[misc]
    for show in shows:
        show()
    site.say("starting windows")
    turns = [[show() for show in shows] for _ in range(TURNS)]
    bare, *columns = zip(*turns, strict=True)
    other = median(map(painted_ms, bare))
    for what, moment in (("window", painted_ms), ("ready", ready_ms)):
        found = [median(map(moment, column)) for column in columns]
        rows = [
            Row(_name(what, many), value, "ms", other, BESIDE, TURNS) for many, value in zip(QUEUED, found, strict=True)
        ]
        yield from rows
        yield growth(rows[1], rows[2], "packets in the outbox")


@dataclass(frozen=True)
class Shown:
    """From the start of a process, in milliseconds; not a number for what it does not come to."""

    painted_ms: float
    ready_ms: float


painted_ms, ready_ms = attrgetter("painted_ms"), attrgetter("ready_ms")


def shown(module: str, *arguments: Path, run: Callable[..., dict[str, Any]] = answer_of) -> Shown:
    """`run` starts `module` and tells what it printed last. The monotonic clock is the same in all processes."""
    started = monotonic_ns()
    told = run(module, *arguments)
    return Shown((told["painted_ns"] - started) / 1e6, (told.get("ready_ns", nan) - started) / 1e6)


def _name(what: str, queued: int) -> str:
    return f"start.{what}_ms.queued_{queued}" if queued else f"start.{what}_ms"
