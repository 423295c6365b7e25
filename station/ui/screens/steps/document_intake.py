"""Papers on their way in: read one page after another on a thread of their own, each told as soon as it is there.

It must not know where pages are kept, and keeps neither bytes nor names of files once they are read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from threading import Event, Thread

from PySide6.QtCore import QObject, Signal

from station.capture.lab import Lab
from station.capture.tasks import pages
from station.domain.errors import StationError

Source = Callable[[], Iterator[bytes]]
"""Gives documents as they come: from files, from the glass or the feeder of a scanner, from a camera."""

_log = logging.getLogger(__name__)


class _Run(QObject):
    """One delivery. Its signals cross over to the window's thread."""

    told = Signal(object, int, int)  # run, page that is being read, of how many in this document
    read = Signal(object, object)  # run, ReadPage
    failed = Signal(object, object)  # run, StationError
    ended = Signal(object)  # run; always the last

    def __init__(self, lab: Lab, source: Source) -> None:
        super().__init__()
        self._lab, self._source = lab, source
        self.stopped = Event()
        self.worker = Thread(target=self._work, name="documents", daemon=True)

    def _work(self) -> None:
        try:
            for data in self._source():
                if self.stopped.is_set():
                    break
                self._read(data)
        except StationError as problem:
            self.failed.emit(self, problem)
        # As in every task: a bug costs this delivery, and is loud.
        except Exception:  # noqa: BLE001
            _log.critical("unexpected error while a document was read", exc_info=True)
            self.failed.emit(self, StationError("program.unexpected"))
        self.ended.emit(self)

    def _read(self, data: bytes) -> None:
        count = pages.count(self._lab, data)
        for number in range(count):
            if self.stopped.is_set():
                return
            self.told.emit(self, number + 1, count)
            self.read.emit(self, pages.read(self._lab, data, number))


class Intake(QObject):
    """One delivery at a time; what was told before it is stopped stays told."""

    told = Signal(int, int)  # page that is being read, of how many
    read = Signal(object)  # ReadPage
    failed = Signal(object)  # StationError
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: _Run | None = None
        self._old: list[_Run] = []  # until their threads have ended: Qt objects are not thrown away by other threads

    @property
    def busy(self) -> bool:
        return self._run is not None

    def begin(self, lab: Lab, source: Source) -> None:
        """Take in what `source` gives. Nothing happens while another delivery is on its way."""
        if self._run is not None:
            return
        self._old = [run for run in self._old if run.worker.is_alive()]
        run = self._run = _Run(lab, source)
        run.told.connect(self._told)
        run.read.connect(self._read)
        run.failed.connect(self._failed)
        run.ended.connect(self._ended)
        run.worker.start()

    def stop(self) -> None:
        """Take in no more; a page that is just being read is not told of."""
        if self._run is not None:
            self._run.stopped.set()
            self._old.append(self._run)
            self._run = None
            self.ended.emit()

    def _told(self, run: _Run, number: int, count: int) -> None:
        if run is self._run:
            self.told.emit(number, count)

    def _read(self, run: _Run, page: pages.ReadPage) -> None:
        if run is self._run:
            self.read.emit(page)

    def _failed(self, run: _Run, problem: StationError) -> None:
        if run is self._run:
            self.failed.emit(problem)

    def _ended(self, run: _Run) -> None:
        if run is self._run:
            self._old.append(run)
            self._run = None
            self.ended.emit()
