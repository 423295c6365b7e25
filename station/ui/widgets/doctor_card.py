"""The connection doctor: one line for each step, and under what fails what to do about it.

Must not know how a step is examined. The examination runs on a thread of its own, never on the desk's: it may take half
a minute.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.desk.delivery import Delivery
from station.desk.doctor import Examining
from station.domain.delivery import LinkState
from station.domain.doctor import DIRECT, Examination, Finding, State, not_reached
from station.i18n import _
from station.ui import doctor_words
from station.ui.context import Context
from station.ui.timer import timer
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.doctor_lines import DoctorLines

AGAIN_AFTER_S = 30.0
"""By itself the doctor comes no oftener."""
_CALLED_OFF_S = 2.0
_CONNECTED = (LinkState.GOOD, LinkState.SLOW, LinkState.BUSY)
_WELL = (LinkState.GOOD, LinkState.SLOW, LinkState.BUSY, LinkState.PAUSED, LinkState.UNKNOWN)


class DoctorCard(Card):
    """Examines when shown and when the link turns bad, not oftener than each 30 s. `examine()` does so at once.

    What was found before the link turned bad is grey until it has been examined again; so is what was found wrong
    before central answered.
    """

    examined = Signal(object)  # Examination
    _told = Signal(object)  # tuple[Finding, ...]
    _ended = Signal(object)  # Examination

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("Connection doctor"), parent)
        self.setObjectName("sync.doctor")
        self._context = context
        self._examining: Examining | None = None
        self._thread: Thread | None = None
        self._last_s: float | None = None
        self._was_well = True
        self._was_connected = False
        self._late = False  # central answered only after what is shown was found
        self._outdated = False
        self._found: Examination | None = None
        self._due = timer(self, 0, self.examine)
        self._lines = DoctorLines()
        self._when = label(role="small", wrap=True, name="sync.doctor.when")
        self._again = button("sync.doctor.again", _("Examine again"), self.examine, "quiet")
        self._again.setProperty("bulk", "small")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._when, 1)
        foot.addWidget(self._again)
        self.body.addWidget(self._lines)
        self.body.addStretch(1)
        self.body.addLayout(foot)
        self._told.connect(self._show_so_far)
        self._ended.connect(self._finished)
        context.bridge.delivery_changed.connect(self._note_link)
        self.show_findings(not_reached(DIRECT), running=False)

    @property
    def lines(self) -> list[str]:
        """What it says now, line by line, remedies too."""
        return self._lines.texts

    @property
    def running(self) -> bool:
        return self._examining is not None

    def show_findings(self, findings: Sequence[Finding], *, running: bool) -> None:
        """What was found so far; while it is `running`, what was not asked yet keeps a line of its own."""
        shown = [*findings, *not_reached(DIRECT[len(findings) :])] if running else list(findings)
        self._lines.show_findings(shown, running=running)
        self._again.setEnabled(not running)
        if running:
            self._when.setText(_("Examining…"))

    def examine(self) -> None:
        """Examine now, unless it is being done."""
        if self._examining is not None:
            return
        context = self._context
        self._due.stop()
        self._outdated = self._late = False
        self._last_s = context.clock.monotonic()
        examining = Examining(context.depot, context.central, context.clock, cable=context.cable)
        self._examining = examining
        self._again.setEnabled(False)
        self._when.setText(_("Examining…"))
        self._thread = Thread(target=lambda: self._work(examining), name="doctor", daemon=True)
        self._thread.start()

    def _work(self, examining: Examining) -> None:
        with suppress(RuntimeError):  # the window has gone, and this card with it
            found = examining.run(lambda findings: self._told.emit((examining, findings)))
            self._ended.emit((examining, found))

    def _show_so_far(self, news: tuple[Examining, tuple[Finding, ...]]) -> None:
        """Step by step the first time; later the old picture stands until the new one is whole."""
        if news[0] is self._examining and self._found is None:
            self.show_findings(news[1], running=True)

    def _finished(self, news: tuple[Examining, Examination]) -> None:
        if news[0] is not self._examining:
            return  # it was called off
        self._examining = self._thread = None
        self._show(news[1])
        self.examined.emit(news[1])

    def _show(self, found: Examination) -> None:
        self._found = found
        self.show_findings(found.findings, running=False)
        self._when.setText(doctor_words.examined(found, self._context.clock.now()))
        if self._late and not self._is_wrong():
            self._due.stop()
            self._outdated = self._late = False
        if self._outdated:
            self._fade()

    def _note_link(self, news: Delivery) -> None:
        """A link that turns bad sends for the doctor; one that stays bad has been explained already."""
        well = news.link.state in _WELL
        turned, self._was_well = self._was_well and not well, well
        connected = news.link.state in _CONNECTED
        answered, self._was_connected = connected and not self._was_connected, connected
        self._late |= answered and (self._examining is not None or self._is_wrong())
        if turned or (answered and self._late):
            self._outdated = True
            if self.isVisible():
                self._examine_if_due()
        elif well and self._outdated and not self._late:
            self._hold_again()

    def _is_wrong(self) -> bool:
        """Whether it says that something is."""
        return self._found is not None and any(item.state is State.FAILED for item in self._found.findings)

    def _examine_if_due(self) -> None:
        """Now; or, when what was found holds no more and is younger than 30 s, once it is as old as that."""
        last_s = self._last_s
        rest_s = AGAIN_AFTER_S - (self._context.clock.monotonic() - last_s) if last_s is not None else 0.0
        if rest_s <= 0:
            self.examine()
        elif self._outdated:
            self._fade()
            self._due.start(math.ceil(rest_s * 1000))

    def _fade(self) -> None:
        """Nothing old may say that all is well while the link is not."""
        if self._found is not None:
            self._lines.fade()
            self._when.setText(_("Examined again in a moment"))

    def _hold_again(self) -> None:
        """The link came back before anybody had to explain it: what was found holds."""
        self._due.stop()
        self._outdated = False
        if self._found is not None and self._examining is None:
            self._show(self._found)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lines.keep_room(len(DIRECT))
        if not event.spontaneous():
            self._examine_if_due()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.call_off()

    def call_off(self) -> None:
        """End what is being examined, within moments: whoever looks away needs no answer."""
        self._due.stop()
        examining, thread = self._examining, self._thread
        self._examining = self._thread = None
        if examining is not None:
            examining.cancel()
            self._last_s = None
            self._again.setEnabled(True)
            self._when.setText("")
        if thread is not None:
            thread.join(_CALLED_OFF_S)
