"""`station demo`: the guided demo through the real window."""

from __future__ import annotations

import argparse
from pathlib import Path

from station.commands.family import Family


def add_to(family: Family) -> None:
    options = family.add("demo", _run, "play the guided demo through the real window")
    options.add_argument("--people", type=int, default=12)
    options.add_argument("--out", type=Path, default=Path("build/demo"), metavar="DIR")
    options.add_argument(
        "--central", default="", metavar="URL", help="deliver to this central instead of the embedded one"
    )
    options.add_argument("--code", default="", help="one-time enrolment code of that central")


def _run(options: argparse.Namespace) -> int:
    from station.training.demo import run_demo

    central = (options.central, options.code) if options.central else None
    return run_demo(people=options.people, data_dir=options.data, out_dir=options.out, central=central)
