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

    From the first digit of the NIK until it is sealed: form, photo, ten fingers, two eyes, signature, verification,
    through the window and devices that speak SBI from another process, with live pictures all the while. The longest
    gap of all of five people; the median of their 99 %. Beside: the same window at rest.
    """
    site.say(f"capturing {TURNS} people with the window watched")
    parts = answer_of("tests.bench.capture_window", site.folder("capturing"), TURNS, longest_s=300.0)["parts"]
    for part in parts:
        site.say(f"{part['seconds']:.1f} s: longest gaps {part['capturing']['longest_ms']} ms")
    longest = f"{BESIDE}; the longest of {TURNS}, no median"
    for key, chosen, what in (("max_ms", max, longest), ("p99_ms", median, BESIDE)):
        value, idle = (chosen([part[kind][key] for part in parts]) for kind in ("capturing", "idle"))
        yield Row(f"capture.gui_gap.{key}", value, "ms", idle, what, TURNS)
