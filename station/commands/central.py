"""`station central`: the reference central, and what its people do on the command line."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands import central_answer, central_courier, central_enrolment, central_lost, central_switches
from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.commands.place import central_folder
from station.domain.errors import SetupError
from station.i18n import _
from station.log import start_logging

if TYPE_CHECKING:
    from station.central.options import CentralOptions


def add_to(family: Family) -> None:
    options = family.add("central", _run, "run the reference central")
    options.add_argument("--port", type=int, default=8440)
    options.add_argument("--host", default="127.0.0.1", help="address to listen at; beyond this computer only with TLS")
    options.add_argument("--certificate", type=Path, metavar="PEM", help="certificate chain for TLS")
    options.add_argument("--key", type=Path, metavar="PEM", help="private key of the certificate")
    options.add_argument("--training", action="store_true", help="accept the fictitious province 99")
    options.add_argument("--admit-per-s", type=_rate, metavar="N", help="most packets accepted in a second")
    options.add_argument("--admit-kbps", type=_rate, metavar="N", help="most kbit/s of packets accepted")
    tasks = options.add_subparsers(metavar="TASK")
    _add_roster(family, tasks)
    _add_health(family, tasks)
    _add_policy(family, tasks)
    central_courier.add_to(family, tasks)
    central_enrolment.add_to(family, tasks)
    central_switches.add_to(family, tasks)
    central_lost.add_to(family, tasks)
    central_answer.add_to(family, tasks)
    _add_roll_key(family, tasks)
    _add_telling(family, tasks)


def _run(options: argparse.Namespace) -> int:
    from station.central.server import Certificate, run_forever

    if (options.certificate is None) != (options.key is None):
        raise SetupError("central.half_certificate")
    certificate = Certificate(options.certificate, options.key) if options.certificate else None
    start_logging(options.data / "central" / "logs")

    def announce(url: str, code: str) -> None:
        print(_("Central answers at {url}").format(url=url))
        print(_("One-time enrolment code: {code}").format(code=code), flush=True)

    folder = options.data / "central"
    run_forever(
        folder,
        options.port,
        announce,
        options=_central_options(options),
        host=options.host,
        certificate=certificate,
    )
    return EXIT_OK


def _central_options(options: argparse.Namespace) -> CentralOptions:
    from station.central.options import ADMITTED_IN_FLIGHT, CentralOptions

    standard = CentralOptions(training=options.training)
    if options.admit_per_s is None and options.admit_kbps is None:
        return standard
    return replace(
        standard,
        admit_per_s=options.admit_per_s,
        admit_kbps=options.admit_kbps,
        max_in_flight=ADMITTED_IN_FLIGHT,
    )


def _rate(text: str) -> float:
    rate = float(text)
    if not 0.01 <= rate <= 1e9:
        raise ValueError(text)
    return rate


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

    return run_roster(central_folder(options), options, print)


def _add_policy(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    policy = tasks.add_parser(
        "policy",
        help="what all stations accept of fingers and eyes, and how long they keep packets",
        description="set from which quality fingers and eyes are taken, and how long packets of finished records stay"
        " at stations; without options, show it",
        parents=[family.common],
    )
    policy.set_defaults(run=_policy)
    policy.add_argument("--finger-quality", type=int, metavar="N", help="NFIQ 2 from which a finger is taken")
    policy.add_argument("--iris-quality", type=int, metavar="N", help="quality from which an eye is taken")
    policy.add_argument("--tries", type=int, metavar="N", help="after so many the best one is kept")
    policy.add_argument(
        "--retention-days", type=int, metavar="N", help="how long stations keep packets of finished records (0 to 90)"
    )
    policy.add_argument(
        "--audit-years", type=int, metavar="N", help="how long stations keep the index of records and the audit trail"
    )


def _policy(options: argparse.Namespace) -> int:
    from station.central.policy_command import run_policy

    return run_policy(central_folder(options), options, print)


def _add_roll_key(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "a new key for central: every station follows, however long it was away"
    roll = tasks.add_parser("roll-key", help=text, description=text, parents=[family.common])
    roll.set_defaults(run=_roll_key)
    roll.add_argument("--sealing", action="store_true", help="also a new key for what stations seal")


def _roll_key(options: argparse.Namespace) -> int:
    from station.central.key_command import run_roll_key

    return run_roll_key(central_folder(options), print, sealing=options.sealing)


def _add_telling(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "tell every station a notice"
    notice = tasks.add_parser("notice", help=text, description=text, parents=[family.common])
    notice.set_defaults(run=_notice)
    notice.add_argument("--title", required=True)
    notice.add_argument("--body", default="")
    notice.add_argument("--audience", default="", metavar="WHO", help="for whom it is, in words")
    notice.add_argument("--until", default="", metavar="DAY", help="when it is over, such as 2026-11-30")
    notice.add_argument("--id", default="", help="of a notice told before, whose place this one takes")
    text = "tell a station how many blank cards it has"
    stock = tasks.add_parser("stock", help=text, description=text, parents=[family.common])
    stock.set_defaults(run=_stock)
    stock.add_argument("--station", required=True, metavar="STATION")
    stock.add_argument("--batch", required=True, action="append", metavar="NAME=80", help="once for each batch")


def _notice(options: argparse.Namespace) -> int:
    from station.central.telling_command import run_notice

    return run_notice(central_folder(options), options, print)


def _stock(options: argparse.Namespace) -> int:
    from station.central.telling_command import run_stock

    return run_stock(central_folder(options), options, print)


def _add_health(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "which devices of which stations are broken, and for how long"
    health = tasks.add_parser("health", help=text, description=text, parents=[family.common])
    health.set_defaults(run=_health)
    health.add_argument("--kind", default="", metavar="KIND", help="only face, finger, iris, document or printer")
    health.add_argument("--over-days", type=int, metavar="DAYS", help="only what was reported more than so long ago")
    health.add_argument("--silent-days", type=float, default=3.0, metavar="DAYS", help="who says nothing for so long")
    health.add_argument("--json", action="store_true")


def _health(options: argparse.Namespace) -> int:
    from station.central.health_command import run_health

    return EXIT_OK if run_health(central_folder(options), options, print) else EXIT_FAILED
