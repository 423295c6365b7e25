"""`station simulator`: simulated devices that speak SBI."""

from __future__ import annotations

import argparse

from station.commands.family import EXIT_OK, Family
from station.training.simulator.command_line import add_options


def add_to(family: Family) -> None:
    add_options(family.add("simulator", _run, "simulated devices that speak SBI, until standard input is closed"))


def _run(options: argparse.Namespace) -> int:
    from station.training.simulator.command import run_simulator

    run_simulator(options, lambda line: print(line, flush=True))
    return EXIT_OK
