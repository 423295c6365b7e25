"""`station central courier`: sticks that come to central, and receipts that go back with them."""

from __future__ import annotations

import argparse
from pathlib import Path

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.commands.place import central_folder


def add_to(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "packets that come by stick, and receipts for the way back"
    courier = tasks.add_parser("courier", help=text, description=text, parents=[family.common])
    deeds = courier.add_subparsers(metavar="DEED", required=True)
    text = "take in a bundle, or every bundle of a folder"
    taking = deeds.add_parser("import", help=text, description=text, parents=[family.common])
    taking.set_defaults(run=_import)
    taking.add_argument("path", type=Path, metavar="PATH", help="a bundle, or a folder with bundles")
    taking.add_argument("--receipts", type=Path, metavar="DIR", help="write a file of receipts for each station there")
    taking.add_argument(
        "--training", action="store_true", default=argparse.SUPPRESS, help="accept the fictitious province 99"
    )
    taking.add_argument("--json", action="store_true")
    text = "write receipts for the way back"
    giving = deeds.add_parser("receipts", help=text, description=text, parents=[family.common])
    giving.set_defaults(run=_receipts)
    giving.add_argument("path", type=Path, metavar="DIR", help="folder or stick to write to")
    giving.add_argument("--station", default="", metavar="STATION", help="only for this station")
    giving.add_argument("--days", type=float, default=90.0, help="for packets received in so many last days")
    giving.add_argument("--json", action="store_true")


def _import(options: argparse.Namespace) -> int:
    from station.central.courier_command import run_import

    return EXIT_OK if run_import(central_folder(options), options, print) else EXIT_FAILED


def _receipts(options: argparse.Namespace) -> int:
    from station.central.courier_command import run_receipts

    return EXIT_OK if run_receipts(central_folder(options), options, print) else EXIT_FAILED
