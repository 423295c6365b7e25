"""Target lists come in on a thread of their own, while the window goes on searching the old ones. Knows no screen.

What central has sent waits sealed in the inbox until somebody signs in; from then on it is taken in by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from station.desk import bundle_inbox, rosters, trips
from station.desk.bundle_inbox import Taken
from station.desk.office import Office
from station.domain.errors import StationError
from station.domain.target import RosterCard
from station.ui.bridge import Bridge
from station.ui.tasks import Tasks
from station.ui.timer import timer

T = TypeVar("T")

EXPIRY_EVERY_MS = 60_000
STOP_WAIT_S = 10.0
AGAIN_AFTER_MS = 600_000
"""How long a list that could not be taken in (a full disk) waits for its next try."""


@dataclass(frozen=True)
class Reading:
    """How far an import is, in people; `total` is 0 while it is not known."""

    done: int
    total: int


class Librarian(QObject):
    """One import at a time. `reading` carries a Reading, or None when nothing is being read."""

    changed = Signal()
    """Other lists are here now, or others are on their way."""
    reading = Signal(object)
    taken = Signal(object)  # RosterCard
    refused = Signal(object)  # StationError
    expired = Signal(object)  # tuple[RosterCard, ...]: wiped, because their day has come
    _progress = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office: Office | None = None
        self._tasks: Tasks | None = None
        self._stop = Event()
        self._busy = False
        self._minute = timer(self, EXPIRY_EVERY_MS, self._expire, repeat=True)
        self._rest = timer(self, AGAIN_AFTER_MS, self._look)
        self._progress.connect(self.reading)  # from the lists' own thread: Qt queues it
        bridge.signed_in.connect(self._signed_in)
        bridge.signed_out.connect(self._signed_out)
        bridge.delivery_changed.connect(lambda _news: self._look())

    @property
    def busy(self) -> bool:
        return self._busy

    @property
    def idle(self) -> bool:
        """True when every question has been answered."""
        return self._tasks is None or self._tasks.idle

    def import_file(self, path: Path) -> None:
        """Take in a list from a stick. Ends in `taken` or `refused`."""
        self._import(lambda office: (_taken_file(office, path, self._told, self._stop),))

    def stop_reading(self) -> None:
        """Give the import up; the list that was here stays as it was."""
        self._stop.set()

    def drop(self, area: str, version: int) -> None:
        """Wipe a list, unless another version has taken its place meanwhile."""
        office = self._office
        if office is not None:
            self._run(lambda: _dropped(office, area, version), lambda _none: self.changed.emit(), self.refused.emit)

    def close(self) -> None:
        """End the thread, within a moment: signing out has ended what it was doing."""
        self._signed_out()
        if self._tasks is not None:
            self._tasks.stop(STOP_WAIT_S)
            self._tasks = None

    # ------------------------------------------------------------------------------------------------------ inside

    def _signed_in(self, office: Office) -> None:
        self._office = office
        self._minute.start()
        self._run(lambda: bundle_inbox.note_held(office), None, self.refused.emit)
        if office.expired:
            self.expired.emit(office.expired)
        self._look()

    def _signed_out(self) -> None:
        # Closing the office ends an import and waits for it; from here on nobody is told of its end.
        self._stop.set()
        self._minute.stop()
        self._rest.stop()
        self._office = None
        self._ended()

    def _look(self) -> None:
        """Take in what has arrived."""
        office = self._office
        waits = self._busy or self._rest.isActive()
        if office is not None and not waits and bundle_inbox.arrived(office.depot):
            self._import(lambda office: bundle_inbox.take_in(office, self._told, self._stop))

    def _import(self, work: Callable[[Office], tuple[Taken, ...]]) -> None:
        office = self._office
        if office is None or self._busy:
            return
        self._busy = True
        self._stop.clear()
        self.reading.emit(Reading(0, 0))
        self._run(lambda: work(office), self._imported, self._failed)

    def _imported(self, found: tuple[Taken, ...]) -> None:
        self._ended()
        for item in found:
            if item.problem is not None:
                self.refused.emit(item.problem)
                self._rest.start()
            elif item.card is not None:
                self.taken.emit(item.card)
        self.changed.emit()

    def _ended(self) -> None:
        self._busy = False
        self.reading.emit(None)

    def _failed(self, problem: StationError) -> None:
        """The import came to nothing. Asking again at the next news would ask without end."""
        self._ended()
        self._rest.start()
        self.refused.emit(problem)

    def _expire(self) -> None:
        office = self._office
        if office is not None and not self._busy:
            self._run(lambda: _expired(office), self._have_expired, self.refused.emit)

    def _have_expired(self, gone: tuple[RosterCard, ...]) -> None:
        if gone:
            self.expired.emit(gone)
            self.changed.emit()

    def _told(self, done: int, total: int) -> None:
        self._progress.emit(Reading(done, total))

    def _run(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] | None,
        failed: Callable[[StationError], object],
    ) -> None:
        """On the lists' thread; an answer that comes after signing out is nobody's any more."""
        office = self._office
        if self._tasks is None:
            self._tasks = Tasks(self, name="lists")

        def answered(result: T) -> None:
            if done is not None and self._office is office:
                done(result)

        def refused(problem: StationError) -> None:
            if self._office is office:
                failed(problem)

        self._tasks.run(work, answered, refused)


def _taken_file(office: Office, path: Path, progress: Callable[[int, int], None], stop: Event) -> Taken:
    card = rosters.import_file(office, path, progress, stop)
    bundle_inbox.note_held(office)
    return Taken(card.area, card.version, card, None)


def _dropped(office: Office, area: str, version: int) -> None:
    rosters.drop(office, area, version)
    bundle_inbox.note_held(office)


def _expired(office: Office) -> tuple[RosterCard, ...]:
    """Wipe what is past its day, and with it the people of trips that are over. The lists that have gone."""
    gone = rosters.drop_expired(office)
    trips.forget_people(office)
    if gone:
        bundle_inbox.note_held(office)
    return gone
