"""The subcommands as they are put together: each file of this package adds its own. Knows none of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2

Run = Callable[[argparse.Namespace], int]


@dataclass(frozen=True)
class Family:
    """Where subcommands go, and the options that each of them has."""

    commands: argparse._SubParsersAction[argparse.ArgumentParser]
    common: argparse.ArgumentParser

    def add(self, name: str, run: Run, text: str) -> argparse.ArgumentParser:
        """A subcommand whose answer is `run`; `text` says what it is for."""
        made = self.commands.add_parser(name, help=text, description=text, parents=[self.common])
        made.set_defaults(run=run, command=name)
        return made
