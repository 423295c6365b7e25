"""The capture screen laid out: heading, step bar, one page at a time, right column. Shows, and decides nothing.

Must not know the desk; it is told the draft and asks the pages what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station.domain.biometrics import Modality, Part
from station.domain.checklist import document_of
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.service import Service
from station.domain.steps import Step, step_of
from station.i18n import _
from station.ui import labels, words
from station.ui.device_thread import DeviceThread
from station.ui.part_names import part_of_field
from station.ui.screens.steps import standing
from station.ui.screens.steps.applicant import ApplicantPage
from station.ui.screens.steps.biodata import BiodataPage
from station.ui.screens.steps.device_page import DevicePage
from station.ui.screens.steps.documents import DocumentsPage
from station.ui.screens.steps.excepting_page import ExceptingPage
from station.ui.screens.steps.exceptions import Exceptions
from station.ui.screens.steps.fingers import FingersPage
from station.ui.screens.steps.heading import Heading
from station.ui.screens.steps.irises import IrisesPage
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.photo import PhotoPage
from station.ui.screens.steps.review import ReviewPage
from station.ui.screens.steps.sealed import SealedPage
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.side_column import SideColumn
from station.ui.screens.steps.signature import SignaturePage
from station.ui.timer import timer
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.step_bar import StepBar

NIK = "nik"


class Workbench(QWidget):
    """`go_to` is what the problem card does when the problem is on another page."""

    all_told = Signal()
    """Every page has been shown the newest draft: what is wrong on a hidden one is known."""

    def __init__(
        self, session: Session, lane: Callable[[Modality], DeviceThread | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._exceptions = Exceptions(session, lane(Modality.FACE))
        self.applicant = ApplicantPage(session, lane(Modality.FINGER))
        self.biodata = BiodataPage(session)
        self.review = ReviewPage(session, lane(Modality.FINGER))
        self.pages: dict[Step, StepPage] = {
            Step.APPLICANT: self.applicant,
            Step.BIODATA: self.biodata,
            Step.PHOTO: PhotoPage(session, lane(Modality.FACE)),
            Step.FINGERS: FingersPage(session, lane(Modality.FINGER), self._exceptions),
            Step.IRISES: IrisesPage(session, lane(Modality.IRIS), self._exceptions),
            Step.SIGNATURE: SignaturePage(session),
            Step.DOCUMENTS: DocumentsPage(session, lane(Modality.FACE)),
            Step.REVIEW: self.review,
        }
        self.sealed = SealedPage(session)
        self.heading = Heading()
        self.bar = StepBar({step: labels.step(step) for step in Step})
        self.side = SideColumn(session)
        self._stack = QStackedWidget()
        self.telling = False  # a page is being shown a draft: who shows what is around it does so once, afterwards
        self._draft: Draft | None = None
        self._untold: list[StepPage] = []  # hidden pages that have not been shown the newest draft
        self._next_page = timer(self, 0, self._tell_next)
        self._photo: tuple[str, datetime | None] = ("", None)
        self._photo_image: QImage | None = None
        self.go_to: Callable[[Step], None] = self.bring
        self._last = Step.REVIEW
        self._lay_out()

    def _lay_out(self) -> None:
        for page in (*self.pages.values(), self.sealed):
            self._stack.addWidget(page)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self._stack, 1)
        body.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 16, 22, 18)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(self.bar)
        column.addLayout(body, 1)

    @property
    def shows_sealed(self) -> bool:
        return self._stack.currentWidget() is self.sealed

    def offer(self, steps: Collection[Step]) -> None:
        """Only these are for whoever is signed in."""
        self._last = max(steps, key=list(Step).index)
        for step, tab in self.bar.tabs.items():
            tab.setVisible(step in steps)

    def bring(self, step: Step) -> None:
        """Put the page of `step` in front."""
        self._tell(self.pages[step])
        self._stack.setCurrentWidget(self.pages[step])

    def bring_sealed(self) -> None:
        self._stack.setCurrentWidget(self.sealed)

    def show_draft(self, draft: Draft) -> None:
        """The page in front shows it at once; the others one by one, each when the window has nothing else to do."""
        if draft is not self._draft:
            self._draft = draft
            self._untold = list(self.pages.values())
            self.side.papers.show_draft(draft)
            self.sealed.show_draft(draft)
            self._next_page.start()
        for page in self.pages.values():
            if self._stack.currentWidget() is page:
                self._tell(page)

    def _tell(self, page: StepPage) -> None:
        """Show a page the newest draft, once; a draft that is closed meanwhile is shown to nobody any more."""
        if self._session.draft is not self._draft:
            self._untold.clear()
        elif page in self._untold and self._draft is not None:
            self._untold.remove(page)
            self.telling = True
            try:
                page.show_draft(self._draft)
            finally:
                self.telling = False

    def _tell_next(self) -> None:
        if self._untold:
            self._tell(self._untold[0])
        if self._untold:
            self._next_page.start()
        else:
            self.all_told.emit()

    def go_to_field(self, field: str) -> None:
        """The keyboard to a field of the form, or to a document of the checklist."""
        if (document := document_of(field)) is not None:
            self.side.papers.open_list(document.key)
        elif (part := part_of_field(field)) is None:
            self.biodata.go_to_field(field)
        elif isinstance(page := self.pages[step_of(part)], ExceptingPage):  # a capture has its own page and no field
            page.open_waiting(part)

    def show_around(self, step: Step, trouble: StationError | None, *, sealing: bool) -> None:
        """Everything that stands around the page, for the draft that is open or for none."""
        draft = self._session.draft
        doubled = bool(self.applicant.duplicates)
        self.heading.show_draft(draft, step)
        tones = standing.step_tones(draft, doubled=doubled, weak=self._weak_steps()) if draft else {}
        self.bar.setVisible(not self.shows_sealed)
        self.bar.show_steps(step, tones, open_=draft is not None)
        self.side.setVisible(draft is not None)
        if draft is None:
            return
        self._show_person(draft)
        self.side.show_assisted(draft.assisted)
        self.side.show_checks(standing.checks(draft, doubled=doubled))
        self.side.show_problem(self._problem(step, trouble))
        self.side.show_way(
            review=step is Step.REVIEW,
            first=step is Step.APPLICANT,
            busy=sealing,
            ready=step is self._last and step is not Step.REVIEW,
        )

    def _weak_steps(self) -> list[Step]:
        return [
            step
            for step, page in self.pages.items()
            if isinstance(page, DevicePage) and page not in self._strangers() and page.weak_problem()
        ]

    def _strangers(self) -> list[StepPage]:
        """Pages that still hold the person before, for a few milliseconds."""
        here = self._session.draft.record.record_id if self._session.draft else ""
        return [page for page in self._untold if isinstance(page, DevicePage) and page.record != here]

    def _problem(self, step: Step, trouble: StationError | None) -> Problem | None:
        """One only: what the disk says, then this page, then a double recording, then the form."""
        here = self.pages[step].problem()
        held = here is not None and self.pages[step].busy  # why a key just now did nothing
        if trouble is not None and not held:
            return self._of_trouble(trouble)
        if here is not None:
            return here
        if (doubled := self.applicant.problem()) is not None:
            return replace(doubled, action=_("Look at it"), act=lambda: self.go_to(Step.APPLICANT))
        if step is Step.REVIEW:
            return None
        form = self.biodata.problem()
        if form is not None:
            return replace(form, act=lambda: self.go_to(Step.BIODATA))
        return self._paper_problem()

    def _of_trouble(self, trouble: StationError) -> Problem:
        """What the disk says; before it, which answer is still only on the screen."""
        said, field = words.of_error(trouble), self._session.unstored
        if not field:
            return Problem(said.title, said.todo, "bad")

        def look() -> None:
            if field == NIK and not self.biodata.form.boxes[NIK].unstored:
                self.go_to(Step.APPLICANT)  # it was given there
            else:
                self.go_to(Step.BIODATA)
                self.go_to_field(field)

        title = _("“{field}” is not stored yet.").format(field=words.field_name(field))
        # That one says that the work is stored, which is so of everything else.
        why = "" if trouble.code == "program.unexpected" else f"{said.title} "
        return Problem(title, f"{why}{said.todo}", "bad", _("Go to the field"), look)

    def _paper_problem(self) -> Problem | None:
        draft = self._session.draft
        found = next(iter(draft.open_papers), None) if draft else None
        if found is None:
            return None
        said = words.sentence(found.code, found.data)
        title = f"{words.field_name(found.field)}: {said.title}"
        return Problem(title, said.todo, "warn", _("Open the papers"), lambda: self.go_to_field(found.field))

    def _show_person(self, draft: Draft) -> None:
        today = self._session.clock.now().astimezone().date()
        card = draft.captures.get(Part.FACE)
        wanted = (draft.record.record_id, card.taken_at if card else None)
        if wanted != self._photo:
            self._photo, self._photo_image = wanted, None
            if card is not None:
                self._session.image(Part.FACE, self._photo_arrived)
        elsewhere = draft.service is Service.OUT_OF_DOMICILE
        self.side.person.show_person(draft.answers, today, self._photo_image, elsewhere=elsewhere)

    def _photo_arrived(self, image: QImage | None) -> None:
        self._photo_image = image
        if self._session.draft is not None:
            self._show_person(self._session.draft)
