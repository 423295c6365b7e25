"""The photo that shows why a part cannot be captured: taken with the camera, or from a file. Knows no desk."""

from __future__ import annotations

from pathlib import Path

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.capture.document_file import read_file
from station.capture.lab import Lab
from station.capture.tasks import evidence
from station.domain.biometrics import DeviceInfo
from station.domain.errors import StationError
from station.i18n import _
from station.ui import theme, words
from station.ui.device_thread import DeviceThread
from station.ui.picture import picture
from station.ui.screens.steps.document_sources import ask_photo
from station.ui.tasks import Tasks
from station.ui.widgets.button import button
from station.ui.widgets.camera_view import CameraView
from station.ui.widgets.card import label


class EvidencePhoto(QWidget):
    """`image` is the photo that is shown, as it was taken or as it is in the file; b"" when there is none."""

    changed = Signal()

    def __init__(self, camera: DeviceThread | None, lab: Lab, parent: QWidget | None = None) -> None:
        """`lab` is where a file is looked into."""
        super().__init__(parent)
        self._lab = lab
        self.image = b""
        self.taken_with: DeviceInfo | None = None  # None for a file
        self.view = CameraView(camera, name="exception.camera")
        self.view.taken.connect(self._taken)
        self.view.looking.connect(self._forget)
        self.view.preview.invite(_("Show to the camera what cannot be captured"))
        self.file_button = button("exception.file", _("From a file…"), self._choose_file, "link")
        self.file_button.setAutoDefault(False)
        self._state = label("", "small", wrap=True, name="exception.photo.state")
        row = QHBoxLayout()
        row.addWidget(self._state, 1)
        row.addWidget(self.file_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(_("Photo that shows it"), "label"))
        column.addWidget(self.view, 1)
        column.addLayout(row)
        self.setFocusProxy(self.view)
        self.say("")

    def say(self, trouble: str) -> None:
        """What is wrong with the photo, or how it stands."""
        self._state.setText(trouble or (_("A photo is here.") if self.image else _("No photo yet.")))
        self._state.setProperty("tone", "bad" if trouble else None)
        theme.restyle(self._state)

    def read_file(self, file: Path) -> None:
        """Take the photo in `file`, once it has been looked into where nothing can break, and show it."""
        # A stick may be slow and a share may hang: a thread for this one file, and neither window nor desk waits.
        reading, lab = Tasks(name="photo file"), self._lab

        def read() -> tuple[bytes, QImage | None]:
            data = read_file(file)
            return data, picture(evidence.read(lab, data))

        def done(found: tuple[bytes, QImage | None]) -> None:
            reading.stop()
            if shiboken6.isValid(self):
                self._read(*found)

        def failed(problem: StationError) -> None:
            reading.stop()
            if shiboken6.isValid(self):
                self._not_read(problem)

        self.file_button.setEnabled(False)
        self._state.setText(_("Opening the photo…"))
        reading.run(read, done, failed)

    def _read(self, data: bytes, image: QImage | None) -> None:
        self.file_button.setEnabled(True)
        self.view.hold(image)
        self._take(data)

    def _not_read(self, problem: StationError) -> None:
        self.file_button.setEnabled(True)
        self.say(str(words.of_error(problem)))

    def _taken(self, image: bytes) -> None:
        self.view.hold()
        self._take(image, self.view.taken_with)

    def _forget(self) -> None:
        """The camera looks again: what is not seen any more is not kept."""
        self.image, self.taken_with = b"", None
        self.say("")

    def _take(self, image: bytes, taken_with: DeviceInfo | None = None) -> None:
        self.image, self.taken_with = image, taken_with
        self.say("")
        self.changed.emit()

    def _choose_file(self) -> None:
        ask_photo(self, self.read_file)
