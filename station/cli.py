"""The `station` command: reads what was typed, and turns an error with a name into a sentence. Does no work itself."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from station import __version__, i18n
from station.commands.family import EXIT_FAILED, EXIT_USAGE, Family, Run
from station.commands.place import check_station
from station.config import SettingsError, default_data_dir, load_settings
from station.domain.errors import StationError
from station.i18n import _
from station.last_words import told_plainly
from station.own_memory import keep_private
from station.store.moved import follow

_OF_A_STATION = frozenset(
    ("officer", "courier", "reconcile", "retention", "status", "doctor", "devices", "backup", "move-store")
)
"""Commands that need one; `sync` looks itself, since it tells its trouble as an event."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an error with a name becomes a sentence, never a traceback."""
    options = _window_alone(arguments) or _parser().parse_args(arguments, argparse.Namespace(data=None))
    os.umask(0o077)  # whatever is written here is for this user only
    keep_private()
    with told_plainly():
        return _answer(options)


def _answer(options: argparse.Namespace) -> int:
    options.data_was_named = options.data is not None
    if options.data is None and options.command not in ("demo", None):
        options.data = default_data_dir()
    i18n.use(i18n.DEFAULT_LANGUAGE)  # until the settings are read: they may be what is wrong
    try:
        if options.data is not None:
            options.data = follow(options.data)
        i18n.use(load_settings(options.data or default_data_dir()).language)
        if options.command in _OF_A_STATION:
            check_station(options)
        command: Run = options.run
        return command(options)
    except StationError as problem:
        from station.ui import words

        said = words.of_error(problem)
        if getattr(options, "json", False) and options.command != "sync":  # which tells its own, as an event
            print(json.dumps({"error": problem.code}))
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
    from station.ui.loading import loading

    with loading():
        from station.app import run

    if options.training:
        return run.run_training(options.data)
    return run.run_window(options.data or follow(default_data_dir()))


def _window_alone(arguments: Sequence[str] | None) -> argparse.Namespace | None:
    """What was typed when it is the window and nothing else: that start waits for none of the commands."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--training", action="store_true")
    parser.set_defaults(run=_window, command=None)
    try:
        options, others = parser.parse_known_args(arguments)
    except argparse.ArgumentError:
        return None
    return None if others else options


class _Parser(argparse.ArgumentParser):
    """It and those of its commands take no abbreviations: who mistypes `--data` must not get another folder."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**{**how, "allow_abbrev": False})


def _parser() -> argparse.ArgumentParser:
    from station.commands import (
        audit,
        backup,
        central,
        courier,
        demo,
        devices,
        doctor,
        enrol,
        inventory,
        officer,
        reconcile,
        restore,
        retention,
        simulate_fleet,
        simulator,
        status,
        sync,
    )

    # Suppressed, so that a subcommand's silence does not undo what was said before its name.
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="data folder of the station"
    )
    parser: argparse.ArgumentParser = _Parser(prog="station", description="Stasiun KTP-el", parents=[common])
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--training", action="store_true", help="open the window in training mode")
    parser.set_defaults(run=_window, command=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    family = Family(commands, common)
    rooms = (
        enrol, officer, demo, central, simulator, simulate_fleet, sync, courier, reconcile, retention,
        status, doctor, devices, audit, inventory, backup, restore,
    )  # fmt: skip
    for room in rooms:
        room.add_to(family)
    return parser
