"""`python -m tests.link`: what delivery makes of a bad line, beside curl, tuspy and a one-shot upload in the same run.

Root only: it makes network namespaces with a slow, lossy line between them (tests/link/emulator.py). Writes
build/bench-link.json, rows of the same shape as build/bench.json, and prints a table.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import sqrt

from tests.bench.row import Row
from tests.bench.table import table
from tests.link.hosts import ROOT, Quality
from tests.link.trial import Load, Result, prepare, try_way

RATES = {64: 8, 128: 12, 512: 40}
"""Packets for each rate in kbit/s: some minutes of sending, so that several drops fall into it."""
LOSSY = 12
"""At most so many on a line that loses: one connection then carries far less than the line could."""
LOSSES = (0.0, 0.02, 0.05)
DROP_EVERY_S = 120.0
AT_A_TIME = 8
"""Lines that run beside each other: they carry little, and a computer has time between two packets."""
PATIENCE, PATIENCE_S = 3, 120
"""Times the time that the bytes need at least, and seconds more: what has not arrived by then has not."""
SEGMENT = 1348


@dataclass(frozen=True)
class Trial:
    way: str
    quality: Quality


def main() -> int:
    options = _options()
    if os.geteuid() != 0:
        print("bench-link needs root for network namespaces; nothing was measured", file=sys.stderr)
        return 1
    scratch = ROOT / "build" / "link"
    shutil.rmtree(scratch, ignore_errors=True)
    rates, losses = sorted(options.rates), tuple(options.losses)
    trials = list(_trials(rates, losses))
    loads: dict[int, Load] = {}
    for number in sorted({_packets(trial.quality) for trial in trials}):
        print(f"sealing {number} records", flush=True)
        loads[number] = prepare(scratch / f"load{number}", number)
    found: dict[Trial, Result] = {}
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        waiting = [pool.submit(_run, loads, trial, number) for number, trial in enumerate(trials)]
        for trial, future in zip(trials, waiting, strict=True):
            found[trial] = future.result()
            print(_line(found[trial]), flush=True)
    rows = list(_rows(found, rates, losses))
    (ROOT / "build" / "bench-link.json").write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n")
    print(f"\n{table(rows)}")
    shutil.rmtree(scratch, ignore_errors=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.link", description=__doc__.splitlines()[0])
    parser.add_argument("--rates", type=int, nargs="+", choices=tuple(RATES), default=list(RATES))
    parser.add_argument("--losses", type=float, nargs="+", default=list(LOSSES))
    return parser.parse_args()


def _trials(rates: list[int], losses: tuple[float, ...]) -> Iterator[Trial]:
    for rate in rates:  # slow ones first: they take longest
        for loss in losses:
            calm, torn = Quality(rate, loss=loss), Quality(rate, loss=loss, drop_every_s=DROP_EVERY_S)
            yield Trial("curl", calm)
            for way in ("station", "tuspy", "oneshot"):
                yield Trial(way, calm)
                yield Trial(way, torn)


def _run(loads: dict[int, Load], trial: Trial, number: int) -> Result:
    load = loads[_packets(trial.quality)]
    patience_s = PATIENCE * load.size / _most_bps(trial.quality) + PATIENCE_S
    return try_way(load, trial.way, trial.quality, load.root.parent / f"trial{number}", patience_s, seed=number)


def _packets(quality: Quality) -> int:
    number = RATES[quality.kbps]
    return min(number, LOSSY) if quality.loss else number


def _most_bps(quality: Quality) -> float:
    """Bytes per second that one connection can make of it (Mathis and others 1997), or the line carries at most."""
    line = quality.kbps * 125.0
    return min(line, SEGMENT / quality.rtt_s * sqrt(1.5 / quality.loss)) if quality.loss else line


def _rows(found: dict[Trial, Result], rates: list[int], losses: tuple[float, ...]) -> Iterator[Row]:
    """What was measured; of a way that delivered nothing there is nothing to say but that, and it is printed."""
    for rate in rates:
        for loss in losses:
            name = f"{rate}k" if not loss else f"{rate}k.loss{loss * 100:.0f}"
            calm, torn = Quality(rate, loss=loss), Quality(rate, loss=loss, drop_every_s=DROP_EVERY_S)
            curl = found[Trial("curl", calm)]
            for way in ("station", "tuspy", "oneshot"):
                group = "link" if way == "station" else f"peer.{way}"
                steady, broken = found[Trial(way, calm)], found[Trial(way, torn)]
                if steady.delivered and curl.delivered:
                    what = f"curl, one PUT; {steady.delivered / steady.size:.0%} was delivered"
                    yield Row(f"{group}.goodput.{name}", _kbps(steady), "kbit/s", _kbps(curl), what, 1)
                if broken.delivered and curl.delivered:
                    yield Row(
                        f"{group}.overhead.{name}",
                        broken.sent_per_byte,
                        "bytes on the line for a byte delivered",
                        curl.sent_per_byte,
                        f"curl without drops; {broken.delivered / broken.size:.0%} was delivered with them",
                        1,
                    )


def _kbps(result: Result) -> float:
    return result.goodput * 8 / 1000


def _line(result: Result) -> str:
    told = f"{result.seconds:.0f} s, {_kbps(result):.1f} kbit/s, {result.counters.up} bytes sent"
    each = f", {result.sent_per_byte:.3f} for a byte delivered" if result.delivered else ""
    arrived = f"{result.delivered / result.size:.0%} of {result.size} delivered"
    return f"{result.way:8} {result.quality}: {told}{each}, {arrived}"


if __name__ == "__main__":
    raise SystemExit(main())
