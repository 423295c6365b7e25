"""`station sync`: deliver without a window."""

from __future__ import annotations

import argparse
import signal
from datetime import UTC, datetime

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.config import load_settings
from station.domain.errors import SetupError
from station.i18n import _
from station.log import start_logging
from station.store.depot import Depot
from station.store.folder import Folder


def add_to(family: Family) -> None:
    options = family.add("sync", _run, "deliver without a window")
    options.add_argument("--once", action="store_true", help="until nothing is due, then stop")


def _run(options: argparse.Namespace) -> int:
    from station.sync.engine import Engine

    folder = Folder(options.data)
    lock = folder.lock("sync")
    start_logging(folder.logs)
    depot = _healed(folder)
    engine = Engine(depot, load_settings(options.data))
    try:
        if options.once:
            engine.run_until_idle(patience_s=2.0)
        else:
            signal.signal(signal.SIGTERM, lambda *_arguments: engine.ask_to_stop())
            engine.run()
        counts = depot.outbox.counts(day_start=_midnight())
        waiting = _("Waiting to be sent: {number}").format(number=counts.waiting)
        print(waiting)
        return EXIT_OK if not options.once or counts.waiting == 0 else EXIT_FAILED
    finally:
        engine.stop()
        depot.close()
        lock.release()


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
