"""`station central pacing`, `maintenance`, `block`, `unblock`: what is switched at a central, even a running one."""

from __future__ import annotations

import argparse

from station.commands.family import EXIT_OK, Family
from station.commands.place import STATION_HELP, central_folder

_TIME = "a time with its zone, such as 2026-12-01T08:00:00+07:00"


def add_to(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands."""
    text = "how stations spread their traffic; without options, show it"
    pacing = tasks.add_parser("pacing", help=text, description=text, parents=[family.common])
    pacing.set_defaults(run=_pacing)
    pacing.add_argument("--not-before", metavar="TIME", help=f"nothing is sent before: {_TIME}, or `none`")
    pacing.add_argument("--spread-s", type=float, metavar="S", help="packets return over so long after an outage")
    pacing.add_argument("--manifest-spread-s", type=float, metavar="S", help="manifests return over so long")
    pacing.add_argument("--max-kbps", metavar="N", help="most that one station sends, in kbit/s, or `none`")
    pacing.add_argument("--standard", action="store_true", help="back to what central was started with")
    text = "answer only hello, and say until when and why; without options, show it"
    maintenance = tasks.add_parser("maintenance", help=text, description=text, parents=[family.common])
    maintenance.set_defaults(run=_maintenance)
    maintenance.add_argument("--until", metavar="TIME", help=f"a promise, not a timer: {_TIME}")
    maintenance.add_argument("--message", metavar="TEXT", help="what stations show")
    maintenance.add_argument("--end", action="store_true", help="serve everybody again")
    text = "take nothing from a station; it goes on recording"
    block = tasks.add_parser("block", help=text, description=text, parents=[family.common])
    block.set_defaults(run=_block)
    block.add_argument("station", metavar="STATION", help=STATION_HELP)
    block.add_argument("--until", metavar="TIME", help=f"ends by itself then: {_TIME}")
    block.add_argument("--reason", default="", metavar="TEXT", help="what the station shows")
    text = "take from a station again"
    unblock = tasks.add_parser("unblock", help=text, description=text, parents=[family.common])
    unblock.set_defaults(run=_unblock)
    unblock.add_argument("station", metavar="STATION", help=STATION_HELP)


def _pacing(options: argparse.Namespace) -> int:
    from station.central.switch_command import run_pacing

    run_pacing(central_folder(options), options, print)
    return EXIT_OK


def _maintenance(options: argparse.Namespace) -> int:
    from station.central.switch_command import run_maintenance

    run_maintenance(central_folder(options), options, print)
    return EXIT_OK


def _block(options: argparse.Namespace) -> int:
    from station.central.block_command import run_block

    run_block(central_folder(options), options, print)
    return EXIT_OK


def _unblock(options: argparse.Namespace) -> int:
    from station.central.block_command import run_unblock

    run_unblock(central_folder(options), options, print)
    return EXIT_OK
