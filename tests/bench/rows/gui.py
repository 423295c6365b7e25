"""How long the window stands still while packets are delivered."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.central import central
from tests.bench.child import answer_of
from tests.bench.row import Row
from tests.bench.site import Site

TURNS = 5
PACKETS = 200
LONGEST_S = 400.0
BESIDE = "the same window idle for the same number of seconds"


def gui(site: Site) -> Iterator[Row]:
    """gui.gap_max_ms and gui.gap_p99_ms: between two ticks of a 4 ms timer in the window's thread, longest and 99 %.

    The real window, somebody signed in, Sinkronisasi open, 200 packets on their way to a central in another process;
    a gap of 100 ms is what a person begins to feel. They go in five parts of 40, and after each the window is idle for
    as long: medians of the five. gui.gap_worst_ms is the longest of all five, no median. Beside: the same window idle.
    """
    pair = site.sealed(PACKETS)
    site.say(f"draining {PACKETS} packets with the window open")
    with central(pair.root, pair.port):
        parts = answer_of("tests.bench.busy_window", pair.station, PACKETS, TURNS, longest_s=LONGEST_S)["parts"]
    for part in parts:
        busy, idle = part["draining"], part["idle"]
        site.say(f"{part['seconds']:.1f} s: longest gaps {busy['longest_ms']} ms, idle {idle['longest_ms']} ms")
    for name, key, chosen, what in (
        ("gui.gap_max_ms", "max_ms", median, BESIDE),
        ("gui.gap_p99_ms", "p99_ms", median, BESIDE),
        ("gui.gap_worst_ms", "max_ms", max, f"{BESIDE}; the longest of {TURNS}, no median"),
    ):
        value = chosen([part["draining"][key] for part in parts])
        yield Row(name, value, "ms", chosen([part["idle"][key] for part in parts]), what, TURNS)
