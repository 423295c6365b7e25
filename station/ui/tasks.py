"""Run this off the GUI thread, call me back on it. Knows nothing of what is run.

One worker thread, the desk's unless it is named otherwise: what it is given runs in order, so a widget never meets its
own earlier question answered late. Callbacks arrive on the thread that made the runner, and what was asked dies there
too: a question often holds the last word of a widget that has gone, and Qt's objects must not be destroyed by a worker.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from station.domain.errors import StationError

T = TypeVar("T")
Job = Callable[[], Callable[[], None]]
"""Runs on the worker; what it returns runs on the GUI thread."""

DATABASES = ("applicants.db", "outbox.db")

_log = logging.getLogger(__name__)
_left_behind: list[Tasks] = []
"""Whose worker did not come back when it was stopped: it holds them, and must not be the last to let go."""


class Tasks(QObject):
    """The door to the desk. `failed` tells of errors nobody asked to hear about: the window shows them."""

    failed = Signal(object)  # StationError
    damaged = Signal(object)
    """StoreError of a database of this station whose pages are damaged: told besides, whoever else hears of it."""
    _came_back = Signal()

    def __init__(self, parent: QObject | None = None, *, name: str = "desk") -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._answered: deque[tuple[Job, Callable[[], None]]] = deque()
        self._stopped = False
        self._pending = 0
        # From another thread this connection is queued: the callback runs where this object lives.
        self._came_back.connect(self._call_back)
        self._worker = Thread(target=self._work, name=name, daemon=True)
        self._worker.start()

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[StationError], None] | None = None,
    ) -> None:
        """Do `work` on the desk thread, then `done(result)` here, or `failed(error)` for an error with a name."""
        if self._stopped:
            return
        report = failed or self.failed.emit

        def job() -> Callable[[], None]:
            try:
                result = work()
            except StationError as problem:
                error = problem
                return lambda: self._tell_error(report, error)
            # The one place that may catch anything: a bug in one question must not end the thread that answers all.
            except Exception:  # noqa: BLE001
                _log.critical("unexpected error in a task", exc_info=True)
                unexpected = StationError("program.unexpected")
                return lambda: _tell(report, unexpected)
            return lambda: _tell(done, result)

        self._pending += 1
        self._jobs.put(job)

    @property
    def idle(self) -> bool:
        """True when every question has been answered."""
        return self._pending == 0

    def stop(self, wait_s: float = 10.0) -> None:
        """Finish what is queued, answer nobody any more, and end the thread."""
        if not self._stopped:
            self._stopped = True
            self._jobs.put(None)
            self._worker.join(wait_s)
            if self._worker.is_alive():
                _left_behind.append(self)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            # Told only after this thread has let go of both: they are dropped where they are taken out.
            self._answered.append((job, job()))
            del job
            self._came_back.emit()

    def _tell_error(self, report: Callable[[StationError], None], error: StationError) -> None:
        if error.data.get("file") in DATABASES:
            self.damaged.emit(error)
        _tell(report, error)

    def _call_back(self) -> None:
        _job, answer = self._answered.popleft()
        self._pending -= 1
        if not self._stopped:
            answer()


def _tell(listener: Callable[[Any], None] | None, answer: object) -> None:
    """Call `listener`, unless it belongs to a screen that has gone meanwhile: nobody waits for that answer."""
    owner = getattr(listener, "__self__", None)
    if listener is not None and not (isinstance(owner, QObject) and not shiboken6.isValid(owner)):
        listener(answer)
