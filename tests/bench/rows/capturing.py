"""How long the window stands still while a person is captured."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.child import answer_of
from tests.bench.row import Row
from tests.bench.site import Site

TURNS = 5
BESIDE = "the same window at rest for the same number of seconds"


def capturing(site: Site) -> Iterator[Row]:
    """capture.gui_gap.max_ms and .p99_ms: between two ticks of a 4 ms timer in the window's thread, longest and 99 %.

    Photo, ten fingers, two eyes and signature, through the window and devices that speak SBI from another process, with
    live pictures all the while: from the photo step to the review. Medians of five people; capture.gui_gap.worst_ms is
    the longest of all. Beside: the same window at rest.
    """
    site.say(f"capturing {TURNS} people with the window watched")
    parts = answer_of("tests.bench.capture_window", site.folder("capturing"), TURNS, longest_s=300.0)["parts"]
    for part in parts:
        site.say(f"{part['seconds']:.1f} s: longest gaps {part['capturing']['longest_ms']} ms")
    for name, key, chosen, count in (
        ("capture.gui_gap.max_ms", "max_ms", median, TURNS),
        ("capture.gui_gap.p99_ms", "p99_ms", median, TURNS),
        ("capture.gui_gap.worst_ms", "max_ms", max, 1),
    ):
        value = chosen([part["capturing"][key] for part in parts])
        yield Row(name, value, "ms", chosen([part["idle"][key] for part in parts]), BESIDE, count)
