"""Deeds on the sheet of one trip, and taking them back. Every deed is on the disk before its answer comes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from station.desk import trip_day, trips
from station.desk.office import Office
from station.desk.trip_day import Sheet, Undo
from station.domain.errors import StationError
from station.domain.trip import Mark, TripPerson, WhyNot
from station.ui.context import Context


class Marking(QObject):
    """`changed` carries the Sheet as it is now, read again after every deed."""

    changed = Signal(object)
    closed = Signal(object)  # the Sheet of a trip that was just closed
    added = Signal(str)  # the NIK of somebody put on the sheet by hand
    failed = Signal()  # the last deed was refused and nothing changed; the window says why
    refused = Signal(object)  # StationError of adding somebody: said beside what was typed

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._undo: list[Undo] = []
        self.trip_id = ""

    def open(self, trip_id: str) -> None:
        """Another trip: what was done on the one before is not taken back here."""
        if trip_id != self.trip_id:
            self._undo.clear()
        self.trip_id = trip_id
        self.read()

    def read(self) -> None:
        """Read the sheet again, as after a recording."""
        office, trip_id = self._context.desk, self.trip_id
        if trip_id:
            self._context.tasks.run(lambda: trip_day.sheet(office, trip_id), self._show)

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    def mark(self, nik: str, wanted: Mark) -> None:
        self._do(lambda office, trip_id: trip_day.mark(office, trip_id, nik, wanted))

    def explain(self, nik: str, why_not: WhyNot, words: str) -> None:
        self._do(lambda office, trip_id: trip_day.explain(office, trip_id, nik, why_not, words))

    def mark_rest_absent(self) -> None:
        self._do(trip_day.mark_rest_absent)

    def take_back(self) -> None:
        """Undo the last deed."""
        if not self._undo:
            return
        before = self._undo.pop()
        office, trip_id = self._context.desk, self.trip_id
        self._context.tasks.run(lambda: trip_day.undo(office, trip_id, before), lambda _none: self.read())

    def add(self, nik: str, name: str, *, as_invited: bool) -> None:
        office, trip_id = self._context.desk, self.trip_id

        def work() -> tuple[TripPerson, Sheet]:
            person = trip_day.add_person(office, trip_id, nik, name, as_invited=as_invited)
            return person, trip_day.sheet(office, trip_id)

        def done(found: tuple[TripPerson, Sheet]) -> None:
            self._show(found[1])
            self.added.emit(found[0].nik)

        self._context.tasks.run(work, done, self.refused.emit)

    def remove(self, nik: str) -> None:
        """Take somebody off the sheet; earlier deeds on them are not taken back any more."""
        office, trip_id = self._context.desk, self.trip_id
        self._undo = [before for before in self._undo if all(person.nik != nik for person in before)]
        self._context.tasks.run(lambda: trip_day.remove_person(office, trip_id, nik), lambda _none: self.read())

    def close(self) -> None:
        office, trip_id = self._context.desk, self.trip_id

        def work() -> Sheet:
            trip_day.close(office, trip_id)
            return trip_day.sheet(office, trip_id)

        def done(sheet: Sheet) -> None:
            self._undo.clear()
            self._show(sheet)
            self.closed.emit(sheet)

        self._context.tasks.run(work, done, self._failed)
        self.read()

    def delete(self, trip_id: str, done: Callable[[], None]) -> None:
        """Delete a trip on which nothing was recorded."""
        office = self._context.desk
        self._context.tasks.run(lambda: trips.delete(office, trip_id), lambda _none: done())

    def _do(self, deed: Callable[[Office, str], Undo]) -> None:
        office, trip_id = self._context.desk, self.trip_id

        def done(before: Undo) -> None:
            if before:
                self._undo.append(before)

        self._context.tasks.run(lambda: deed(office, trip_id), done, self._failed)
        self.read()

    def _show(self, sheet: Sheet) -> None:
        if sheet.trip.trip_id == self.trip_id:
            self.changed.emit(sheet)

    def _failed(self, error: StationError) -> None:
        self.failed.emit()
        self._context.tasks.failed.emit(error)
