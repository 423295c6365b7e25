"""Power, clock and silence: what the station notices by itself, told to whoever sits here.

Must not know how a window shows it, nor how a screen is locked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from station.desk import clock_guard, delivery
from station.desk.delivery import Delivery
from station.desk.office import Office
from station.domain.clock_jump import Jump
from station.domain.isolation import days_alone
from station.ui import clock_words, delivery_words, power_words
from station.ui.clock_watch import ClockKeeper
from station.ui.context import Context
from station.ui.timer import timer

MOST_JUMPS = 20
BUSY_LOOK_MS = 500
"""So often whether a capture has ended is asked, before the screen is locked for want of power."""


class Booth(Protocol):
    """A screen on which people are captured."""

    @property
    def busy(self) -> bool: ...

    def store(self) -> None:
        """What is being typed is handed over, and devices are let go of."""
        ...


class Watchman(QObject):
    """`told` carries a title and what to do; `lock_wanted` too, and what was open has been stored by then."""

    told = Signal(str, str)
    lock_wanted = Signal(str, str)

    def __init__(self, context: Context, booths: Callable[[], Sequence[Booth]], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._booths = context, booths
        self._jumps: list[Jump] = []  # noticed while nobody was signed in
        self._clock = ClockKeeper(context.clock)
        self._clock.jumped.connect(self._jumped)
        self._clock.see.connect(self._see)
        self._again = timer(self, BUSY_LOOK_MS, self._save)
        context.power.ran_low.connect(self._save)

    def start(self) -> None:
        self._context.power.start()
        self._clock.start()

    def stop(self) -> None:
        self._again.stop()
        self._context.power.stop()
        self._clock.stop()

    def greet(self, office: Office) -> None:
        """Somebody signed in: a clock that went back while the computer was off, and weeks without central."""
        jumps, self._jumps = self._jumps, []
        now = self._context.clock.now()

        def look() -> tuple[Jump | None, Delivery]:
            for jump in jumps:
                clock_guard.note(office, jump)
            return clock_guard.note_start(office), delivery.delivery(office.depot)

        def tell(found: tuple[Jump | None, Delivery]) -> None:
            jump, picture = found
            alone = delivery_words.alone_fact(days_alone(picture.link, picture.oldest_waiting_at, now))
            if jump is not None:
                self._tell_jump(jump)
            elif alone.text:
                self.told.emit(alone.text, delivery_words.alone_remedy(picture.counts))

        self._context.tasks.run(look, tell)
        if self._context.power.is_low:
            power = self._context.power
            self.told.emit(power_words.low_title(power.charge), power_words.low_remedy())

    def _save(self) -> None:
        """What is being captured ends first; then everything typed is on the disk, and the screen is locked."""
        if self._context.office is None or not self._context.power.is_low:
            return
        booths = self._booths()
        if any(booth.busy for booth in booths):
            self._again.start()
            return
        for booth in booths:
            booth.store()
        self.lock_wanted.emit(power_words.low_title(self._context.power.charge), power_words.low_remedy())

    def _jumped(self, jump: Jump) -> None:
        office = self._context.office
        if office is None:
            self._jumps = [*self._jumps, jump][-MOST_JUMPS:]
            return
        self._context.tasks.run(lambda: clock_guard.note(office, jump))
        self._tell_jump(jump)

    def _tell_jump(self, jump: Jump) -> None:
        self.told.emit(clock_words.jumped_title(jump), clock_words.jumped())

    def _see(self) -> None:
        depot, now = self._context.depot, self._context.clock.now()
        self._context.tasks.run(lambda: depot.clocks.see(now))
