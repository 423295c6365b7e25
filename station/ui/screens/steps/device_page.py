"""What all capturing steps share: each result is kept the moment it comes, the best of the tries stays, weak is told.

Must not know which device it is, nor how results are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from station.domain.biometrics import Capture, Part
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.ports import Order
from station.i18n import _
from station.ui.device_thread import DeviceThread
from station.ui.part_names import part_name
from station.ui.screens.steps.clock_card import ClockCard
from station.ui.screens.steps.kept import Kept
from station.ui.screens.steps.live_page import LivePage
from station.ui.screens.steps.session import Session
from station.ui.widgets.problem_card import Problem


class DevicePage(LivePage):
    """Subclasses say what to capture next and show what there is."""

    def __init__(self, session: Session, lane: DeviceThread | None, name: str, parent: QWidget | None = None) -> None:
        super().__init__(session, lane, name, parent)
        self.kept = Kept()
        self.worse: tuple[Capture, ...] = ()  # of the last capture: what was kept before is better, and stays
        self._record = ""
        self._clock = ClockCard(session, self._tell, self._clock_read)
        self.looking.captured.connect(self._captured)

    # -------------------------------------------------------------------------------------- what subclasses define

    def to_watch(self) -> tuple[Part, ...]:
        """The next targets while one of them is still open."""
        targets = self.targets()
        return targets if any(self.is_open(part) for part in targets) else ()

    def order(self, targets: tuple[Part, ...]) -> Order:
        assert self.draft is not None
        attempt, draft = self.kept.attempt(targets), self.draft
        after = draft.last_statement
        return Order(targets, attempt, draft.record.record_id, draft.assisted, policy=self.kept.policy, after=after)

    def weak_problem(self) -> Problem | None:
        """A result that was not good enough."""
        return None

    def accepted(self, kept: tuple[Capture, ...]) -> None:
        """These go to the desk just now."""

    def refused(self, parts: tuple[Part, ...]) -> None:
        """The desk did not take these: they are open again."""

    # ------------------------------------------------------------------------------------------------------- doing

    @property
    def record(self) -> str:
        """Whose results it holds."""
        return self._record

    def quality(self, part: Part) -> int | None:
        """The quality of what is kept of `part`, also when the desk is still writing it."""
        return self.kept.quality(part)

    def is_open(self, part: Part) -> bool:
        """Still to be captured."""
        return self.kept.is_open(part)

    def show_draft(self, draft: Draft) -> None:
        if draft.record.record_id != self._record:
            self._record = draft.record.record_id
            self.forgive()
            self.kept.lose()
            self.looking.stop()
            self._clock.forget()
            self.forget()
        self.draft = draft
        self.kept.show_draft(draft)
        self.refresh()

    def not_stored(self) -> None:
        self.kept.lose()
        self._tell()

    def forget(self) -> None:
        """Another person: nothing of the one before may stay on the page."""
        self.preview.show_still(None)

    def forgive(self) -> None:
        super().forgive()
        self.worse = ()

    def discard(self, parts: Sequence[Part]) -> None:
        """Throw away what was captured of another finger or eye: it is open again."""
        self.forgive()
        self.session.discard(parts, self._discarded)
        self._tell()

    def begin_anew(self, parts: tuple[Part, ...]) -> None:
        """What is kept of these is not wanted any more, and the next capture is of them."""
        self.discard(parts)

    def problem(self) -> Problem | None:
        return super().problem() or self._worse_problem() or self._clock.problem()

    def left(self) -> None:
        self.worse = ()
        super().left()

    # ------------------------------------------------------------------------------------------------------ inside

    def _captured(self, captures: tuple[Capture, ...]) -> None:
        if self.draft is None:
            return
        self.preview.show_hint("")
        self._clock.look(captures)
        self.worse = self.kept.expect(captures)
        self.session.keep(captures, self._refuser(tuple(item.part for item in captures)))
        self.accepted(captures)
        self.watch()
        self._tell()

    def _clock_read(self) -> None:
        """The keyboard goes back to the device."""
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def _discarded(self) -> None:
        self.watch()
        self._tell()

    def _refuser(self, parts: tuple[Part, ...]) -> Callable[[StationError], None]:
        record_id = self._record

        def refuse(error: StationError) -> None:
            if record_id != self._record:
                return
            self.kept.lose(parts)
            self.worse = ()
            self._error = error
            self.refused(parts)
            self.watch()
            self._tell()

        return refuse

    def _worse_problem(self) -> Problem | None:
        """A try that was no better is not dropped without a word; whoever wants it all the same deletes the other."""
        weak, parts = self.weak_problem(), tuple(item.part for item in self.worse)
        if not parts or weak is not None:
            return weak and replace(weak, todo=f"{self._stays_told()} {weak.todo}".strip())
        name = part_name(parts[0]) if len(parts) == 1 else _("{count} captures").format(count=len(parts))
        title = _("{name}: nothing changed").format(name=name)
        todo = _("If what was captured before is of another finger or eye, delete it.")
        todo = f"{self._stays_told()} {todo}"
        return Problem(title, todo, "warn", other=_("Delete the earlier"), act_other=lambda: self.begin_anew(parts))

    def _stays_told(self) -> str:
        if len(self.worse) != 1:
            return _("The earlier tries were better and stay.") if self.worse else ""
        (item,) = self.worse
        told = _("The earlier try was better and stays: quality {kept}, now {new}.")
        return told.format(kept=self.quality(item.part), new=item.quality)
