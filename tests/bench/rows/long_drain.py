"""What a long drain costs: a thousand packets on a fast link, with somebody working at the window."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from tests.bench.central import central
from tests.bench.child import answer_of, command, serving
from tests.bench.row import Row
from tests.bench.rows.drain import post_seconds
from tests.bench.site import Site

PARTS = 5
PACKETS = 1000
LONGEST_S = 400.0


def long_drain(site: Site) -> Iterator[Row]:
    """sync.drain.packets_per_s, sync.drain.rss_growth_mb and sync.drain.gui_gap_max_ms, over 1,000 packets.

    The real window, somebody signed in, Sinkronisasi open, central in another process on loopback. The packets go in
    five parts of 200, and after each the window is idle for as long. Rate: median of the five; beside, httpx posts the
    same bytes to a process that writes and syncs each, five times before and five times after the drain. Growth:
    resident memory of the window's process after the last packet, less that before the first; the queue is drained
    once. sync.drain.rss_growth_part_mb is the median of the parts. Gap: the longest of all parts, no median; beside,
    the same window while idle.
    """
    sealed = site.sealed(PACKETS)
    bodies = [path.read_bytes() for path in sorted(sealed.station.glob("packets/*/*.packet"))[: PACKETS // PARTS]]
    with serving(command("tests.bench.receiver", site.folder("posted-long")), lines=1) as said:

        def post() -> list[float]:
            return [len(bodies) / post_seconds(said[0], bodies) for _ in range(PARTS)]

        before = post()
        site.say(f"draining {PACKETS} packets with the window open")
        with central(sealed.root, sealed.port):
            told = answer_of("tests.bench.busy_window", sealed.station, PACKETS, PARTS, longest_s=LONGEST_S)
        posted = before + post()
    parts = told["parts"]
    rates = [PACKETS / PARTS / part["seconds"] for part in parts]
    site.say(f"packets a second: {', '.join(f'{rate:.1f}' for rate in rates)}")
    beside = "httpx POST of the same bytes, write + fsync"
    yield Row("sync.drain.packets_per_s", median(rates), "packets/s", median(posted), beside, PARTS)
    growth = told["resident_after_mb"] - told["resident_before_mb"]
    held = "resident before the first packet"
    once = f"{held}; one drain of {PACKETS}, n = 1: sealing as many again would take minutes"
    yield Row("sync.drain.rss_growth_mb", growth, "MB", told["resident_before_mb"], once, 1, signed=True)
    after = [told["resident_before_mb"], *(part["resident_mb"] for part in parts)]
    each = median(later - before for before, later in pairwise(after))
    yield Row("sync.drain.rss_growth_part_mb", each, "MB", after[0], held, PARTS, signed=True)
    gaps, idle = (max(part[key]["max_ms"] for part in parts) for key in ("draining", "idle"))
    same = f"the same window idle for the same number of seconds; the longest of {PARTS}, no median"
    yield Row("sync.drain.gui_gap_max_ms", gaps, "ms", idle, same, PARTS)
