"""The same program on a slow computer: 30 % of one core, and every sync of the disk 25 ms late."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from station.training.simulator.process import Simulator
from tests.bench.central import central, free_port
from tests.bench.child import ROOT, command, environment
from tests.bench.failed import BenchFailed
from tests.bench.row import Row
from tests.bench.rows.start import Shown, painted_ms, ready_ms, shown
from tests.bench.site import Site
from tests.bench.slow_machine import Machine, missing, slow_machine, whole_machine

STARTS = 5
PEOPLE = 5
BESIDE = "the same, unhindered, on the same computer"
_LONGEST_S = 400.0


def slow(site: Site) -> Iterator[Row]:
    """slow.start_ms, slow.ready_ms, slow.signin_ms, slow.key_ms, slow.begin_ms, slow.step_ms, slow.save_ms: from a
    key, or the start of the process, until the window shows what it does.

    Start: to the sign-in screen with its officers; ready: until a password is taken; fresh processes, medians. The
    others in one window with devices that speak SBI, whole records by keyboard, after one person to warm up. Sign-in,
    begin (the NIK's Enter to the form) and save (Enter to "sealed") are medians of five people; key and step 95 % of
    all, step forth and back through a whole record too. At most 5 s to start, 150 ms a step, 1 s to save. Central and
    the simulator of devices have the rest of the computer. Starts are measured in turn with those beside them, records
    right after one another.
    """
    if (why := missing()) is not None:
        site.say(f"left out: {why}")
        return
    yield from _starts(site)
    simulator = Simulator(capture_ms=0)
    try:
        with slow_machine() as hindered, whole_machine() as free:
            hard = _waits(site, "slow", hindered, simulator)
            easy = _waits(site, "unhindered", free, simulator)
    finally:
        simulator.close()
    kinds: list[tuple[str, Callable[[list[float]], float]]] = [
        ("signin", median), ("key", _late), ("begin", median), ("step", _late), ("save", median),
    ]  # fmt: skip
    for kind, chosen in kinds:
        found = hard[kind]
        site.say(f"{kind}: {min(found):.0f} to {max(found):.0f} ms, {len(found)} times")
        yield Row(f"slow.{kind}_ms", chosen(found), "ms", chosen(easy[kind]), BESIDE, len(found))


def _starts(site: Site) -> Iterator[Row]:
    station = site.queued(0)
    site.say("starting windows on a slow computer")
    with slow_machine() as hindered, whole_machine() as free:
        _shown(free, station)
        turns = [(_shown(hindered, station), _shown(free, station)) for _ in range(STARTS)]
    hard, easy = zip(*turns, strict=True)
    for name, moment in (("start", painted_ms), ("ready", ready_ms)):
        value, other = (median(map(moment, column)) for column in (hard, easy))
        yield Row(f"slow.{name}_ms", value, "ms", other, BESIDE, STARTS)


def _shown(machine: Machine, station: Path) -> Shown:
    return shown("tests.bench.first_paint", station, run=lambda *words: _answer(machine, *words))


def _waits(site: Site, name: str, machine: Machine, simulator: Simulator) -> dict[str, list[float]]:
    site.say(f"recording {PEOPLE} people, {name}")
    root = site.folder(f"records-{name}")
    with central(root / "central", free_port()) as running:
        where = (root, running.url, running.code, simulator.port, simulator.trust)
        return _answer(machine, "tests.bench.slow_window", *where, PEOPLE)


def _late(found: list[float]) -> float:
    """All but one in twenty come sooner."""
    return sorted(found)[int(len(found) * 0.95)]


def _answer(machine: Machine, module: str, *arguments: object) -> dict[str, Any]:
    """What `module` prints last when it runs on `machine`. BenchFailed with its complaint."""
    words = machine.command(command(module, *arguments))
    try:
        done = subprocess.run(
            words, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=_LONGEST_S, check=False
        )
        return dict(json.loads(done.stdout.strip().splitlines()[-1]))
    except subprocess.TimeoutExpired as late:
        raise BenchFailed(f"{module} did not end within {_LONGEST_S:.0f} s") from late
    except (IndexError, ValueError) as strange:
        raise BenchFailed(f"{module} printed no figure:\n{done.stderr[-2000:]}") from strange
