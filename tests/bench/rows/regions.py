"""How quickly a village is found by typing."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median, quantiles

from tests.bench.child import answer_of
from tests.bench.row import Row
from tests.bench.site import Site

TURNS = 5
READY = "the same window and keys, the desk's answer ready"


def regions(site: Site) -> Iterator[Row]:
    """people.regions.search_p99_ms: from the key press to the list painted, 99 % of the key presses.

    The real field offscreen at 1366×768, the real desk thread, all 83,762 villages; names, districts and codes typed
    letter by letter, and words that match most of the country or nothing. Median of the 99 % of five processes.
    people.regions.first_ms is the first search of a process, which reads the table; people.regions.memory_mb what it
    keeps. Beside: the same keys while the desk need not look anything up; for the memory, the text of the table.
    """
    site.say("typing names of villages")
    turns = [answer_of("tests.bench.village_window") for _ in range(TURNS)]
    keys = len(turns[0]["looked_up_ms"])
    looked_up, ready = ([_p99(turn[key]) for turn in turns] for key in ("looked_up_ms", "ready_ms"))
    site.say(f"{keys} key presses each; longest {max(max(turn['looked_up_ms']) for turn in turns):.1f} ms")
    yield Row("people.regions.search_p99_ms", median(looked_up), "ms", median(ready), READY, TURNS * keys)
    first = median(turn["first_ms"] for turn in turns)
    unzipped = median(turn["unzip_ms"] for turn in turns)
    yield Row("people.regions.first_ms", first, "ms", unzipped, "unpacking the file", TURNS)
    memory = median(turn["memory_mb"] for turn in turns)
    yield Row("people.regions.memory_mb", memory, "MB", turns[0]["text_mb"], "the unpacked file", TURNS)


def _p99(taken: list[float]) -> float:
    return quantiles(taken, n=100)[98]
