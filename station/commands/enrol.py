"""`station enrol`: make this station known to central."""

from __future__ import annotations

import argparse

from station.commands.family import EXIT_OK, Family
from station.commands.passwords import new_password
from station.config import load_settings
from station.i18n import _
from station.store.depot import Depot
from station.store.folder import Folder


def add_to(family: Family) -> None:
    options = family.add("enrol", _run, "make this station known to central")
    options.add_argument("--central", required=True, metavar="URL")
    options.add_argument("--code", required=True, help="one-time enrolment code")
    options.add_argument("--name", default="Stasiun 1", help="name of the station")
    options.add_argument("--office", default="99.01.01", help="region code of the office, such as 33.25.07")
    options.add_argument("--operator", default="", help="name of the first operator (asked for when empty)")


def _run(options: argparse.Namespace) -> int:
    from station.desk.enrolment import enrol

    lock = Folder(options.data).lock("desk")
    depot = Depot(options.data)
    try:
        operator = options.operator or input(_("Name of the first operator: "))
        recovery = enrol(
            depot,
            options.central,
            options.code,
            options.name,
            options.office,
            operator,
            new_password(),
            settings=load_settings(options.data).central,
        )
        print(_("This station is enrolled: {station}").format(station=depot.enrolled()[0].station_id))
        print(_("Recovery key. Write it down now; it is not shown again:"))
        print(f"\n    {recovery}\n")
        return EXIT_OK
    finally:
        depot.close()
        lock.release()
