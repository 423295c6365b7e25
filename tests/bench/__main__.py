"""`python -m tests.bench`: every figure of docs' promises, measured beside the least that could be done instead.

Writes build/bench.json (a plain list of rows), build/bench-machine.json and the charts of docs/measurements/, prints a
table. A figure that cannot be obtained is an error at the end; the others are measured and written all the same.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator

from tests.bench.book import write_rows
from tests.bench.child import ROOT, answer_of
from tests.bench.failed import BenchFailed
from tests.bench.goals import over
from tests.bench.machine import load_average, require_disk, write_machine
from tests.bench.people import captures
from tests.bench.row import Row
from tests.bench.rows.answer import answer
from tests.bench.rows.cap import cap_accuracy
from tests.bench.rows.capture_set import capture_set
from tests.bench.rows.capturing import capturing
from tests.bench.rows.central_rate import central_rate
from tests.bench.rows.document import document
from tests.bench.rows.drain import drain
from tests.bench.rows.face import face
from tests.bench.rows.finger import finger, wsq
from tests.bench.rows.guard_restore import guard_restore
from tests.bench.rows.gui import gui
from tests.bench.rows.idle import idle
from tests.bench.rows.keyboard import keyboard
from tests.bench.rows.long_drain import long_drain
from tests.bench.rows.memory import memory
from tests.bench.rows.preview import preview
from tests.bench.rows.reconcile import reconcile
from tests.bench.rows.records import records
from tests.bench.rows.regions import regions
from tests.bench.rows.returning import returning
from tests.bench.rows.roster import roster
from tests.bench.rows.seal import packet, seal
from tests.bench.rows.search import search
from tests.bench.rows.signin import signing_in
from tests.bench.rows.slow import slow
from tests.bench.rows.start import start
from tests.bench.site import Site
from tests.bench.table import table

Bench = Callable[[Site], Iterator[Row]]

BENCHES: dict[str, Bench] = {
    "seal": seal,
    "packet": packet,
    "draft": answer,
    "start": start,
    "slow": slow,
    "memory": memory,
    "drain": drain,
    "gui": gui,
    "sync.drain": long_drain,
    "sync.return": returning,
    "sync.reconcile": reconcile,
    "central": central_rate,
    "sync.cap": cap_accuracy,
    "records": records,
    "records.search": search,
    "guard.idle": idle,
    "guard.restore": guard_restore,
    "guard.signin": signing_in,
    "people.regions": regions,
    "people.roster": roster,
    "people.keyboard": keyboard,
    "capture.preview": preview,
    "capture.document": document,
    "capture.set": capture_set,
    "capture.finger": finger,
    "capture.wsq": wsq,
    "capture.face": face,
    "capture.gui_gap": capturing,
}
"""By the first word or words of their rows."""
NEEDS_NOBODY = (
    "slow",
    "start",
    "memory",
    "central",
    "sync.return",
    "sync.reconcile",
    "records",
    "records.search",
    "guard.idle",
    "guard.signin",
    "people.regions",
    "people.roster",
    "people.keyboard",
    "capture.preview",
    "capture.document",
    "capture.set",
    "capture.finger",
    "capture.wsq",
    "capture.face",
    "capture.gui_gap",
)
LIMIT_S = 2100.0
"""Half an hour on two quiet cores, and a little."""


def main() -> int:
    chosen = _chosen()
    build = ROOT / "build"
    site = Site(build / "bench")
    load_before = load_average()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    shutil.rmtree(site.root, ignore_errors=True)
    try:
        site.root.mkdir(parents=True)
        require_disk(site.root)
        rows, seconds, failed, left_out = _measure(site, chosen)
    except BenchFailed as problem:
        print(f"FAILED: {problem}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(site.root, ignore_errors=True)
    if rows:
        write_rows(build / "bench.json", rows)
        write_machine(build / "bench-machine.json", load_before, site.seconds, seconds)
        _tell(rows, seconds, whole=set(chosen) == set(BENCHES) and not failed)
    print(f"load average before: {load_before}, took {site.seconds:.0f} s")
    if site.seconds > LIMIT_S:
        print(f"OVER ITS GOAL: the bench itself, {site.seconds:.0f} s of {LIMIT_S:.0f}: this computer is slow or busy")
    if left_out:
        print(f"NOT measured here; the page still shows what was measured before: {', '.join(left_out)}")
    for sentence in failed:
        print(f"FAILED: {sentence}", file=sys.stderr)
    return 1 if failed else 0


def _measure(site: Site, chosen: list[str]) -> tuple[list[Row], dict[str, float], list[str], list[str]]:
    """The rows, how many seconds each part took, what broke, and what cannot be measured on this computer."""
    if set(chosen) - set(NEEDS_NOBODY):
        site.say("drawing one person")
        captures()
    rows: list[Row] = []
    seconds: dict[str, float] = {}
    failed: list[str] = []
    left_out: list[str] = []
    for name in chosen:
        site.say(name)
        began, before = site.seconds, len(rows)
        try:
            for row in BENCHES[name](site):
                site.say(f"{row.name}: {row.value:.4g} {row.unit}, × {row.value / row.beside:.3g}")
                rows.append(row)
            if len(rows) == before:
                left_out.append(name)
        except BenchFailed as problem:
            failed.append(f"{name}: {problem}")
            site.say(f"FAILED: {problem}")
        seconds[name] = site.seconds - began
    return rows, seconds, failed, left_out


def _tell(rows: list[Row], seconds: dict[str, float], *, whole: bool) -> None:
    """The table, the goals that were missed, the charts, and where the time went."""
    print(f"\n{table(rows)}\n")
    for sentence in over(rows):
        print(f"OVER ITS GOAL: {sentence}")
    names = json.dumps([row.name for row in rows])
    charts = answer_of("tests.bench.charts", names, *(["whole"] if whole else []))
    print(f"docs/measurements: {', '.join(charts['drawn']) or 'no family was measured whole'}")
    if charts["undrawn"]:
        print(f"on no chart: {', '.join(charts['undrawn'])}")
    print("seconds: " + ", ".join(f"{name} {took:.0f}" for name, took in seconds.items()))


def _chosen() -> list[str]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=sorted(BENCHES), help=", ".join(BENCHES))
    return parser.parse_args().only or list(BENCHES)


if __name__ == "__main__":
    sys.exit(main())
