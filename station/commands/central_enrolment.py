"""`station central enrolment-file`: enrolling a station that has no network yet."""

from __future__ import annotations

import argparse
from pathlib import Path

from station.commands.family import Family
from station.commands.place import central_folder, check_free


def add_to(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "a file that enrols a station without a network; the code for it is shown once"
    made = tasks.add_parser("enrolment-file", help=text, description=text, parents=[family.common])
    made.set_defaults(run=_run)
    made.add_argument("--office", required=True, metavar="CODE", help="region code of the office, such as 33.25.07")
    made.add_argument("--name", required=True, help="name of the station")
    made.add_argument("--url", required=True, metavar="URL", help="address at which the station will find central")
    made.add_argument("--ca", type=Path, metavar="PEM", help="authorities that the station trusts to name central")
    made.add_argument("--days", type=float, default=14.0, help="for how long the file may be opened")
    made.add_argument("--out", required=True, type=Path, metavar="FILE", help="file to write, on the stick")
    made.add_argument(
        "--training", action="store_true", default=argparse.SUPPRESS, help="accept the fictitious province 99"
    )


def _run(options: argparse.Namespace) -> int:
    from station.central.enrolment_command import run_enrolment_file, written_to
    from station.sync.address import check_address

    folder = central_folder(options)
    options.url = check_address(options.url)
    check_free(written_to(options.out))  # before a place is given away
    return run_enrolment_file(folder, options, print)
