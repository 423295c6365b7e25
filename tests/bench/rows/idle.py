"""What the window costs when nobody does anything: the battery of a van pays for it."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.child import answer_of
from tests.bench.row import Row
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace

TURNS = 5
SECONDS = 8.0


def idle(site: Site) -> Iterator[Row]:
    """guard.idle_cpu_percent: share of one core that the whole process takes in 8 s while nobody touches it.

    The real window, somebody signed in, the start page open, the engine without a network, power saved. Beside: the
    same with power saving switched off, in the same process right after.
    """
    with offline_workplace(site.folder("idle")) as place:
        root = place.root
    turns = []
    for _ in range(TURNS):
        turns.append(answer_of("tests.bench.idle_window", root, SECONDS))
        site.say(f"{turns[-1]['saving_percent']:.2f} % of a core, {turns[-1]['percent']:.2f} % without saving")
    saving, plain = (median(turn[key] for turn in turns) for key in ("saving_percent", "percent"))
    yield Row("guard.idle_cpu_percent", saving, "%", plain, "the same window, power saving off", TURNS)
