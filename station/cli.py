"""The `station` command. Each subcommand is a function here that calls the room that does the work."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from station import __version__, i18n
from station.config import SettingsError, default_data_dir, load_settings
from station.domain.errors import AccessError, SetupError, StationError
from station.i18n import _
from station.log import start_logging
from station.store.depot import Depot
from station.store.folder import Folder

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an error with a name becomes a sentence, never a traceback."""
    options = _parser().parse_args(arguments, argparse.Namespace(data=None))
    os.umask(0o077)  # whatever is written here is for this user only
    if options.data is None and options.command not in ("demo", None):
        options.data = default_data_dir()
    i18n.use(i18n.DEFAULT_LANGUAGE)  # until the settings are read: they may be what is wrong
    try:
        i18n.use(load_settings(options.data or default_data_dir()).language)
        command: Callable[[argparse.Namespace], int] = options.run
        return command(options)
    except StationError as problem:
        from station.ui import words

        said = words.of_error(problem)
        print(f"{said.title} {said.todo}".strip(), file=sys.stderr)
        return EXIT_FAILED
    except SettingsError as problem:
        print(_("The settings cannot be used: {problem}. Correct them, or delete that line.").format(
            problem=str(problem).rstrip(".")
        ), file=sys.stderr)  # fmt: skip
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _window(options: argparse.Namespace) -> int:
    from station import app

    if options.training:
        return app.run_training(options.data)
    return app.run_window(options.data or default_data_dir())


def _enrol(options: argparse.Namespace) -> int:
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
            _password(),
            settings=load_settings(options.data).central,
        )
        print(_("This station is enrolled: {station}").format(station=depot.enrolled()[0].station_id))
        print(_("Recovery key. Write it down now; it is not shown again:"))
        print(f"\n    {recovery}\n")
        return EXIT_OK
    finally:
        depot.close()
        lock.release()


def _demo(options: argparse.Namespace) -> int:
    from station.training.demo import run_demo

    central = (options.central, options.code) if options.central else None
    return run_demo(people=options.people, data_dir=options.data, out_dir=options.out, central=central)


def _central(options: argparse.Namespace) -> int:
    from station.central.options import CentralOptions
    from station.central.server import run_forever

    start_logging(options.data / "central" / "logs")

    def announce(url: str, code: str) -> None:
        print(_("Central answers at {url}").format(url=url))
        print(_("One-time enrolment code: {code}").format(code=code), flush=True)

    folder = options.data / "central"
    run_forever(folder, options.port, announce, options=CentralOptions(training=options.training))
    return EXIT_OK


def _roster(options: argparse.Namespace) -> int:
    from station.central.roster_command import run_roster

    return run_roster(options.data / "central", options, print)


def _simulator(options: argparse.Namespace) -> int:
    from station.training.simulator.command import run_simulator

    run_simulator(options, lambda line: print(line, flush=True))
    return EXIT_OK


def _sync(options: argparse.Namespace) -> int:
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


def _status(options: argparse.Namespace) -> int:
    from station.desk.delivery import delivery
    from station.ui import link_words

    depot = Depot(options.data, heal=False)
    try:
        found = delivery(depot)
    finally:
        depot.close()
    counts, link = found.counts, found.link
    if options.json:
        print(json.dumps(_plain(asdict(counts), link.state.value, link.since, link.reason), indent=1))
        return EXIT_OK
    print(link_words.link_sentence(link, counts))
    print(
        _("waiting {waiting} · receipted {receipted} · parked {parked} · needs repair {rejected}").format(
            waiting=counts.waiting, receipted=counts.receipted, parked=counts.parked, rejected=counts.rejected
        )
    )
    return EXIT_OK


def _devices(options: argparse.Namespace) -> int:
    from station.capture.drivers import station_drivers
    from station.capture.lab import Lab
    from station.ui.devices_command import run_devices

    depot, lab = Depot(options.data, heal=False), Lab()
    try:
        drivers = station_drivers(lab, options.data, load_settings(options.data).devices.environment)
        well = run_devices(depot, drivers, datetime.now(UTC), print, as_json=options.json)
    finally:
        lab.close()
        depot.close()
    return EXIT_OK if well else EXIT_FAILED


def _plain(counts: dict[str, Any], state: str, since: datetime, reason: object) -> dict[str, Any]:
    """The status for machines; its shape is a promise to scripts."""
    names = ("queued", "sending", "receipted", "parked", "rejected")
    link = {"state": state, "since": since.astimezone(UTC).isoformat(), "reason": str(reason or "")}
    return {**{name: counts[name] for name in names}, "link": link}


