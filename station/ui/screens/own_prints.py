"""The own fingers of who is signed in: both index fingers, so that they are never taken for an applicant's."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import officers
from station.domain.biometrics import FINGERS, Capture, Modality, Part
from station.domain.errors import DeviceError, StationError
from station.domain.ports import Order
from station.i18n import _
from station.ui import theme, words
from station.ui.context import Context
from station.ui.part_names import in_sentence, listed
from station.ui.screens.steps.looking import Looking
from station.ui.screens.steps.lookups import Lookups
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.preview import PreviewView

INDEX_FINGERS = (FINGERS[1], FINGERS[6])


class OwnPrints(QDialog):
    """Space captures. Nothing but the minutiae is kept, and they never leave this station."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("own_prints")
        self.setWindowTitle(_("My fingerprints"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(520))
        self._desk = Lookups(context, self)
        self._looking = Looking(context.lanes.get(Modality.FINGER), self)
        self.preview = PreviewView()
        self.preview.setObjectName("own_prints.preview")
        self.preview.setMinimumHeight(min(theme.px(200), 280))
        self.preview.invite(_("Place both index fingers"))
        self._state = label("", "small", wrap=True, name="own_prints.state")
        self._state.setMinimumHeight(theme.px(20))
        self._take = button("own_prints.capture", _("Capture · Space"), self._capture, "primary")
        self._take.setAutoDefault(False)
        self._lay_out()
        looking = self._looking
        looking.frame.connect(self._show_frame)
        looking.captured.connect(self._captured)
        looking.failed.connect(self._failed)
        looking.lost.connect(self._failed)
        self.finished.connect(lambda _result: looking.stop())
        self._desk.ask(officers.prints_kept, self._say_known)
        self._watch()
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        close = button("own_prints.close", _("Close"), self.reject)
        close.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("My fingerprints"), "h2"))
        told = _("With them this station notices when an officer's finger is on the glass instead of the applicant's.")
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(self.preview, 1)
        column.addWidget(self._state)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self._take)
        column.addLayout(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._capture()
        else:
            super().keyPressEvent(event)

    def _watch(self) -> None:
        if self._looking.missing:
            self._failed(DeviceError("device.missing"))
        else:
            self._looking.watch(Order(INDEX_FINGERS))

    def _capture(self) -> None:
        if self._looking.missing:
            self._failed(DeviceError("device.missing"))
        elif not self._looking.capturing:
            self._say("")
            self._looking.capture(Order(INDEX_FINGERS))
            self.preview.show_hint(_("Scanning…"), "brand")

    def _show_frame(self) -> None:
        frame = self._looking.take_frame()
        if frame is not None:
            self.preview.show_frame(frame, words.hint(frame.hint), "warn" if frame.hint else "off")

    def _captured(self, captures: tuple[Capture, ...]) -> None:
        self.preview.show_still(None)
        self._desk.ask(lambda office: officers.keep_prints(office, captures), self._kept, self._failed)

    def _kept(self, known: tuple[Part, ...]) -> None:
        self._say_known(known)
        self._take.setText(_("Repeat · Space"))
        self._watch()

    def _say_known(self, known: tuple[Part, ...]) -> None:
        if known:
            self._say(_("Known at this station: {names}").format(names=in_sentence(listed(known))), "ok")
        else:
            self._say(_("None of your fingers is known here yet."))

    def _failed(self, error: StationError) -> None:
        self.preview.show_still(None)
        self._say(str(words.of_error(error)), "bad")

    def _say(self, text: str, tone: str | None = None) -> None:
        self._state.setText(text)
        self._state.setProperty("tone", tone)
        theme.restyle(self._state)
