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

from tests.bench.row import Row
from tests.bench.table import table
from tests.link.hosts import ROOT, Quality
from tests.link.trial import Load, Result, prepare, try_way

RATES = {64: 8, 128: 12, 512: 40}
"""Packets for each rate in kbit/s: some minutes of sending, so that several drops fall into it."""
LOSSES = (0.0, 0.02, 0.05)
DROP_EVERY_S = 120.0
AT_A_TIME = 8
"""Lines that run beside each other: they carry little, and a computer has time between two packets."""
PATIENCE, PATIENCE_S = 4, 120
"""Times the time that the bytes need at least, and seconds more: what has not arrived by then has not."""


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
    rates = {rate: number for rate, number in RATES.items() if rate in options.rates}
    loads: dict[int, Load] = {}
    for rate, number in rates.items():
        print(f"sealing {number} records for {rate} kbit/s", flush=True)
        loads[rate] = prepare(scratch / f"load{rate}", number)
    trials = list(_trials(tuple(rates), tuple(options.losses)))
    found: dict[Trial, Result] = {}
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        waiting = [pool.submit(_run, loads, trial, number) for number, trial in enumerate(trials)]
        for trial, future in zip(trials, waiting, strict=True):
            found[trial] = future.result()
            print(_line(found[trial]), flush=True)
    rows = list(_rows(found, tuple(rates), tuple(options.losses)))
    (ROOT / "build" / "bench-link.json").write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n")
    print(f"\n{table(rows)}")
    shutil.rmtree(scratch, ignore_errors=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.link", description=__doc__.splitlines()[0])
    parser.add_argument("--rates", type=int, nargs="+", choices=tuple(RATES), default=list(RATES))
    parser.add_argument("--losses", type=float, nargs="+", default=list(LOSSES))
    return parser.parse_args()


def _trials(rates: tuple[int, ...], losses: tuple[float, ...]) -> Iterator[Trial]:
    for rate in sorted(rates):  # slow ones first: they take longest
        for loss in losses:
            calm, torn = Quality(rate, loss=loss), Quality(rate, loss=loss, drop_every_s=DROP_EVERY_S)
            yield Trial("curl", calm)
            for way in ("station", "tuspy", "oneshot"):
                yield Trial(way, calm)
                yield Trial(way, torn)


def _run(loads: dict[int, Load], trial: Trial, number: int) -> Result:
    load = loads[trial.quality.kbps]
    patience_s = PATIENCE * load.size / (trial.quality.kbps * 125) + PATIENCE_S
    return try_way(load, trial.way, trial.quality, load.root.parent / f"trial{number}", patience_s, seed=number)


def _rows(found: dict[Trial, Result], rates: tuple[int, ...], losses: tuple[float, ...]) -> Iterator[Row]:
    for rate in rates:
        for loss in losses:
            name = f"{rate}k" if not loss else f"{rate}k.loss{loss * 100:.0f}"
            calm, torn = Quality(rate, loss=loss), Quality(rate, loss=loss, drop_every_s=DROP_EVERY_S)
            curl = found[Trial("curl", calm)]
            for way in ("station", "tuspy", "oneshot"):
                group = "link" if way == "station" else f"peer.{way}"
                steady, broken = found[Trial(way, calm)], found[Trial(way, torn)]
                yield Row(
                    f"{group}.goodput.{name}", _kbps(steady), "kbit/s", _kbps(curl), "curl, one PUT", 1, signed=True
                )
                yield Row(
                    f"{group}.overhead.{name}",
                    broken.sent_per_byte,
                    "bytes sent for a byte",
                    curl.sent_per_byte,
                    f"curl without drops; {broken.delivered / broken.size:.0%} was delivered",
                    1,
                )


def _kbps(result: Result) -> float:
    return result.goodput * 8 / 1000


def _line(result: Result) -> str:
    told = f"{result.seconds:.0f} s, {_kbps(result):.1f} kbit/s, {result.sent_per_byte:.3f} bytes sent for a byte"
    return f"{result.way:8} {result.quality}: {told}, {result.delivered / result.size:.0%} delivered"


if __name__ == "__main__":
    raise SystemExit(main())
