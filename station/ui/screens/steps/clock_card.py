"""The amber card about a wrong clock: once a day for each device, until somebody has read it. Must not know why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from station.desk import clocks
from station.domain.biometrics import Capture
from station.domain.clocks import SKEWED, Skew
from station.i18n import _
from station.ui import clock_words
from station.ui.screens.steps.session import Session
from station.ui.widgets.problem_card import Problem


class ClockCard:
    """`changed` is called when there is something to say, `read` when somebody has read it."""

    def __init__(self, session: Session, changed: Callable[[], None], read: Callable[[], None]) -> None:
        self._session, self._changed, self._read = session, changed, read
        self._skew: Skew | None = None
        self._of = 0  # counts captures: the answer about an earlier one is late

    def look(self, captures: Sequence[Capture]) -> None:
        """New captures: their device's clock may have been wrong, or is right again."""
        self._of += 1
        mine, device = self._of, next((item.device for item in captures if SKEWED in item.remarks), None)
        if device is None:
            self._skew = None
            return

        def show(found: Skew | None) -> None:
            if found is not None and mine == self._of:
                self._skew = found
                self._changed()

        # Advice is worth no trouble of its own: when it cannot be had, the capture is kept all the same.
        self._session.ask(lambda office: clocks.tell_once(office, device), show, lambda _error: None)

    def forget(self) -> None:
        """Another person sits here."""
        self._of += 1
        self._skew = None

    def problem(self) -> Problem | None:
        if self._skew is None:
            return None
        said = clock_words.of_skew(self._skew)
        return Problem(said.title, said.todo, "warn", _("Understood"), self._dismiss)

    def _dismiss(self) -> None:
        self._skew = None
        self._read()
