"""The photo that shows why a part cannot be captured: taken with the camera, or from a file. Knows no desk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.domain.biometrics import DeviceInfo
from station.i18n import _
from station.ui import theme
from station.ui.device_thread import DeviceThread
from station.ui.widgets.button import button
from station.ui.widgets.camera_view import CameraView
from station.ui.widgets.card import label

MAX_FILE_BYTES = 40 * 1024 * 1024


class EvidencePhoto(QWidget):
    """`image` is what was taken last, as bytes that nobody has looked into yet."""

    changed = Signal()

    def __init__(self, camera: DeviceThread | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = b""
        self.taken_with: DeviceInfo | None = None  # None for a file
        self.view = CameraView(camera, name="exception.camera")
        self.view.taken.connect(lambda image: self._take(image, self.view.taken_with))
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

    def read_file(self, path: str) -> None:
        """Take the file as it is; whether it shows a picture is found out where nothing can break."""
        try:
            if Path(path).stat().st_size > MAX_FILE_BYTES:
                self.say(_("This file is too large for a photo."))
                return
            self._take(Path(path).read_bytes())
        except OSError:
            self.say(_("This file cannot be read. Choose another one."))

    def _take(self, image: bytes, taken_with: DeviceInfo | None = None) -> None:
        self.image, self.taken_with = image, taken_with
        self.say("")
        self.changed.emit()

    def _choose_file(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, _("Photo from a file"), "", "JPEG, PNG (*.jpg *.jpeg *.png)")
        if path:
            self.read_file(path)
