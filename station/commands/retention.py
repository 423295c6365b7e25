"""`station retention`: what is deleted when, and letting go what is due. The window must be closed: it holds the list.

Exit codes: 0, or 1 when something that is due had to stay.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.commands.passwords import own_password
from station.desk.office import Office
from station.desk.retention import Outlook, Run
from station.domain.disk import Forecast
from station.domain.errors import AccessError
from station.domain.retention import by_day
from station.i18n import _
from station.log import start_logging
from station.store.depot import Depot
from station.store.folder import Folder


def add_to(family: Family) -> None:
    options = family.add("retention", _run, "what is deleted when its days are over, and how long the disk lasts")
    options.add_argument("--json", action="store_true", help="one JSON object")
    options.add_argument("--run", dest="let_go", action="store_true", help="let go now what is due")
    options.add_argument("--own", default="", metavar="NAME", help="who signs in for it (the first of the list)")


def _run(options: argparse.Namespace) -> int:
    from station.config import load_settings
    from station.desk import retention, signin

    folder = Folder(options.data)
    lock = folder.lock("desk")
    try:
        start_logging(folder.logs)
        depot = Depot(options.data)
        depot.disk.reserve_mb = load_settings(options.data).guard.reserve_mb
        try:
            people = signin.operators(depot)
            own = next((who for who in people if not options.own or who.name == options.own), None)
            if own is None:
                raise AccessError("signin.unknown_operator")
            print(_("Signing in: {name}").format(name=own.name), file=sys.stderr)
            office = signin.sign_in(depot, own.operator_id, own_password())
            try:
                done = _run_all(office) if options.let_go else Run()
                found, disk = retention.outlook(office), depot.disk.forecast(office.now())
            finally:
                signin.sign_out(office)
        finally:
            depot.close()
    finally:
        lock.release()
    if options.json:
        print(json.dumps(_plain(found, disk, done), indent=1))
    else:
        _say(found, disk, done, ran=options.let_go)
    return EXIT_FAILED if done.held else EXIT_OK


def _run_all(office: Office) -> Run:
    from station.desk import retention

    gone = size = 0
    while True:
        done = retention.run_now(office)
        gone, size = gone + done.gone, size + done.gone_bytes
        if not (done.more and done.gone):
            return Run(gone, size, done.held)


def _plain(found: Outlook, disk: Forecast, done: Run) -> dict[str, Any]:
    """For machines; its shape is a promise to scripts. `days_left` is null while it is not known."""
    counted = found.counted
    days = by_day(found.partings, counted) if counted is not None else {}
    return {
        "retention_days": found.days,
        "counted_at": counted.isoformat() if counted is not None else None,
        "finished": len(found.partings),
        "due": len(found.due),
        "coming": [{"day": day.isoformat(), "packets": len(items)} for day, items in days.items()],
        "deleted": done.gone,
        "deleted_bytes": done.gone_bytes,
        "held": [{"packet": str(key), "reason": hold.value} for key, hold in done.held],
        "disk": {
            "free_bytes": disk.room.free,
            "total_bytes": disk.room.total,
            "reserve_bytes": disk.reserve,
            "days_left": disk.days,
            "measured_days": disk.measured_days,
            "stopped": disk.stopped,
        },
    }


def _say(found: Outlook, disk: Forecast, done: Run, *, ran: bool) -> None:
    from station.ui import keeping_words

    print(f"{keeping_words.room_line(disk.room)}. {keeping_words.forecast_line(disk).text}")
    print(keeping_words.rule_line(found.days))
    coming = keeping_words.coming(found)
    for day, count in coming:
        print(keeping_words.coming_line(day, count))
    if not coming:
        print(keeping_words.nothing_line(found))
    if ran:
        print(keeping_words.done_line(done))
    if held := keeping_words.held_line(done):
        print(held)
