"""The printers of this computer, asked on a thread of their own: a spooler that hangs holds up neither window nor desk.

Knows no widget. The thread is started by the first question, so whoever never prints has none.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from station.domain.errors import DeviceError, StationError
from station.domain.paper import Paper
from station.domain.ports import Printer
from station.ui.sheet import Sheet
from station.ui.tasks import Tasks

STOP_WAIT_S = 2.0

Told = Callable[[StationError], None]


class PrintRoom:
    """Answers come to `done` or `failed` on the GUI thread."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._tasks: Tasks | None = None

    def names(self, done: Callable[[tuple[str, ...]], None], failed: Told) -> None:
        """The printers that are set up here, the usual one first."""
        self._thread().run(self._printer.names, done, failed)

    def describe(self, name: str, done: Callable[[tuple[str, str]], None], failed: Told) -> None:
        """Make and model of one of them, and what keeps it from printing now."""
        self._thread().run(lambda: self._printer.describe(name), done, failed)

    def print(self, paper: Paper, name: str, done: Callable[[None], None], failed: Told) -> None:
        """Print it; `failed` hears of a DeviceError `printer.*`."""
        self._thread().run(lambda: self._printer.print(paper, name), done, failed)

    def save_pdf(self, paper: Paper, file: Path, done: Callable[[None], None], failed: Told) -> None:
        """Write it where the person said; `failed` hears of DeviceError `printer.not_saved`."""
        self._thread().run(lambda: write_pdf(paper, file), done, failed)

    def stop(self) -> None:
        """Finish what was handed over, within a moment: a job in a spooler that hangs is left to it."""
        if self._tasks is not None:
            self._tasks.stop(STOP_WAIT_S)
            self._tasks = None

    def _thread(self) -> Tasks:
        if self._tasks is None:
            self._tasks = Tasks(name="printer")
        return self._tasks


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def write_pdf(paper: Paper, file: Path) -> None:
    """The paper as a PDF file; DeviceError `printer.not_saved` when the place cannot be written.

    Made in memory first: half a file is never left behind, and nothing personal goes through a temporary file.
    """
    data = Sheet(paper).pdf()
    try:
        with open(file, "wb", opener=_owner_only) as writing:
            writing.write(data)
    except OSError as problem:
        if file.is_file() and file.stat().st_size < len(data):
            file.unlink(missing_ok=True)
        raise DeviceError("printer.not_saved", errno=problem.errno or 0) from problem
