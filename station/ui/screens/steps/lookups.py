"""Questions to the desk that change nothing, and the one way to ask it. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from station.desk import recording, records, villages
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.ports import Clock
from station.domain.regions import Village
from station.domain.rows import RecordRow
from station.ui.context import Context

T = TypeVar("T")


class Lookups(QObject):
    """Answers come to `done` on the GUI thread, in the order of the questions, until `stop`."""

    failed = Signal(object)  # StationError: nothing was stored; what was typed is still in its field

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        # Kept, because what is being typed is handed over while the person is already signing out.
        self._office = context.desk
        self._over = False
        self.draft: Draft | None = None

    @property
    def training(self) -> bool:
        return self._context.training

    @property
    def practice(self) -> Sequence[tuple[str, str]]:
        """People to practise with, as (NIK, name)."""
        return self._context.practice

    @property
    def clock(self) -> Clock:
        return self._context.clock

    def open_drafts(self, done: Callable[[tuple[Draft, ...]], None]) -> None:
        office = self._office
        self._run(lambda: recording.open_drafts(office), done)

    def same_nik(self, nik: str, done: Callable[[tuple[RecordRow, ...]], None]) -> None:
        office = self._office
        besides = self.draft.record.record_id if self.draft else ""
        self._run(lambda: records.same_nik(office, nik, besides), done)

    def find_villages(self, typed: str, done: Callable[[tuple[Village, ...]], None]) -> None:
        office = self._office
        self._run(lambda: villages.find_villages(office, typed), done)

    def village(self, code: str, done: Callable[[Village | None], None]) -> None:
        office = self._office
        self._run(lambda: villages.village(office, code), done)

    def stop(self) -> None:
        """What is handed over is still stored, but nobody is told any more."""
        self._over = True

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        def tell(result: T) -> None:
            if not self._over:
                done(result)

        def fail(error: StationError) -> None:
            if not self._over:
                self.failed.emit(error)

        self._context.tasks.run(work, tell, fail)
