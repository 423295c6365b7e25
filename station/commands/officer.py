"""`station officer`: who may sign in here, letting somebody in, until when, and ending it.

The window must be closed: it holds the list.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING

from station.commands.family import EXIT_OK, Family
from station.commands.passwords import new_password, own_password
from station.domain.errors import AccessError, RuleError, SetupError
from station.domain.permission import Permission, allows
from station.domain.role import Role
from station.i18n import _
from station.store.depot import Depot
from station.store.folder import Folder

if TYPE_CHECKING:
    from station.desk.office import Office, Operator


def add_to(family: Family) -> None:
    options = family.add("officer", _run, "who may sign in here, letting one more in, until when, and ending it")
    options.add_argument("--add", default="", metavar="NAME", help="let this person in; they choose a password")
    roles = [role.value for role in Role]
    options.add_argument("--role", default="", metavar="ROLE", choices=roles, help="their role: " + ", ".join(roles))
    options.add_argument("--until", default="", metavar="DD-MM-YYYY", help="their last day; '-' for none")
    options.add_argument("--name", default="", help="whose role or last day is to change")
    options.add_argument("--end", default="", metavar="NAME", help="end this person's right to work here now")
    options.add_argument("--yes", action="store_true", help="end it even when nobody is left who records")
    options.add_argument("--own", default="", metavar="NAME", help="who decides: a supervisor or an admin")


def _run(options: argparse.Namespace) -> int:
    from station.desk import signin
    from station.ui import labels

    lock = Folder(options.data).lock("desk")
    depot = Depot(options.data)
    try:
        if depot.enrolment is None:
            raise SetupError("station.not_enrolled")
        if options.add or options.end or options.name:
            own = _chief(signin.operators(depot), options.own)
            print(_("Approved by {name}, with their own password.").format(name=own.name), file=sys.stderr)
            office = signin.sign_in(depot, own.operator_id, password := own_password())
            try:
                _change(office, password, options)
            finally:
                signin.sign_out(office)
        for who in signin.operators(depot):
            print(f"{who.name} · {labels.role(who.role)}")
        if not signin.operators(depot):
            print(_("Nobody may sign in here."))
        return EXIT_OK
    finally:
        depot.close()
        lock.release()


def _change(office: Office, password: str, options: argparse.Namespace) -> None:
    from station.desk import appointments, officers

    day = _day(options.until)
    if options.add:
        print(_("Now {name} chooses a password.").format(name=options.add), file=sys.stderr)
        role, secret = options.role or Role.OPERATOR, new_password("STATION_NEW_PASSWORD")
        officers.add(office, password, options.add, role, secret, last_day=day)
    if options.name:
        who = _named(office, options.name)
        if options.role:
            appointments.change_role(office, who, options.role)
        if options.until:
            appointments.set_last_day(office, who, day)
    if options.end:
        who = _named(office, options.end)
        if not options.yes and not _others_record(office, who):
            raise RuleError("officer.last_recorder")
        appointments.end_now(office, who)
        print(_("The right of {name} to work here has ended.").format(name=options.end), file=sys.stderr)


def _others_record(office: Office, who: str) -> bool:
    """Whether somebody records after the end of `who`, or nobody is taken away who does."""
    from station.desk import appointments

    here = [item for item in appointments.listed(office) if not item.over and item.ended_at is None]
    recording = {item.operator_id for item in here if allows(item.role, Permission.ENTER_BIOMETRICS)}
    return who not in recording or len(recording) > 1


def _chief(people: tuple[Operator, ...], name: str) -> Operator:
    """Who is named, or the first who lets others in."""
    from station.domain.appointment import leads

    found = [who for who in people if (who.name == name if name else leads(who.role))]
    if not found:
        raise AccessError("signin.unknown_operator")
    return found[0]


def _named(office: Office, name: str) -> str:
    from station.desk import signin

    found = [who.operator_id for who in signin.operators(office.depot) if who.name == name]
    if len(found) != 1:
        raise AccessError("signin.unknown_operator")
    return found[0]


def _day(typed: str) -> date | None:
    """The day as typed. RuleError `officer.day_form`."""
    if typed in ("", "-"):
        return None
    try:
        return datetime.strptime(typed, "%d-%m-%Y").date()  # noqa: DTZ007  # a day of the calendar has no zone
    except ValueError:
        raise RuleError("officer.day_form", field="last_day") from None
