"""`station central answer`: the Dinas answers the challenge of a station where somebody forgot their password."""

from __future__ import annotations

import argparse

from station.commands.family import EXIT_OK, Family
from station.commands.place import central_folder


def add_to(family: Family, tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command."""
    text = "the code for a forgotten password, from what the station reads out; without it, what was answered so far"
    answer = tasks.add_parser("answer", help=text, description=text, parents=[family.common])
    answer.set_defaults(run=_answer)
    answer.add_argument("challenge", nargs="*", metavar="CHALLENGE", help="fifteen symbols, as they are read out")
    answer.add_argument("--again", action="store_true", help="answer what was answered before: its code was lost")


def _answer(options: argparse.Namespace) -> int:
    from station.central.answer_command import run_answer

    run_answer(central_folder(options), options, print)
    return EXIT_OK
