"""`station central`: the reference central, and what its people do on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from station.commands.family import EXIT_OK, Family
from station.i18n import _
from station.log import start_logging


def add_to(family: Family) -> None:
    options = family.add("central", _run, "run the reference central")
    options.add_argument("--port", type=int, default=8440)
    options.add_argument("--training", action="store_true", help="accept the fictitious province 99")
    tasks = options.add_subparsers(metavar="TASK")
    _add_roster(family, tasks)


def _run(options: argparse.Namespace) -> int:
    from station.central.options import CentralOptions
    from station.central.server import run_forever

    start_logging(options.data / "central" / "logs")

    def announce(url: str, code: str) -> None:
        print(_("Central answers at {url}").format(url=url))
        print(_("One-time enrolment code: {code}").format(code=code), flush=True)

    folder = options.data / "central"
    run_forever(folder, options.port, announce, options=CentralOptions(training=options.training))
    return EXIT_OK


def _add_roster(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    roster = tasks.add_parser(
        "roster",
        help="target lists: make them from a CSV, hand them out",
        description="make a target list from a CSV of a Dinas, or hand one out; without options, show what there is",
        parents=[family.common],
    )
    roster.set_defaults(run=_roster)
    roster.add_argument("--csv", type=Path, metavar="FILE", help="people of the area, with the column names of SIAK")
    roster.add_argument("--area", default="", metavar="CODE", help="region code, such as 33.25 or 33.25.07")
    roster.add_argument("--name", default="", help="name of the area")
    roster.add_argument("--days", type=float, default=30.0, help="for how long the list may be used")
    roster.add_argument(
        "--report", type=Path, metavar="FILE", help="where to list the lines that are not as they should be"
    )
    roster.add_argument(
        "--accept-losses", action="store_true", help="import also when most lines are bad or most people would be gone"
    )
    roster.add_argument("--again", action="store_true", help="a new version with what central has received since")
    roster.add_argument("--assign", default="", metavar="STATION", help="let this station fetch the list of the area")
    roster.add_argument("--export-for", default="", metavar="STATION", help="write the list for this station to a file")
    roster.add_argument("--out", type=Path, metavar="FILE", help="file or folder for --export-for")
    roster.add_argument(
        "--training", action="store_true", default=argparse.SUPPRESS, help="accept the fictitious province 99"
    )


def _roster(options: argparse.Namespace) -> int:
    from station.central.roster_command import run_roster

    return run_roster(options.data / "central", options, print)
