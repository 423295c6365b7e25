"""What all capturing steps share: Space captures, the device looks, good results are kept, trouble is told in words.

Must not know which device it is, nor how results are stored.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from station.domain.biometrics import Capture, Part
from station.domain.draft import Draft
from station.domain.errors import DeviceError
from station.domain.ports import Order
from station.i18n import _
from station.ui import theme, words
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.tries import Tries
from station.ui.widgets.preview import PreviewView
from station.ui.widgets.problem_card import Problem


class DevicePage(StepPage):
    """Subclasses say what to capture next and show what there is."""

    def __init__(self, session: Session, lane: DeviceThread | None, name: str, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.preview = PreviewView()
        self.preview.setObjectName(f"step.{name}.preview")
        self.button = QPushButton()
        self.button.setObjectName(f"step.{name}.capture")
        self.button.setProperty("look", "primary")
        self.button.clicked.connect(self.capture_clicked)
        self.draft: Draft | None = None
        self.tries = Tries()
        self._just_kept: dict[Part, int] = {}
        self._record = ""
        self._lane = lane
        self._ticket = 0
        self._error: DeviceError | None = None
        if lane is not None:
            lane.previewed.connect(self._show_frame)
            lane.captured.connect(self._captured)
            lane.failed.connect(self._failed)

    # -------------------------------------------------------------------------------------- what subclasses define

    def targets(self) -> tuple[Part, ...]:
        """What the next capture is of; empty when there is nothing to do."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show the draft, the tries and what to do next."""
        raise NotImplementedError

    def weak_problem(self) -> Problem | None:
        """A result that was not good enough."""
        return None

    def accepted(self, kept: tuple[Capture, ...]) -> None:
        """These were kept just now."""

    # ------------------------------------------------------------------------------------------------------- doing

    @property
    def busy(self) -> bool:
        return bool(self._ticket)

    def capture_clicked(self) -> None:
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.busy:
            self.stop()
        else:
            self.capture()

    def stop(self) -> None:
        """Let the device look no longer; what was kept before stays."""
        if self.busy and self._lane is not None:
            self._ticket = 0
            self._lane.cancel()
            self.blank()
            self._tell()

    def blank(self) -> None:
        """Nothing came of this look: its last frame must not pass for what is kept."""
        self.preview.show_still(None)

    def offer(self, text: str) -> None:
        """What the button does now; while the device looks it stops it."""
        self.button.setText(_("Stop · Esc") if self.busy else text)
        self.button.setProperty("look", "" if self.busy else "primary")
        theme.restyle(self.button)

    def capture(self) -> None:
        """Ask the device for the next targets; a second press while it looks changes nothing."""
        targets = self.targets()
        if self.busy or not targets or self.draft is None:
            return
        self._error = None
        if self._lane is None:
            self._error = DeviceError("device.missing")
        else:
            order = Order(targets, self.tries.attempt(targets), self.draft.record.record_id, self.draft.assisted)
            self._ticket = self._lane.capture(order)
            self.preview.show_hint(_("Looking…"))
        self._tell()

    def show_draft(self, draft: Draft) -> None:
        if draft.record.record_id != self._record:
            self._record, self.tries, self._error = draft.record.record_id, Tries(), None
            self._just_kept.clear()
            self.forget()
        self.draft = draft
        for part, card in draft.captures.items():
            if self._just_kept.get(part) == card.quality:
                del self._just_kept[part]
        self.refresh()

    def not_stored(self) -> None:
        self._just_kept.clear()
        self._tell()

    def quality(self, part: Part) -> int | None:
        """The quality of what is kept of `part`, also when the desk is still writing it."""
        card = self.draft.captures.get(part) if self.draft else None
        return self._just_kept.get(part, card.quality if card else None)

    def forget(self) -> None:
        """Another person: nothing of the one before may stay on the page."""
        self.preview.show_still(None)

    def entered(self) -> None:
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def left(self) -> None:
        self.stop()

    def problem(self) -> Problem | None:
        if self._error is not None:
            said = words.of_error(self._error)
            return Problem(said.title, said.todo, "bad", _("Try again · Space"), self.capture_clicked)
        return self.weak_problem()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.capture()
        elif event.key() == Qt.Key.Key_Escape and self.busy:
            self.stop()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------------------------------------ inside

    def _show_frame(self) -> None:
        frame = self._lane.take_frame() if self._lane else None
        if frame is not None and self.busy:
            self.preview.show_frame(frame, words.hint(frame.hint), "warn" if frame.hint else "off")

    def _captured(self, ticket: int, captures: tuple[Capture, ...]) -> None:
        if ticket != self._ticket or self.draft is None:
            return
        self._ticket = 0
        self.preview.show_hint("")
        kept = self.tries.take(captures, self.draft.captures)
        if kept:
            self._just_kept.update((item.part, item.quality) for item in kept)
            self.session.keep(kept)
        self.accepted(kept)
        self._tell()

    def _failed(self, ticket: int, error: DeviceError) -> None:
        if ticket != self._ticket:
            return
        self._ticket = 0
        self.blank()
        self._error = error
        self._tell()

    def _tell(self) -> None:
        self.refresh()
        self.problem_changed.emit()


def picture(data: bytes | None) -> QImage | None:
    """A kept JPEG or PNG as an image."""
    return QImage.fromData(data) if data else None
