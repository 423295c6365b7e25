"""`station officer`: who may sign in here, and letting in one more. The window must be closed: it holds the list."""

from __future__ import annotations

import argparse
import sys

from station.commands.family import EXIT_OK, Family
from station.commands.passwords import new_password, own_password
from station.domain.errors import AccessError
from station.i18n import _
from station.store.depot import Depot
from station.store.folder import Folder


def add_to(family: Family) -> None:
    options = family.add("officer", _run, "who may sign in here, and letting in one more")
    options.add_argument("--add", default="", metavar="NAME", help="let this person in; they choose a password")
    options.add_argument("--role", default="operator", help="operator or supervisor")
    options.add_argument(
        "--own", default="", metavar="NAME", help="the supervisor who lets them in (the first of the list)"
    )


def _run(options: argparse.Namespace) -> int:
    from station.desk import officers, signin
    from station.desk.staff import SUPERVISOR
    from station.ui import labels

    lock = Folder(options.data).lock("desk")
    depot = Depot(options.data)
    try:
        people = signin.operators(depot)
        if options.add:
            chief = next((who for who in people if who.role == SUPERVISOR), people[0])
            own = next((who for who in people if who.name == options.own), None) if options.own else chief
            if own is None:
                raise AccessError("signin.unknown_operator")
            print(_("Approved by {name}, with their own password.").format(name=own.name), file=sys.stderr)
            office = signin.sign_in(depot, own.operator_id, password := own_password())
            try:
                print(_("Now {name} chooses a password.").format(name=options.add), file=sys.stderr)
                officers.add(office, password, options.add, options.role, new_password("STATION_NEW_PASSWORD"))
            finally:
                signin.sign_out(office)
        for who in signin.operators(depot):
            print(f"{who.name} · {labels.role(who.role)}")
        return EXIT_OK
    finally:
        depot.close()
        lock.release()
