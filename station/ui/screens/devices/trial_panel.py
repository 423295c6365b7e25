"""A try-out shot with the simulator: shows that program and computer are well. What it takes goes nowhere.

Must not know a record.
"""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHideEvent, QImage, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.domain.biometrics import IRISES, RIGHT_FOUR, Capture, Modality, Part
from station.domain.errors import DeviceError
from station.domain.ports import Order
from station.i18n import _, ngettext
from station.ui import theme, words
from station.ui.device_thread import DeviceThread
from station.ui.lanes import Lanes
from station.ui.screens.devices import device_words
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.preview import PreviewView

_TARGETS: dict[Modality, tuple[Part, ...]] = {
    Modality.FACE: (Part.FACE,),
    Modality.FINGER: RIGHT_FOUR,
    Modality.IRIS: IRISES,
}


class _Ear(QObject):
    """Hears one lane for the panel. The lane outlives it and lets go of a method; a function it would keep."""

    def __init__(self, kind: Modality, lane: DeviceThread, panel: TrialPanel) -> None:
        super().__init__(panel)
        self._kind, self._panel = kind, panel
        lane.previewed.connect(self._previewed)
        lane.captured.connect(self._captured)
        lane.failed.connect(self._failed)

    def _previewed(self) -> None:
        self._panel._show_frame(self._kind)

    def _captured(self, ticket: int, taken: tuple[Capture, ...]) -> None:
        self._panel._captured(self._kind, ticket, taken)

    def _failed(self, ticket: int, problem: DeviceError) -> None:
        self._panel._failed(self._kind, ticket, problem)


class TrialPanel(QWidget):
    """Looks through the lane of a kind while it is shown; `over` when somebody has seen enough.

    Its buttons `take` and `end` are placed by whoever shows it.
    """

    over = Signal()

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preview = TrialPreview()
        self.preview.setObjectName("devices.trial.preview")
        self.said = Banner()
        self.said.setObjectName("devices.trial.said")
        self.take = button("devices.trial.take", _("Take a try-out shot"), self.shoot, "primary")
        self.end = button("devices.trial.end", _("End the try-out"), self.over.emit)
        self._lanes = lanes
        self._kind: Modality | None = None
        self._watching = self._taking = 0
        self._began = 0.0
        for kind in _TARGETS:
            _Ear(kind, lanes.get(kind), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.preview.setFixedHeight(min(theme.px(150), 200))
        column.addWidget(self.said)
        column.addWidget(self.preview)
        column.addWidget(
            label(_("Nothing of this is recorded. It ends by itself after ten minutes."), "small", wrap=True)
        )

    def look(self, kind: Modality) -> None:
        """Show live what the simulated device of this kind sees."""
        if kind is not self._kind:
            self.leave()
            self._kind = kind
            self.preview.show_still(None)
            self.preview.invite(_("Waiting for the picture…"))
            self.said.clear()
            self._watching = self._lane.watch(Order(_TARGETS[kind]))

    def shoot(self) -> None:
        """One capture of everything the device takes at once."""
        if self._kind is not None and not self._taking:
            self._watching = 0
            self._began = monotonic()
            self.take.setEnabled(False)
            self._lane.take_frame()
            self._taking = self._lane.capture(Order(_TARGETS[self._kind]))

    def leave(self) -> None:
        """Let go of the lane."""
        if self._kind is not None and (self._watching or self._taking):
            self._lane.cancel()
        self._kind, self._watching, self._taking = None, 0, 0
        self.take.setEnabled(True)

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self.leave()
        super().hideEvent(event)

    @property
    def _lane(self) -> DeviceThread:
        assert self._kind is not None
        return self._lanes.get(self._kind)

    def _show_frame(self, kind: Modality) -> None:
        if kind is self._kind and (frame := self._lane.take_frame()) is not None:
            self.preview.show_frame(frame, "")

    def _captured(self, kind: Modality, ticket: int, taken: tuple[Capture, ...]) -> None:
        if kind is not self._kind or ticket != self._taking:
            return
        self._done()
        if taken and taken[0].part is Part.FACE:
            self.preview.show_still(QImage.fromData(taken[0].image))
        count, took = len(taken), device_words.seconds(round((monotonic() - self._began) * 1000))
        shot = ngettext("{n} picture in {time}", "{n} pictures in {time}", count).format(n=count, time=took)
        well = _(
            "Program and computer are well. If the real device still fails, it is its cable, its socket or itself."
        )
        self.said.say(_("It works: {shot}").format(shot=shot), well, "ok")

    def _failed(self, kind: Modality, ticket: int, problem: DeviceError) -> None:
        if kind is not self._kind or ticket not in (self._taking, self._watching):
            return
        self._done()
        ill = _("The simulator needs no cable: restart the program, then the computer. If it stays, call the Dinas.")
        self.said.say(words.of_error(problem).title, ill, "bad")

    def _done(self) -> None:
        self._taking = self._watching = 0
        self.take.setEnabled(True)


class TrialPreview(PreviewView):
    """A preview that says across the picture that nobody real is shown."""

    def paint_over(self, painter: QPainter, picture: QRectF) -> None:
        look, font = theme.tokens(), theme.font("xs", QFont.Weight.Bold)
        ink, ground = look.tone("warn")
        painter.setFont(font)
        text = _("SIMULATION")
        width = painter.fontMetrics().horizontalAdvance(text) + 20
        band = QRectF(self.width() - width - 8, 8, width, painter.fontMetrics().height() + 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(band, 6, 6)
        painter.setPen(QColor(ink))
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, text)
