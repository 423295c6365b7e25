"""What every step is: a page that shows a draft, is entered and left, and may have one problem to tell."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from station.domain.draft import Draft
from station.ui.screens.steps.session import Session
from station.ui.widgets.problem_card import Problem


class StepPage(QWidget):
    """Subclasses override what they need; nothing here talks to the desk by itself."""

    forward = Signal()  # Enter at the end of the page
    back = Signal()  # Shift+Enter at its beginning
    problem_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session

    @property
    def busy(self) -> bool:
        """Something is being captured just now: it ends within seconds, and should not be broken off."""
        return False

    def show_draft(self, draft: Draft) -> None:
        """Show the newest draft; called for every change, also while the page is not in front."""

    def entered(self) -> None:
        """The page came to the front: put the keyboard where work begins."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """The page goes: hand over what is being typed, let go of devices."""

    def hideEvent(self, event: QHideEvent) -> None:
        # Another step, another screen, the end: nothing typed is lost, no device goes on looking.
        self.left()
        super().hideEvent(event)

    def not_stored(self) -> None:
        """The desk could not store the last thing: keep it on screen."""

    def may_leave(self) -> bool:
        """False keeps the person here when they press Enter; the page has said why."""
        return True

    def stays(self) -> bool:
        """True keeps the person here whichever way they would leave; the page has said why."""
        return False

    def problem(self) -> Problem | None:
        """What is wrong here now."""
        return None
