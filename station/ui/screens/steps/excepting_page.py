"""A device page whose parts may be left out with an exception: the rings, the button, the way to the dialog.

Must not know how an exception is granted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from station.domain.biometrics import BiometricException, Part
from station.domain.errors import StationError
from station.i18n import _
from station.ui import words
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.device_page import DevicePage
from station.ui.screens.steps.exceptions import Exceptions
from station.ui.screens.steps.session import Session
from station.ui.widgets.button import button
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.ring_board import EXCEPT_KEYS, RingBoard

_MAY_BE_MISSING = frozenset({"device.timeout", "finger.count", "sbi.wrong_parts", "sbi.nothing_captured"})
"""A broken device is no reason to leave a finger out; one that was not seen may be."""


class ExceptingPage(DevicePage):
    """`board` shows the parts of this page; subclasses lay it out."""

    def __init__(
        self,
        session: Session,
        lane: DeviceThread | None,
        name: str,
        board: RingBoard,
        exceptions: Exceptions | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session, lane, name, parent)
        self.board = board
        self.except_button = button(f"step.{name}.except", _("Exception… · P"), self._open_chosen)
        self._exceptions = exceptions or Exceptions(session, None)
        board.exception_wanted.connect(lambda part: self.open_exceptions((part,)))

    def to_except(self) -> tuple[Part, ...]:
        """What the dialog begins with when it is opened from here."""
        return ()

    def excepted(self) -> None:
        """Something was left out, or is to be captured after all."""

    def watch(self) -> None:
        super().watch()
        if self.preview.live and not self.busy and not self.looking.watching:
            self.blank()  # nothing more is to be captured: a print that stays on the screen is no picture of the kept

    @property
    def causes(self) -> Mapping[Part, BiometricException]:
        return {item.part: item for item in self.draft.exceptions} if self.draft else {}

    def open_exceptions(self, parts: Sequence[Part] = ()) -> None:
        """The dialog for `parts`; for one that is excepted already, what was approved."""
        if self.draft is None:
            return
        self.stop()
        self._exceptions.open(self, self.draft, tuple(self.board.rings), tuple(parts), self._come_back)

    def open_waiting(self, part: Part) -> None:
        """Whoever comes here for an exception that nobody has approved sees it at once."""
        if part in self.causes and not self.causes[part].approved_by:
            self.open_exceptions((part,))

    def told(self, error: StationError) -> Problem:
        problem = super().told(error)
        return self.with_way_out(problem) if error.code in _MAY_BE_MISSING else problem

    def with_way_out(self, problem: Problem, parts: Sequence[Part] = ()) -> Problem:
        """The problem card with `Exception…` beside it, where leaving a part out may be what is needed."""
        return replace(problem, other=_("Exception…"), act_other=lambda: self.open_exceptions(parts))

    def remark(self, part: Part) -> str:
        """What was weakest about the kept picture of `part`, in words."""
        return next((hint for hint in map(words.hint, self.kept.remarks(part)) if hint), "")

    def remarks(self, parts: Sequence[Part]) -> str:
        """The same of several, each once, as sentences."""
        return " ".join(dict.fromkeys(f"{told}." for told in map(self.remark, parts) if told))

    def best_stays(self, weak: Sequence[Part]) -> str:
        """What becomes of several tries. They are not counted for somebody who needs more time."""
        if self.draft is not None and self.draft.assisted:
            return _("The best result is kept.")
        told = _("Try {attempt} of {most}. The best result is kept.")
        return told.format(attempt=self.kept.attempt(weak), most=self.kept.policy.tries)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in EXCEPT_KEYS:
            self._open_chosen()
        else:
            super().keyPressEvent(event)

    def _open_chosen(self) -> None:
        self.open_exceptions(self.to_except())

    def _come_back(self) -> None:
        """The dialog is closed, whatever came of it: what was wrong before is looked at afresh."""
        self.excepted()
        self.forgive()
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        self.watch()
        self._tell()


def no_hurry() -> str:
    """In place of counted tries, for somebody who needs more time."""
    return _("No hurry: the device waits longer")
