"""One slow piece of work on a thread of its own.

The thread knows nothing of Qt: a dialog may be gone before it ends. What it says is fetched from here, a few times a
second.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, Signal

from station.domain.errors import StationError
from station.ui.timer import timer

LOOK_EVERY_MS = 100

_log = logging.getLogger(__name__)


class Line:
    """What the work is given: whether it is still wanted, and where to say how far it is."""

    def __init__(self) -> None:
        self._unwanted = Event()
        self._far: tuple[int, int] | None = None
        self.answers: SimpleQueue[tuple[bool, Any]] = SimpleQueue()
        """True and the result, or False and a StationError."""

    @property
    def cancelled(self) -> bool:
        return self._unwanted.is_set()

    def cancel(self) -> None:
        self._unwanted.set()

    def progress(self, done: int, total: int) -> None:
        """Bytes done and bytes in all; only the newest counts."""
        self._far = (done, total)

    def take_progress(self) -> tuple[int, int] | None:
        """The newest, when it has not been taken yet."""
        far, self._far = self._far, None
        return far


class Job(QObject):
    """`begin` once; then `done` or `failed`, on the window's thread, unless this has gone meanwhile."""

    progressed = Signal(object, object)
    """Bytes done, bytes in all: Python numbers, for Qt's end at two gigabytes."""
    done = Signal(object)
    failed = Signal(object)  # StationError

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._line = Line()
        self._running = False
        self._look = timer(self, LOOK_EVERY_MS, self._fetch, repeat=True)

    @property
    def running(self) -> bool:
        """Until its answer has been told."""
        return self._running

    def begin(self, work: Callable[[Line], Any]) -> None:
        """Do `work` beside the window."""
        self._running = True
        Thread(target=_do, args=(work, self._line), name="courier", daemon=True).start()
        self._look.start()

    def cancel(self) -> None:
        """Ask the work to end; it answers as always."""
        self._line.cancel()

    @property
    def cancelled(self) -> bool:
        return self._line.cancelled

    def _fetch(self) -> None:
        far = self._line.take_progress()
        if far is not None:
            self.progressed.emit(*far)
        try:
            good, what = self._line.answers.get_nowait()
        except Empty:
            return
        self._look.stop()
        self._running = False
        (self.done if good else self.failed).emit(what)


def _do(work: Callable[[Line], Any], line: Line) -> None:
    try:
        found = work(line)
    except StationError as problem:
        line.answers.put((False, problem))
    # A bug here must not leave a dialog waiting for ever.
    except Exception:  # noqa: BLE001
        _log.critical("unexpected error with a stick", exc_info=True)
        line.answers.put((False, StationError("program.unexpected")))
    else:
        line.answers.put((True, found))
