"""Trying a real station with the simulator: begins within seconds, and ends by itself. Says so in a banner.

While it goes on the rack serves simulated devices; afterwards everything serves as before, for nothing was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from station.domain.errors import StationError
from station.domain.ports import Driver, Found
from station.i18n import _
from station.ui import words
from station.ui.context import Context
from station.ui.tasks import Tasks
from station.ui.timer import timer
from station.ui.widgets.banner import Banner

LASTS_S = 600


class TryOut(QObject):
    """`start` it, `stop` it; `changed` when it is under way, has begun or is over."""

    changed = Signal()

    def __init__(self, context: Context, banner: Banner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._banner = banner
        self._tasks: Tasks | None = None
        self.starting = False
        self.running = False
        self._limit = timer(self, LASTS_S * 1000, self.stop)

    @property
    def possible(self) -> bool:
        """Training mode has nothing else than simulated devices."""
        return self._context.trial is not None

    def start(self) -> None:
        trial = self._context.trial
        if trial is None or self.starting or self.running:
            return
        self.starting = True
        if self._tasks is None:
            self._tasks = Tasks(name="trial")
        self._tasks.run(trial.begin, self._begun, self._not_begun)
        self._banner.say(_("The simulator is starting…"), _("This takes a few seconds."), "brand")
        self.changed.emit()

    def stop(self) -> None:
        """The devices of this station serve again; also while the simulator is still starting."""
        trial, tasks, self._tasks = self._context.trial, self._tasks, None
        if tasks is None or trial is None:
            return
        self._limit.stop()
        self.starting = self.running = False
        self._context.rack.take_back()
        tasks.run(trial.end)  # after the start, if that is still going on
        tasks.stop(0.0)
        self._banner.clear()
        self.changed.emit()

    def _begun(self, found: tuple[Driver, Sequence[Found]]) -> None:
        self.starting, self.running = False, True
        self._context.rack.lend(*found)
        self._limit.start()
        todo = _("Nothing can be recorded with it. Leave this screen, and your own devices serve again.")
        self._banner.say(_("SIMULATION: no device of this station serves now"), todo, "warn")
        self.changed.emit()

    def _not_begun(self, problem: StationError) -> None:
        self.stop()
        said = words.of_error(problem)
        self._banner.say(said.title, said.todo, "bad")
