"""Step 6: the applicant reads their data and signs. One signature approves what was shown, and goes on the card."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.domain.biometrics import Capture, DeviceInfo, Part, Stroke
from station.domain.device import Use
from station.domain.draft import Draft
from station.domain.signature import HEIGHT, WIDTH, is_signature, quality
from station.i18n import _
from station.ui import theme
from station.ui.screens.steps import approval
from station.ui.screens.steps.applicant_window import ApplicantWindow
from station.ui.screens.steps.approval_sheet import ApprovalSheet
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.reading import Reading
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import Card, label
from station.ui.widgets.ink import picture_of, png_of
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.signature_pad import SignaturePad

SAMPLE = "CONTOH"


class SignaturePage(StepPage):
    """Space keeps what was written, or clears the paper to sign again. Leaving the step keeps it as well."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.draft: Draft | None = None
        self._shown: tuple[str, datetime | None] = ("", None)
        self._tries = 0
        self._too_short = False
        self._unapproved = False  # signed on the whole screen, and left without a yes
        self._waiting: str | None = None  # the text under the signature that the desk is writing
        self.reading = Reading(session, self)
        self.reading.changed.connect(self._show_lines)
        self.sheet = ApprovalSheet("step.signature.sheet", columns=4)
        self.pad = SignaturePad()
        self.pad.setObjectName("step.signature.pad")
        self.pad.changed.connect(self._written)
        self.window_ = ApplicantWindow(self)
        self.window_.leaving.connect(self._take_from_window)
        self._state = label("", "small", name="step.signature.state")
        self.button = QPushButton()
        self.button.setObjectName("step.signature.capture")
        self.button.clicked.connect(self._act)
        self.large = QPushButton(_("Whole screen · F11"))
        self.large.setObjectName("step.signature.large")
        self.large.clicked.connect(self._enlarge)
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card(spacing=10)
        head = QHBoxLayout()
        head.addWidget(label(_("Read together, then sign"), "h2"))
        head.addStretch(1)
        head.addWidget(self._state)
        card.body.addLayout(head)
        card.body.addWidget(self.sheet, 1)
        card.body.addWidget(label(approval.question(), "strong", wrap=True, name="step.signature.question"))
        below = QHBoxLayout()
        below.setSpacing(16)
        self.pad.invite(_("Sign here with pen, finger or mouse. A simple line is enough."))
        self.pad.setFixedHeight(min(theme.px(150), 170))
        below.addWidget(self.pad, 1)
        ways = QVBoxLayout()
        ways.setSpacing(8)
        ways.addStretch(1)
        for button in (self.large, self.button):
            button.setMinimumWidth(theme.px(232))
            ways.addWidget(button)
        below.addLayout(ways)
        card.body.addLayout(below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    # ------------------------------------------------------------------------------------------------- what a step is

    def show_draft(self, draft: Draft) -> None:
        if self.draft is None or draft.record.record_id != self.draft.record.record_id:
            self._shown, self._tries, self._too_short, self._waiting = ("", None), 0, False, None
            self._unapproved = False
            self.pad.clear()
        self.draft = draft
        card = draft.captures.get(Part.SIGNATURE)
        wanted = (draft.record.record_id, card.taken_at if card else None)
        if wanted != self._shown:
            self._shown, self._waiting = wanted, None
            if card is not None:
                self.pad.clear()
                self.session.image(Part.SIGNATURE, self.pad.show_kept)
        self.reading.show_draft(draft)
        self._refresh()

    def entered(self) -> None:
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()

    def left(self) -> None:
        """A signature on the pad is never thrown away, whatever leads away from here.

        One that waits for the applicant's yes stays on the pad.
        """
        if self.window_.isVisible():
            self.window_.close()
        if not self._unapproved:
            self._keep(self.pad.strokes, self.pad.device)

    def not_stored(self) -> None:
        self._waiting = None
        self._refresh()

    def may_leave(self) -> bool:
        self._too_short = bool(self.pad.strokes) and not is_signature(self.pad.strokes)
        self._unapproved = False  # Enter is a yes
        self._refresh()
        return not self._too_short

    def problem(self) -> Problem | None:
        if self._too_short:
            title = _("That is too short for a signature")
            todo = _("Ask the applicant to sign again; a simple line is enough.")
            return Problem(title, todo, "warn", _("Clear · Space"), self._clear)
        if self._unapproved:
            title = _("The signature waits for the applicant's yes")
            todo = _("Ask whether everything is correct; then keep the signature.")
            return Problem(title, todo, "warn", _("Keep the signature · Space"), self._act)
        if self._lapsed:
            title = _("The data changed after it was signed")
            todo = _("Let the applicant read it again and sign again.")
            return Problem(title, todo, "warn", _("Sign again · Space"), self._clear)
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._act()
        elif event.key() == Qt.Key.Key_F11:
            self._enlarge()
        else:
            super().keyPressEvent(event)

    # --------------------------------------------------------------------------------------------------------- signing

    @property
    def _lapsed(self) -> bool:
        """Signed, but not what the form says now."""
        return self.draft is not None and self._waiting is None and self.draft.approval_lapsed

    def _written(self) -> None:
        self._too_short = False
        self._unapproved = self._unapproved and bool(self.pad.strokes)
        self._refresh()
        self.problem_changed.emit()

    def _act(self) -> None:
        """What the button and Space do: keep what is written, or clear the paper."""
        if is_signature(self.pad.strokes):
            self._keep(self.pad.strokes, self.pad.device)
        elif self.pad.strokes:
            self.may_leave()
            self.problem_changed.emit()
        else:
            self._clear()
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        self._too_short = False
        self.pad.clear()
        self.problem_changed.emit()

    def _keep(self, strokes: tuple[Stroke, ...], device: DeviceInfo) -> None:
        nobody = self.draft is None or self.session.draft is None  # the recording may have been cancelled
        if nobody or not is_signature(strokes) or self._waiting is not None:
            return
        self._unapproved = False
        self._tries += 1
        self._waiting = self.reading.text
        made = Capture(
            part=Part.SIGNATURE,
            image=png_of(picture_of(strokes, SAMPLE if self.session.training else "")),
            width=WIDTH,
            height=HEIGHT,
            quality=quality(strokes),
            device=device,
            attempts=self._tries,
            taken_at=self.session.clock.now(),
            strokes=strokes,
        )
        if self.reading.complete:
            self.session.approve(self._waiting, made)
        else:  # the village's name has not come yet, and the person may leave before it does
            self.session.approve_in_words(self.reading.writer(), made)
        self.session.used(Use(_history_of(device), strokes[-1].points[-1][2]))
        self._refresh()

    def _enlarge(self) -> None:
        if self.draft is not None:
            self.window_.show_lines(self.reading.lines)
            self.window_.open_large()
            if self._unapproved:
                self.window_.pad.take_over(self.pad)

    def _take_from_window(self, yes: bool) -> None:
        """Keep what was approved; anything else lies on the pad here, where the operator sees what is missing."""
        signed = self.window_.pad
        if yes and is_signature(signed.strokes):
            self._keep(signed.strokes, signed.device)
        elif signed.strokes:
            self.pad.take_over(signed)
            self._too_short = not is_signature(self.pad.strokes)
            self._unapproved = not self._too_short
        if self.isVisible():
            self.pad.setFocus(Qt.FocusReason.OtherFocusReason)  # Space keeps it
        self._refresh()
        self.problem_changed.emit()

    # --------------------------------------------------------------------------------------------------------- showing

    def _show_lines(self) -> None:
        self.sheet.show_lines(self.reading.lines)
        if self.window_.isVisible():
            self.window_.show_lines(self.reading.lines)

    def _refresh(self) -> None:
        fresh = bool(self.pad.strokes)
        signed = self.draft is not None and Part.SIGNATURE in self.draft.captures
        if fresh:
            self.button.setText(_("Keep the signature · Space"))
        else:
            self.button.setText(_("Clear and sign again · Space") if signed else _("Clear · Space"))
        self.button.setEnabled(fresh or signed)
        self.button.setToolTip("" if fresh or signed else _("Nothing is written yet. A simple line is enough."))
        self.button.setProperty("look", "primary" if fresh else "")
        theme.restyle(self.button)
        said = _("Not signed yet")
        if self._waiting is not None:
            said = _("Storing…")
        elif signed:
            said = _("Data changed: sign again") if self._lapsed else _("Signed and stored")
        if self._unapproved:
            said = _("Signed, waits for the yes")
        self._state.setText(said)


def _history_of(device: DeviceInfo) -> DeviceInfo:
    """Mice and screens are told apart by nobody; a tablet with a pen has a history of its own."""
    return device if device.driver == "pen" else replace(device, model="")
