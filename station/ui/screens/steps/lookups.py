"""Questions to the desk that change nothing, and the one way to ask it. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from station.capture.lab import Lab
from station.desk import applicants, papers, referrals, villages, waiting_room
from station.desk.office import Office, StationCard
from station.desk.waiting_room import WaitingRoom
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.permission import Permission
from station.domain.ports import Clock
from station.domain.referral import Asked, Referral
from station.domain.regions import Village
from station.domain.standing import Candidate, Standing
from station.ui.context import Context
from station.ui.power_guard import PowerGuard
from station.ui.print_room import PrintRoom

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
        self._question = 0
        self.draft: Draft | None = None

    @property
    def training(self) -> bool:
        return self._context.training

    @property
    def practice(self) -> Sequence[tuple[str, str]]:
        """People to practise with, as (NIK, name)."""
        return self._context.practice

    @property
    def practice_password(self) -> str:
        """Of the colleague who approves in training mode; '' at a real station."""
        return self._context.training_officer_password

    def may(self, permission: Permission) -> bool:
        """Whether whoever is signed in may do it."""
        return self._office.may(permission)

    @property
    def clock(self) -> Clock:
        return self._context.clock

    @property
    def power(self) -> PowerGuard:
        """Whether there is power enough for somebody new."""
        return self._context.power

    @property
    def station(self) -> StationCard:
        return self._office.station

    @property
    def lab(self) -> Lab:
        """Where what comes from outside is read, by whoever has a thread of its own to wait on."""
        return self._office.lab

    @property
    def printer(self) -> PrintRoom:
        return self._context.printer

    def printed(self, record_id: str, paper: str, way: str) -> None:
        """A paper about this record went out of the station: keep it in the audit."""
        office = self._office
        self._run(lambda: papers.printed(office, record_id, paper, way), lambda _none: None)

    def waiting(self, done: Callable[[WaitingRoom], None]) -> None:
        office = self._office
        self._run(lambda: waiting_room.waiting(office), done)

    def look_up(self, nik: str, done: Callable[[Standing], None]) -> None:
        """How a person stands, beside the draft that is open."""
        office = self._office
        besides = self.draft.record.record_id if self.draft else ""
        self._run(lambda: applicants.look_up(office, nik, besides=besides), done)

    def find_people(self, typed: str, done: Callable[[tuple[Candidate, ...]], None]) -> None:
        """The newest question wins: the desk does not work at one that has been overtaken."""
        office = self._office
        self._question += 1
        mine = self._question

        def find() -> tuple[Candidate, ...] | None:
            return applicants.find_people(office, typed) if mine == self._question else None

        def tell(found: tuple[Candidate, ...] | None) -> None:
            if found is not None:
                done(found)

        self._run(find, tell)

    def referrals(self, done: Callable[[tuple[Referral, ...]], None]) -> None:
        office = self._office
        self._run(lambda: referrals.today(office), done)

    def refer(self, asked: Asked, done: Callable[[Referral], None], failed: Callable[[StationError], None]) -> None:
        """Send somebody without a NIK on; `failed` hears what is wrong with an answer."""
        office = self._office
        self._context.tasks.run(lambda: referrals.refer(office, asked), done, failed)

    def find_villages(self, typed: str, done: Callable[[tuple[Village, ...]], None]) -> None:
        office = self._office
        self._run(lambda: villages.find_villages(office, typed), done)

    def village(self, code: str, done: Callable[[Village | None], None]) -> None:
        office = self._office
        self._run(lambda: villages.village(office, code), done)

    def ask(
        self,
        work: Callable[[Office], T],
        done: Callable[[T], None],
        failed: Callable[[StationError], None] | None = None,
    ) -> None:
        """Any other question to the desk; `failed` hears of an error in place of everybody."""
        office = self._office
        self._run(lambda: work(office), done, failed)

    def stop(self) -> None:
        """What is handed over is still stored, but nobody is told any more."""
        self._over = True

    def _run(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[StationError], None] | None = None
    ) -> None:
        """`failed` hears of an error in place of everybody."""

        def tell(result: T) -> None:
            if not self._over:
                done(result)

        def fail(error: StationError) -> None:
            if not self._over:
                (failed or self.failed.emit)(error)

        self._context.tasks.run(work, tell, fail)
