"""The camera as something to take one picture with: a document, a bandaged hand. Live, Space takes, the picture stays.

It must not know what the picture is for, nor look for a face in it: whoever shows it takes the JPEG from `taken`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.domain.biometrics import Capture, DeviceInfo, Part
from station.domain.errors import DeviceError
from station.domain.ports import Order
from station.i18n import _
from station.ui import theme, words
from station.ui.device_thread import DeviceThread
from station.ui.widgets.card import label
from station.ui.widgets.preview import PreviewView


class CameraView(QWidget):
    """Looks while it is on the screen and lets go when it is not. `lane` is the one of the camera, None without one."""

    taken = Signal(object)
    """bytes: the JPEG of the whole picture, as the camera saw it. Said again when it is taken again."""
    looking = Signal()
    """A picture that was there is gone: the camera looks again."""

    def __init__(self, lane: DeviceThread | None, parent: QWidget | None = None, *, name: str = "camera") -> None:
        super().__init__(parent)
        self.preview = PreviewView()
        self.preview.setObjectName(f"{name}.preview")
        self.button = QPushButton(_("Take the picture · Space"))
        self.button.setObjectName(f"{name}.take")
        self.button.setProperty("look", "primary")
        self.button.clicked.connect(self.take)
        self._trouble = label("", "small", wrap=True, name=f"{name}.trouble")
        self._lane = lane
        self._watching = 0
        self._taking = 0
        self._has_picture = False
        self._held = False
        self.taken_with: DeviceInfo | None = None  # the camera that took the picture of `taken`
        self._lay_out()
        if lane is not None:
            lane.previewed.connect(self._show_frame)
            lane.captured.connect(self._captured)
            lane.failed.connect(self._failed)
            lane.ended.connect(self._ended)
            lane.changed.connect(self._changed)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self._trouble, 1)
        foot.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.preview, 1)
        column.addLayout(foot)
        self.setFocusProxy(self.preview)

    def take(self) -> None:
        """Take a picture; when one is there already, or nothing is seen, look again first."""
        if self._taking or (self._lane is None and self._held):
            return
        if self._lane is None or self._has_picture or not self._watching:
            self._look()
        else:
            self._watching = 0
            self._lane.take_frame()  # of the watching: it must not hold up the next one
            self._taking = self._lane.capture(Order((Part.FACE,), still=True))

    def hold(self, image: QImage | None = None) -> None:
        """Go on showing the picture that was taken, or `image` from elsewhere, until one is taken again.

        Also when this was hidden in between.
        """
        self._held = True
        if image is not None:
            self._let_go()
            self._has_picture = True
            self.taken_with = None
            self.preview.show_still(image)
            self.button.setText(_("Take again · Space"))
            self._say("")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._held:
            self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.take()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------------------------------------ inside

    def _look(self) -> None:
        """Live again; an older picture is gone."""
        was_there, self._has_picture, self._held = self._has_picture, False, False
        if was_there:
            self.preview.show_still(None)
            self.looking.emit()
        self.button.setText(_("Take the picture · Space"))
        self._say("")
        if self._lane is None:
            self._failed(0, DeviceError("device.missing"))
        elif not self._watching and not self._taking:
            self._lane.take_frame()
            self._watching = self._lane.watch(Order((Part.FACE,), still=True))

    def _let_go(self) -> None:
        if (self._watching or self._taking) and self._lane is not None:
            self._watching = self._taking = 0
            self._lane.cancel()

    def _changed(self) -> None:
        """Another camera serves, or none: nothing of the one before is waited for."""
        self._watching = self._taking = 0
        if self.isVisible() and not self._has_picture:
            self._look()

    def _ended(self, ticket: int) -> None:
        if ticket == self._watching and ticket:
            self._watching = 0
            self.button.setText(_("Try again · Space"))

    def _show_frame(self) -> None:
        if self._lane is not None and (self._watching or self._taking) and self.isVisible():
            frame = self._lane.take_frame()
            if frame is not None:
                self.preview.show_frame(frame, "")

    def _captured(self, ticket: int, captures: tuple[Capture, ...]) -> None:
        if not self._taking or ticket != self._taking:
            return
        self._taking = 0
        self._has_picture = True
        self.taken_with = captures[0].device
        self.preview.show_still(QImage.fromData(captures[0].image))
        self.button.setText(_("Take again · Space"))
        self.taken.emit(captures[0].image)

    def _failed(self, ticket: int, error: DeviceError) -> None:
        if ticket and ticket not in (self._taking, self._watching):
            return
        self._taking = self._watching = 0
        self.preview.show_still(None)
        self.button.setText(_("Try again · Space"))
        self._say(str(words.of_error(error)))

    def _say(self, trouble: str) -> None:
        self._trouble.setText(trouble)
        self._trouble.setProperty("tone", "bad" if trouble else None)
        theme.restyle(self._trouble)
