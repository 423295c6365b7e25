"""`station sync`: deliver without a window, by hand or as a service.

Exit codes: 0 stopped by somebody, or `--once` has sent all · 1 `--once` left something behind, or trouble that one
sentence names (another program delivers for this folder, not enrolled, no space, an unreadable enrolment) · 2 usage or
settings. With `--json` the trouble is told as `{"event": "failed", "code": …}` too.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.commands.place import check_station
from station.commands.shapes import time
from station.config import load_settings
from station.domain.errors import SetupError, StationError
from station.domain.ports import SystemClock
from station.i18n import _
from station.log import start_logging
from station.store.depot import Depot
from station.store.folder import Folder


def add_to(family: Family) -> None:
    options = family.add("sync", _run, "deliver without a window")
    options.add_argument("--once", action="store_true", help="until nothing is due, then stop")
    options.add_argument("--json", action="store_true", help="tell what happens, one JSON object a line")


def _run(options: argparse.Namespace) -> int:
    try:
        return _locked(options)
    except StationError as problem:
        if options.json:
            _say(json.dumps({"event": "failed", "at": time(SystemClock().now()), "code": problem.code}))
        raise


def _locked(options: argparse.Namespace) -> int:
    check_station(options)
    folder = Folder(options.data)
    lock = folder.lock("sync")
    try:
        start_logging(folder.logs)
        depot = _healed(folder)
        try:
            return _deliver(depot, options)
        finally:
            depot.close()
    finally:
        lock.release()


def _deliver(depot: Depot, options: argparse.Namespace) -> int:
    from station.commands.service import Service
    from station.commands.telling import Teller
    from station.relay.runner import RelayRunner
    from station.sync.battery import Supply
    from station.sync.life import Life, WatchedEngine
    from station.sync.metered import MeteredLine

    settings, life = load_settings(options.data), Life()
    engine = WatchedEngine(life, depot, settings, is_metered=MeteredLine().is_metered, charge=Supply().charge)
    teller = Teller(depot, SystemClock(), _say) if options.json else None
    relay = None
    if not options.once:
        relay = RelayRunner(depot, settings.relay, link=lambda: engine.link, taken=engine.wake)
    Service(depot, engine, life, teller, relay).run(once=options.once)
    waiting = depot.outbox.counts(day_start=_midnight()).waiting
    if not options.json:
        print(_("Waiting to be sent: {number}").format(number=waiting))
        if waiting:
            _say_why(depot)
    return EXIT_OK if not options.once or waiting == 0 else EXIT_FAILED


def _say_why(depot: Depot) -> None:
    """The sentence of the panel, and what to do."""
    from station.desk.delivery import delivery
    from station.ui import link_words

    found = delivery(depot)
    for line in (link_words.link_sentence(found.link, found.counts), link_words.link_remedy(found.link)):
        if line:
            print(line)


def _say(line: str) -> None:
    print(line, flush=True)


def _healed(folder: Folder) -> Depot:
    """Open the folder; heal it only when no window is working in it, for that window has healed it already."""
    try:
        desk = folder.lock("desk")
    except SetupError:
        return Depot(folder.root, heal=False)
    try:
        return Depot(folder.root)
    finally:
        desk.release()


def _midnight() -> datetime:
    return datetime.now(UTC).astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
