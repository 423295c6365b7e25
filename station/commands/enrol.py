"""`station enrol`: make this station known to central, by its address or by a file from a stick."""

from __future__ import annotations

import argparse
from pathlib import Path

from station.commands.family import EXIT_OK, Family
from station.commands.passwords import new_password
from station.config import load_settings
from station.domain.errors import SetupError
from station.domain.role import Role
from station.i18n import _
from station.store.depot import Depot
from station.store.folder import Folder


def add_to(family: Family) -> None:
    options = family.add("enrol", _run, "make this station known to central")
    way = options.add_mutually_exclusive_group(required=True)
    way.add_argument("--central", metavar="URL", help="address of central, over the network")
    way.add_argument("--file", type=Path, metavar="FILE", help="file of the Dinas, without a network")
    options.add_argument("--code", required=True, help="one-time enrolment code")
    options.add_argument("--name", default="Stasiun 1", help="name of the station; a file brings its own")
    options.add_argument("--office", default="99.01.01", help="region code of the office; a file brings its own")
    options.add_argument("--operator", default="", help="name of the first operator (asked for when empty)")


def _run(options: argparse.Namespace) -> int:
    from station.seal.recovery_words import spell

    if options.file and not options.file.is_file():
        raise SetupError("path.no_file", path=str(options.file))
    lock = Folder(options.data).lock("desk")
    depot = Depot(options.data)
    try:
        operator = options.operator or input(_("Name of the first operator: "))
        recovery = _by_file(depot, options, operator) if options.file else _online(depot, options, operator)
        print(_("This station is enrolled: {station}").format(station=depot.enrolled()[0].station_id))
        print(_("Recovery words. Write them down now; they are not shown again:"))
        print("\n    " + " ".join(f"{number}. {word}" for number, word in enumerate(spell(recovery), 1)))
        print(f"\n    {recovery}\n")
        return EXIT_OK
    finally:
        depot.close()
        lock.release()


def _online(depot: Depot, options: argparse.Namespace, operator: str) -> str:
    from station.desk.enrolment import enrol

    central = load_settings(options.data).central
    return enrol(
        depot, options.central, options.code, options.name, options.office, operator, new_password(), settings=central
    )


def _by_file(depot: Depot, options: argparse.Namespace, operator: str) -> str:
    from station.desk.colleague import Colleague
    from station.desk.file_enrolment import enrol_by_file, look, take

    data = take(options.file)
    look(depot, data, options.code)  # before a password is asked for
    return enrol_by_file(depot, data, options.code, [Colleague(operator, Role.SUPERVISOR, new_password())])