def _officer(options: argparse.Namespace) -> int:
    """Who may sign in here; with `--add`, one more. The window must be closed, for it holds the list."""
    from station.desk import officers, signin
    from station.ui import labels

    lock = Folder(options.data).lock("desk")
    depot = Depot(options.data)
    try:
        people = signin.operators(depot)
        if options.add:
            own = next((who for who in people if who.name == options.own), None if options.own else people[0])
            if own is None:
                raise AccessError("signin.unknown_operator")
            print(_("Approved by {name}, with their own password.").format(name=own.name), file=sys.stderr)
            office = signin.sign_in(depot, own.operator_id, password := _own_password())
            try:
                print(_("Now {name} chooses a password.").format(name=options.add), file=sys.stderr)
                officers.add(office, password, options.add, options.role, _password("STATION_NEW_PASSWORD"))
            finally:
                signin.sign_out(office)
        for who in signin.operators(depot):
            print(f"{who.name} · {labels.role(who.role)}")
        return EXIT_OK
    finally:
        depot.close()
        lock.release()


def _own_password() -> str:
    """The password of somebody who has one: from the environment for scripts, else typed once."""
    if given := os.environ.get("STATION_OPERATOR_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        raise SetupError("password.no_terminal")
    return getpass.getpass(_("Password: "))


def _password(name: str = "STATION_OPERATOR_PASSWORD") -> str:
    """A new password: from the environment for scripts, else typed twice."""
    if given := os.environ.get(name):
        return given
    if not sys.stdin.isatty():
        raise SetupError("password.no_terminal")
    while True:
        first = getpass.getpass(_("Password: "))
        if first == getpass.getpass(_("Password again: ")):
            return first
        print(_("The two passwords differ. Type them again."), file=sys.stderr)


def _midnight() -> datetime:
    return datetime.now(UTC).astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


def _parser() -> argparse.ArgumentParser:
    # Suppressed, so that a subcommand's silence does not undo what was said before its name.
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="data folder of the station"
    )
    parser = argparse.ArgumentParser(prog="station", description="Stasiun KTP-el", parents=[common])
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--training", action="store_true", help="open the window in training mode")
    parser.set_defaults(run=_window, command=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text, parents=[common])
        made.set_defaults(run=run, command=name)
        return made

    enrol = command("enrol", _enrol, "make this station known to central")
    enrol.add_argument("--central", required=True, metavar="URL")
    enrol.add_argument("--code", required=True, help="one-time enrolment code")
    enrol.add_argument("--name", default="Stasiun 1", help="name of the station")
    enrol.add_argument("--office", default="99.01.01", help="region code of the office, such as 33.25.07")
    enrol.add_argument("--operator", default="", help="name of the first operator (asked for when empty)")

    officer = command("officer", _officer, "who may sign in here, and letting in one more")
    officer.add_argument("--add", default="", metavar="NAME", help="let this person in; they choose a password")
    officer.add_argument("--role", default="operator", help="operator or supervisor")
    officer.add_argument("--own", default="", metavar="NAME", help="who lets them in (the first of the list)")

    demo = command("demo", _demo, "play the guided demo through the real window")
    demo.add_argument("--people", type=int, default=12)
    demo.add_argument("--out", type=Path, default=Path("build/demo"), metavar="DIR")
    demo.add_argument(
        "--central", default="", metavar="URL", help="deliver to this central instead of the embedded one"
    )
    demo.add_argument("--code", default="", help="one-time enrolment code of that central")

    central = command("central", _central, "run the reference central")
    central.add_argument("--port", type=int, default=8440)
    central.add_argument("--training", action="store_true", help="accept the fictitious province 99")

    roster = central.add_subparsers(metavar="TASK").add_parser(
        "roster",
        help="target lists: make them from a CSV, hand them out",
        description="make a target list from a CSV of a Dinas, or hand one out; without options, show what there is",
        parents=[common],
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

    from station.training.simulator.command_line import add_options

    add_options(command("simulator", _simulator, "simulated devices that speak SBI, until standard input is closed"))

    sync = command("sync", _sync, "deliver without a window")
    sync.add_argument("--once", action="store_true", help="until nothing is due, then stop")
    status = command("status", _status, "what waits, what arrived, and why")
    status.add_argument("--json", action="store_true")
    devices = command("devices", _devices, "which capture devices are connected, and how they do")
    devices.add_argument("--json", action="store_true")
    return parser
