"""Step 7: everything the applicant confirms, on one page, and what still stands in the way of sealing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby, pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.form import FIELDS
from station.domain.steps import PARTS_OF, Step
from station.domain.verification import VERIFY_FIELD
from station.i18n import _
from station.ui import theme
from station.ui.device_thread import DeviceThread
from station.ui.form.form_view import COLUMNS
from station.ui.screens.steps import approval
from station.ui.screens.steps.obstacles import ObstacleList
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.reading import Reading
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.verify_card import VerifyCard
from station.ui.widgets.card import Card, label, rule
from station.ui.widgets.person_card import Portrait, background_of
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.signature import SignatureView
from station.ui.words import sentence

_NEAR = (Step.DOCUMENTS, Step.REVIEW)
"""Steps from which the review is likely to be opened next; so it is once somebody has signed."""


class ReviewPage(StepPage):
    """`go_to` asks for a step and, in the form, a field."""

    go_to = Signal(object, str)  # Step, field key or ""

    def __init__(self, session: Session, lane: DeviceThread | None = None, parent: QWidget | None = None) -> None:
        """`lane` leads to the scanner that verifies fingers."""
        super().__init__(session, parent)
        self.draft: Draft | None = None
        self.verify = VerifyCard(session, lane)
        self.verify.discarded.connect(lambda: self.go_to.emit(Step.FINGERS, ""))
        self.verify.recognised.connect(self._go_on)
        self.reading = Reading(session, self)
        self.reading.changed.connect(self._fill)
        self._images: dict[Part, object] = {}
        self._record = ""
        self.obstacles = ObstacleList()
        self.obstacles.chosen.connect(self._lead)
        self.obstacles.reason_given.connect(session.confirm)
        self._values: dict[str, QLabel] = {}
        self._pairs: dict[str, QWidget] = {}  # of the form: only what was asked is shown
        self._area = QScrollArea()  # takes the keyboard, so that arrows scroll when the text is large
        self._area.setObjectName("review.page")
        self._area.setAccessibleName(_("Please check together with the applicant"))
        self._number = label("", "small", name="review.number")
        self._portrait = Portrait(112)
        self._signature = SignatureView()
        self._signature.setObjectName("review.signature")
        self._signature.setAccessibleName(_("Signature"))
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 10, 8)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(label(_("Please check together with the applicant"), "h2", wrap=True), 1)
        head.addWidget(self._number)
        column.addLayout(head)
        column.addWidget(self.obstacles)
        column.addWidget(self.verify)
        body = QHBoxLayout()
        body.setSpacing(20)
        body.addWidget(self._portrait, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(self._grid(), 1)
        column.addLayout(body)
        column.addWidget(rule())
        column.addLayout(self._foot())
        column.addStretch(1)
        area = self._area
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setProperty("ring", True)
        card = Card(margin=8)
        card.body.addWidget(area)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)

    def _grid(self) -> QGridLayout:
        """The lines and widths of the form: the applicant finds what was asked where it was asked."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(12)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        for line, (_row, fields) in enumerate(groupby(FIELDS, key=lambda field: field.row)):
            start = 0
            for field in fields:
                pair = QWidget()
                pair.setLayout(self._pair(field.key, _(field.label)))
                self._pairs[field.key] = pair
                grid.addWidget(pair, line, start, 1, field.span)
                start += field.span
        return grid

    def _pair(self, key: str, title: str) -> QVBoxLayout:
        pair = QVBoxLayout()
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(0)
        pair.addWidget(label(title, "label", wrap=True))
        value = label("", "h2", wrap=True, name=f"review.{key}")
        self._values[key] = value
        pair.addWidget(value)
        pair.addStretch(1)
        return pair

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(20)
        signed = QVBoxLayout()
        signed.setSpacing(4)
        signed.addWidget(label(_("Signature"), "label"))
        self._signature.setFixedSize(250, theme.px(84))
        signed.addWidget(self._signature)
        foot.addLayout(signed)
        words = QVBoxLayout()
        words.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addLayout(self._pair("fingers", _("Fingerprints")), 1)
        row.addLayout(self._pair("irises", _("Irises")), 1)
        row.addLayout(self._pair("documents", _("Documents")), 1)
        words.addLayout(row)
        words.addWidget(label(approval.question(), "strong", wrap=True, name="review.question"))
        words.addStretch(1)
        foot.addLayout(words, 1)
        return foot

    # ----------------------------------------------------------------------------------------------------- showing

    @property
    def complete(self) -> bool:
        """True when everything that is sealed is also shown: the village comes a moment later."""
        return self.draft is not None and self.draft.ready and self.reading.complete

    def show_draft(self, draft: Draft) -> None:
        if draft.record.record_id != self._record:
            self._record = draft.record.record_id
            self._images.clear()
            self._portrait.show_person(None, None)
            self._signature.show_image(None)
        self.draft = draft
        self._number.setText(draft.record.registration_no)
        self.reading.show_draft(draft)
        self._show_images()
        if self.isVisible() or draft.step in _NEAR or draft.done(Step.SIGNATURE):
            self._show_work()

    def showEvent(self, event: QShowEvent) -> None:
        self._show_work()
        super().showEvent(event)

    def _show_work(self) -> None:
        """What is left to do here. Made of many small widgets: not for every finger while nobody looks."""
        if self.draft is None:
            return
        self.obstacles.show_draft(self.draft)
        self.verify.show_draft(self.draft)
        for before, after in pairwise([self._area, *self.obstacles.buttons, self.verify]):
            self.setTabOrder(before, after)  # made later than the way on, yet read before it

    def entered(self) -> None:
        self.verify.enter()
        (self.verify if self.verify.wanted else self._area).setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        self.verify.leave()

    def problem(self) -> Problem | None:
        if self.draft is None or not self.draft.unrecognised:
            return None
        said = sentence("incomplete.who")
        return Problem(said.title, said.todo, "warn", _("Verify · Space"), self.go_to_verify)

    def _go_on(self) -> None:
        """It is the same person: to what they have come back for."""
        missing = set(self.draft.missing) if self.draft is not None else set()
        step = next((step for step, parts in PARTS_OF.items() if missing & set(parts)), Step.REVIEW)
        if step is not Step.REVIEW:
            self.go_to.emit(step, "")

    def go_to_verify(self) -> None:
        """Space captures there."""
        self.verify.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(self.verify)

    def _lead(self, step: Step, field: str) -> None:
        if field == VERIFY_FIELD + Part.FACE.value:
            self._area.ensureWidgetVisible(self._portrait)
        elif step is Step.REVIEW and field.startswith(VERIFY_FIELD):
            self.go_to_verify()
        else:
            self.go_to.emit(step, field)

    def _fill(self) -> None:
        if self.draft is None:
            return
        asked = self.reading.lines
        for line in (*asked, *approval.captured(self.draft)):
            self._values[line.key].setText(line.value)
        count = len(self.draft.documents)
        self._values["documents"].setText(_("{count} scanned").format(count=count) if count else _("on paper"))
        keys = {line.key for line in asked}
        for key, pair in self._pairs.items():
            pair.setVisible(key in keys)

    def _show_images(self) -> None:
        assert self.draft is not None
        ground = background_of(self.draft.answers)
        show: dict[Part, Callable[[QImage | None], None]] = {
            Part.FACE: lambda image: self._portrait.show_person(image, ground),
            Part.SIGNATURE: self._signature.show_image,
        }
        for part, shower in show.items():
            card = self.draft.captures.get(part)
            if card is None:
                self._images.pop(part, None)
                shower(None)
            elif self._images.get(part) != card.taken_at:
                self._images[part] = card.taken_at
                self.session.image(part, shower)
