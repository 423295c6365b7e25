"""`station simulate-fleet`: all stations come back after central was away for days, on a virtual clock."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.commands.place import check_parent
from station.i18n import _

if TYPE_CHECKING:
    from station.fleet.findings import Findings
    from station.fleet.plan import Plan, Policy

ALL = "all"


def add_to(family: Family) -> None:
    options = family.add("simulate-fleet", _run, "play how all stations come back after central was away for days")
    options.add_argument("--stations", type=_count, default=7285, metavar="N")
    options.add_argument("--days", type=_positive, default=10.0, help="for how long central was away")
    options.add_argument("--per-day", type=_positive, default=150.0, metavar="N", help="records of a station in a day")
    options.add_argument(
        "--size",
        type=_positive,
        action="append",
        metavar="KB",
        help="size of a packet; once for each, 350 and 750 if none",
    )
    options.add_argument("--admit", type=_positive, default=60.0, metavar="N", help="packets a second central admits")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--policy", choices=("ours", "no-pacing", "peer", ALL), default=ALL)
    options.add_argument("--json", action="store_true", help="one JSON list of all runs")
    options.add_argument("--plot", type=Path, metavar="FILE", help="draw the runs of the first size as a PNG")


def _run(options: argparse.Namespace) -> int:
    from station.fleet.plan import Plan, Policy

    if options.plot is not None:
        check_parent(options.plot)
    policies = list(Policy) if options.policy == ALL else [Policy(options.policy)]
    plans = [
        Plan(
            stations=options.stations,
            days=options.days,
            per_day=options.per_day,
            size=round(size * 1000),
            admit_per_s=options.admit,
            seed=options.seed,
        )
        for size in options.size or (350.0, 750.0)
    ]
    runs = [(plan, policy) for plan in plans for policy in policies]
    found = dict(_play_all(runs))
    _show([[found[plan, policy] for policy in policies] for plan in plans], options)
    return EXIT_OK if all(one.held for (_plan, policy), one in found.items() if policy is Policy.OURS) else EXIT_FAILED


def _play_all(runs: Sequence[tuple[Plan, Policy]]) -> Iterator[tuple[tuple[Plan, Policy], Findings]]:
    """Each run in a process of its own, as many at a time as there are cores."""
    from station.fleet.run import play

    if len(runs) == 1:
        yield runs[0], play(*runs[0])
        return
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = {pool.submit(play, *run): run for run in runs}
        for done, future in enumerate(as_completed(waiting), 1):
            if sys.stderr.isatty():
                print(f"\r{done}/{len(runs)}", end="" if done < len(runs) else "\n", file=sys.stderr)
            yield waiting[future], future.result()


def _show(sizes: Sequence[Sequence[Findings]], options: argparse.Namespace) -> None:
    from station.fleet import shape, words
    from station.fleet.plan import Policy

    if options.plot is not None:
        from station.fleet.picture import draw

        draw(sizes[0], options.plot)
    if options.json:
        print(json.dumps([shape.plain_findings(one) for found in sizes for one in found], indent=1))
        return
    for found in sizes:
        print("\n".join([*words.heading(found[0].plan), "", *words.table(found), ""]))
        for one in found:
            if one.policy is Policy.OURS:
                print("\n".join([*words.notes(one), ""]))
    if options.plot is not None:
        print(_("Drawn: {path}").format(path=options.plot))


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e9:
        raise ValueError(text)
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise ValueError(text)
    return number
