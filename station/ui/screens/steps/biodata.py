"""Step 2: the form, and on top of it what central refused last time, or why it is only read."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from station.domain.draft import Draft
from station.domain.form import FIELDS
from station.i18n import _
from station.ui.form.field_box import REQUIRED
from station.ui.form.form_view import FormView
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.session import Session
from station.ui.widgets.banner import Banner
from station.ui.widgets.card import Card
from station.ui.widgets.problem_card import Problem
from station.ui.words import of_reason, sentence

HEADROOM = 30


class BiodataPage(StepPage):
    """Answers go to the session as they are given; nothing is kept here."""

    nothing_open = Signal()  # the page came to the front and there is nothing to type: the way on has the keyboard

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.form = FormView(session)
        self._refused = Banner()
        self._refused.setObjectName("biodata.refused")
        self._locked = Banner()
        self._locked.setObjectName("biodata.locked")
        self._draft: Draft | None = None
        self._here = ""  # the field that has the keyboard
        self._lay_out()
        self.form.answered.connect(session.answer)
        self.form.confirmed.connect(session.confirm)
        self.form.finished.connect(self.forward)
        self.form.back.connect(self.back)
        self.form.came.connect(self._came)

    def _lay_out(self) -> None:
        inside = QWidget()
        within = QVBoxLayout(inside)
        within.setContentsMargins(0, 0, 4, 0)
        within.setSpacing(10)
        within.addWidget(self._refused)
        within.addWidget(self._locked)
        within.addWidget(self.form, 1)
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        self.form.went_to.connect(self._see)
        card = Card()
        card.body.addWidget(area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def show_draft(self, draft: Draft) -> None:
        self._draft = draft
        self.form.show_draft(draft)
        if draft.refused:
            told = [str(of_reason(reason)) for reason in draft.refused]
            self._refused.say(_("Please correct what central refused"), "\n".join(told), "bad")
        else:
            self._refused.clear()
        if draft.held:
            self._locked.say(
                _("This person lives in another regency: the biodata is only read here."),
                _("Recording, a lost or a damaged card are possible; changes are made at their own Dinas."),
                "off",
            )
        else:
            self._locked.clear()

    def entered(self) -> None:
        refused = (
            [reason.field for reason in self._draft.refused if reason.field in self.form.boxes] if self._draft else []
        )
        if refused:
            self.form.focus(refused[0])
        elif not self.form.focus_first_open():
            self._area.verticalScrollBar().setValue(0)
            self.nothing_open.emit()

    def left(self) -> None:
        if self.session.draft is not None:
            self.form.flush()

    def not_stored(self) -> None:
        self.form.not_stored()

    def _see(self, box: QWidget) -> None:
        """Scroll to a field and the heading above it, once questions that come or go have found their place."""
        QTimer.singleShot(0, self._area, lambda: self._area.ensureWidgetVisible(box, 0, HEADROOM))

    def _came(self, key: str) -> None:
        self._here = key
        self.problem_changed.emit()

    def go_to_field(self, key: str) -> None:
        """From the review: mark what is empty and put the cursor where work is left."""
        self.form.reveal()
        self.form.focus(key)

    def problem(self) -> Problem | None:
        """What is wrong where the cursor is, otherwise the first thing; an empty field is not wrong before the review.

        The line below a field is short: here the whole sentence is read.
        """
        draft = self.session.draft
        if draft is None:
            return None
        wrong = [item for item in draft.errors if item.code != REQUIRED]
        elsewhere = {*draft.open_papers, *draft.open_captures}
        told = [*wrong, *(item for item in draft.open_warnings if item not in elsewhere)]
        first = next((item for item in told if item.field == self._here), told[0] if told else None)
        if first is None:
            return None
        said = sentence(first.code, first.data)
        label = _(next((field.label for field in FIELDS if field.key == first.field), first.field))
        tone = "bad" if first in wrong else "warn"
        return Problem(
            f"{label}: {said.title}", said.todo, tone, _("Go to the field"), lambda: self.form.focus(first.field)
        )
