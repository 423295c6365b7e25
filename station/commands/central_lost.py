"""`station central stations`, `wipe`, `audit`, `inventory`: what central knows of a lost one."""

from __future__ import annotations

import argparse
from pathlib import Path

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.commands.place import STATION_HELP, central_folder


def add_to(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands."""
    text = "every station: number, name, id, when it was last heard, blocked or to be wiped"
    listing = tasks.add_parser("stations", help=text, description=text, parents=[family.common])
    listing.set_defaults(run=_stations)
    listing.add_argument("--json", action="store_true")
    text = "order a lost station to be wiped: what central has goes, and nobody there gets in"
    wipe = tasks.add_parser("wipe", help=text, description=text, parents=[family.common])
    wipe.set_defaults(run=_wipe)
    wipe.add_argument("station", metavar="STATION", help=STATION_HELP)
    wipe.add_argument("--reason", default="", metavar="TEXT", help="why; the station shows it")
    wipe.add_argument("--days", type=float, default=90.0, metavar="N", help="for how long it is told")
    wipe.add_argument("--withdraw", action="store_true", help="it was found, or is restored elsewhere")
    wipe.add_argument("--show", action="store_true", help="only show what was ordered and done")
    wipe.add_argument("--json", action="store_true")
    text = "the newest head of each station's audit trail, and those that go back or contradict"
    audit = tasks.add_parser("audit", help=text, description=text, parents=[family.common])
    audit.set_defaults(run=_audit)
    audit.add_argument("--station", default="", metavar="STATION", help=STATION_HELP)
    audit.add_argument("--head", action="store_true", help="the signed heads themselves, for `station audit verify`")
    audit.add_argument("--json", action="store_true")
    text = "whose data a station had, which parts, and was it sealed, from what central holds"
    inventory = tasks.add_parser("inventory", help=text, description=text, parents=[family.common])
    inventory.set_defaults(run=_inventory)
    inventory.add_argument("station", metavar="STATION", help=STATION_HELP)
    inventory.add_argument("--json", action="store_true")
    inventory.add_argument("--csv", type=Path, metavar="FILE", help="one line a record, readable by its owner only")


def _stations(options: argparse.Namespace) -> int:
    from station.central.stations_command import run_stations

    run_stations(central_folder(options), options, print)
    return EXIT_OK


def _wipe(options: argparse.Namespace) -> int:
    from station.central.wipe_command import run_wipe

    run_wipe(central_folder(options), options, print)
    return EXIT_OK


def _audit(options: argparse.Namespace) -> int:
    from station.central.audit_command import run_audit

    return EXIT_OK if run_audit(central_folder(options), options, print) else EXIT_FAILED


def _inventory(options: argparse.Namespace) -> int:
    from station.central.inventory import inventory_of
    from station.commands.inventory import check_csv, show

    folder = central_folder(options)
    check_csv(options)
    show(inventory_of(folder, options.station), options)
    return EXIT_OK
