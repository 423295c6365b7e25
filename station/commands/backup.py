"""`station backup`: the second copy without a window. It works beside an open window, and needs somebody's password."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.commands.passwords import own_password
from station.commands.shapes import plain
from station.domain.backup import BackupFacts, Standing
from station.domain.errors import AccessError, SetupError
from station.domain.ports import SystemClock
from station.i18n import _
from station.store.database import Database
from station.store.depot import Depot


def add_to(family: Family) -> None:
    options = family.add("backup", _run, "copy packets and databases to the second medium now")
    options.add_argument("--to", type=Path, metavar="DIR", help="use this folder as the medium from now on")
    options.add_argument("--own", default="", metavar="NAME", help="whose password is given (the first of the list)")
    options.add_argument("--packets", action="store_true", help="packets only: no password is asked for")
    options.add_argument("--json", action="store_true")


def _run(options: argparse.Namespace) -> int:
    from station.desk import backup
    from station.desk.copying import Copying

    depot = Depot(options.data, heal=False)  # a window may be working in this folder
    clock = SystemClock()
    try:
        copying = Copying(depot)
        if not options.packets:
            copying.key_holder = _opened_by(depot, options.own, clock.now())
        try:
            if options.to is not None:
                backup.use(depot, options.to, clock.now())
            if not backup.book_of(depot).media:
                raise SetupError("backup.not_chosen")
            copying.snap(clock.now(), at_once=True)
            facts = copying.copy(clock.now())
        finally:
            if copying.key_holder is not None:
                copying.key_holder.close()
    finally:
        depot.close()
    _say(facts, as_json=options.json)
    return EXIT_OK if facts.standing in (Standing.FINE, Standing.SAME_DISK) and not facts.only_here else EXIT_FAILED


def _opened_by(depot: Depot, name: str, now: datetime) -> Database:
    """By the password of somebody who may make a backup. AccessError as at sign-in, `access.role`; SetupError;
    StoreError.
    """
    from station.desk import backup, signin

    who = next((one for one in signin.operators(depot) if name in ("", one.name)), None)
    if who is None:
        raise AccessError("signin.unknown_operator") if depot.enrolment else SetupError("station.not_enrolled")
    print(_("The password of {name} opens the databases.").format(name=who.name), file=sys.stderr)
    _holder, key = signin.open_key(depot, who.operator_id, own_password(), now)
    database = _open(depot, key)
    try:
        backup.check_right(depot, database, who.operator_id, now)
    except BaseException:
        database.close()
        raise
    return database


def _open(depot: Depot, key: bytes) -> Database:
    """With damage put right first, unless a window is at work in this folder: then that is its to do."""
    from station.desk.database_key import open_beside
    from station.desk.recovering import open_whole

    try:
        lock = depot.folder.lock("desk")
    except SetupError:
        return open_beside(depot, key)
    try:
        database, _key, _to_settle = open_whole(depot, key)
    finally:
        lock.release()
    return database


def _say(facts: BackupFacts, *, as_json: bool) -> None:
    from station.ui import backup_words

    if as_json:
        print(json.dumps(asdict(facts), indent=1, default=plain))
        return
    now = SystemClock().now()
    print(facts.where)
    print(backup_words.backup_fact(facts, now).text or backup_words.standing_name(facts.standing))
    print(backup_words.packets_line(facts))
    print(backup_words.snapshot_line(facts, now))
