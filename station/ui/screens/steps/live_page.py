"""A page that looks through a device: live picture, Space, Stop, and what to say when the device does not serve.

Must not know which device it is, nor what becomes of the results.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.errors import DeviceError, StationError
from station.domain.ports import Order, Preview
from station.i18n import _
from station.ui import theme, words
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.looking import Looking
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.session import Session
from station.ui.widgets.preview import PreviewView
from station.ui.widgets.problem_card import Problem


class LivePage(StepPage):
    """The device is watched from the moment the page is entered until it is left, while something is to be captured."""

    PREVIEW: type[PreviewView] = PreviewView

    def __init__(self, session: Session, lane: DeviceThread | None, name: str, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.preview = self.PREVIEW()
        self.preview.setObjectName(f"step.{name}.preview")
        self.button = QPushButton()
        self.button.setObjectName(f"step.{name}.capture")
        self.button.setProperty("look", "primary")
        self.button.clicked.connect(self.capture_clicked)
        self.draft: Draft | None = None
        self.looking = Looking(lane, self)
        self._front = False
        self._error: StationError | None = None
        self._lost = False  # nothing can be seen: look again before the next capture
        self.looking.frame.connect(self._show_frame)
        self.looking.failed.connect(self._failed)
        self.looking.lost.connect(self._device_lost)
        self.looking.ended.connect(self._ended)
        self.looking.changed.connect(self._look_again)

    # -------------------------------------------------------------------------------------- what subclasses define

    def targets(self) -> tuple[Part, ...]:
        """What the next capture is of; empty when there is nothing to do."""
        raise NotImplementedError

    def to_watch(self) -> tuple[Part, ...]:
        """What the device shows live without being asked."""
        raise NotImplementedError

    def order(self, targets: tuple[Part, ...]) -> Order:
        """What the device is asked, to watch and to capture."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show the draft, and what to do next."""
        raise NotImplementedError

    def said(self, frame: Preview) -> tuple[str, str]:
        """The word for the applicant about a live frame, and its tone."""
        hint = words.hint(frame.hint)
        if hint or not self.busy:
            return hint, "warn" if hint else "off"
        return _("Scanning…"), "brand"

    def told(self, error: StationError) -> Problem:
        """The problem card for `error`."""
        said = words.of_error(error)
        return Problem(said.title, said.todo, "bad", _("Try again · Space"), self.capture_clicked)

    # ------------------------------------------------------------------------------------------------------- doing

    @property
    def busy(self) -> bool:
        """A capture is going on; watching alone is not busy."""
        return self.looking.capturing

    def capture_clicked(self) -> None:
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.busy:
            self.stop()
            self.watch()
        else:
            self.capture()

    def watch(self) -> None:
        """Show live what the device sees of `to_watch`; nothing to see, or no device: nothing happens."""
        if self._front and self.draft is not None and not self.busy and not self.looking.missing:
            targets = self.to_watch()
            self.looking.watch(self.order(targets) if targets else None)

    def stop(self) -> None:
        """Let the device look no longer; what was kept before stays."""
        if self.looking.stop():
            self.blank()
            self._tell()

    def blank(self) -> None:
        """Nothing came of this look: its last frame must not pass for what is kept."""
        self.preview.show_still(None)

    def offer(self, text: str) -> None:
        """What the button does now; while the device captures it stops it."""
        self.button.setText(_("Stop · Esc") if self.busy else text)
        self.button.setProperty("look", "" if self.busy else "primary")
        theme.restyle(self.button)

    def capture(self) -> None:
        """Ask the device for the next targets; a second press while it captures changes nothing."""
        targets = self.targets()
        if self.busy or not targets or self.draft is None:
            return
        lost = self._lost
        self.forgive()
        if self.looking.missing:
            self._error = DeviceError("device.missing")
        elif lost and self.to_watch():
            self.watch()  # first see that it is there again: nobody captures blindly
        else:
            self.looking.capture(self.order(targets))
            self.preview.show_hint(_("Scanning…"), "brand")
        self._tell()

    def forgive(self) -> None:
        """What went wrong last needs to be said no longer."""
        self._error, self._lost = None, False

    def entered(self) -> None:
        self._front = True
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look_again()

    def left(self) -> None:
        self._front = False
        self.stop()

    def problem(self) -> Problem | None:
        return self.told(self._error) if self._error is not None else None

    def changeEvent(self, event: QEvent) -> None:
        """Behind the lock nothing goes on looking."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.EnabledChange:
            if self.isEnabled():
                self.watch()
            else:
                self.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.capture()
        elif event.key() == Qt.Key.Key_Escape and self.busy:
            self.capture_clicked()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------------------------------------ inside

    def _look_again(self) -> None:
        """From the beginning: the page was entered, or another device serves."""
        self._lost = False
        self._error = DeviceError("device.missing") if self.looking.missing and self.to_watch() else None
        self.watch()
        self._tell()

    def _show_frame(self) -> None:
        frame = self.looking.take_frame()
        if frame is None:
            return
        if self._lost:  # it is there again: the next Space captures
            self.forgive()
            self._tell()
        self.preview.show_frame(frame, *self.said(frame))

    def _failed(self, error: DeviceError) -> None:
        self.blank()
        self._error = error
        self.watch()
        self._tell()

    def _device_lost(self, error: DeviceError) -> None:
        self.blank()
        self._error, self._lost = error, True
        self._tell()

    def _ended(self) -> None:
        self.blank()
        self._tell()

    def _tell(self) -> None:
        self.refresh()
        self.problem_changed.emit()
