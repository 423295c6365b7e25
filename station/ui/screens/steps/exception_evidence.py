"""The kept photo that shows why a part cannot be captured, for whoever has to see it. Must not know who approves."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from station.desk import exceptions
from station.domain.errors import StationError
from station.i18n import _
from station.ui import theme
from station.ui.picture import picture
from station.ui.screens.steps.session import Session
from station.ui.widgets.preview import PreviewView


class Evidence(PreviewView):
    """`arrived` says whether there is a picture to look at, once that is known."""

    arrived = Signal(bool)

    def __init__(self, session: Session, number: int | None, parent: QWidget | None = None) -> None:
        """`number` is that of the attachment; None where an exception of old has no photo."""
        super().__init__(parent)
        self.setObjectName("exception.view.photo")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(min(theme.px(400), 520), min(theme.px(300), 390))
        self.setVisible(number is not None)
        draft = session.draft
        if number is None or draft is None:
            return
        record_id = draft.record.record_id
        self.invite(_("Opening the photo…"))
        # Opened where it is read, and not in the window's thread.
        session.ask(lambda office: picture(exceptions.evidence(office, record_id, number)), self._show, self._gone)

    def _show(self, image: QImage | None) -> None:
        if not shiboken6.isValid(self):  # closed before the desk had answered
            return
        if image is None or image.isNull():
            self._lack()
            return
        self.show_still(image)
        self.setAccessibleName(_("Photo that shows it"))
        self.arrived.emit(True)

    def _gone(self, _problem: StationError) -> None:
        if shiboken6.isValid(self):
            self._lack()

    def _lack(self) -> None:
        self.invite(_("The photo cannot be shown. Capture the part after all, or leave it out again with a new photo."))
        self.arrived.emit(False)
