"""Step 7: scans of what the applicant has brought. Nothing has to be scanned; what is, is stored page by page.

Leads pages from a camera, a file or a scanner to the desk. It must not know how a page is read, nor where it is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.capture.scanner import Scanners
from station.capture.tasks.pages import ReadPage
from station.domain.biometrics import DeviceInfo
from station.domain.checklist import wanted
from station.domain.documents import Line, lines
from station.domain.draft import Draft
from station.domain.errors import StationError, StoreError
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.document_intake import Intake, Source
from station.ui.screens.steps.document_shelf import DocumentShelf, Pages
from station.ui.screens.steps.document_sources import Chooser, Way, ask_files, from_bytes, from_files, from_scanner
from station.ui.screens.steps.document_trouble import DocumentTrouble
from station.ui.screens.steps.documents_layout import DocumentsLayout
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.session import Session
from station.ui.widgets.problem_card import Problem


class DocumentsPage(StepPage):
    """Space takes the next page. `choose_files` asks a person for files."""

    scanned = Signal(object)  # Use: said by the thread that reads the scanner

    def __init__(self, session: Session, camera: DeviceThread | None = None, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.choose_files: Chooser = ask_files
        self.face = DocumentsLayout(camera)
        self.intake = Intake(self)
        self.shelf = DocumentShelf(session, self)
        self.draft: Draft | None = None
        self._camera = camera
        self._scanners = Scanners()
        self._shown: tuple[int, str] | None = None  # number and hash of the document that is on the screen
        self.trouble = DocumentTrouble()
        self._cut: set[str] = set()  # records of which not all pages were taken in
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.face)
        self.setFocusProxy(self.face.list)
        self._connect()

    def _connect(self) -> None:
        face, intake, shelf, pane = self.face, self.intake, self.shelf, self.face.pane
        face.list.chosen.connect(self._show_line)
        face.take.clicked.connect(self._take_clicked)
        face.dropped.connect(self.take_files)
        face.undo.clicked.connect(shelf.put_back)
        face.camera.taken.connect(lambda data: self._begin(from_bytes(data), face.camera.taken_with))
        pane.turn.connect(lambda number, place: shelf.turn(number, place))
        pane.remove.connect(self._take_out)
        pane.described.connect(lambda number, kind, title_no: shelf.describe(number, kind, title_no))
        shelf.failed.connect(self._failed)
        shelf.taken_out_changed.connect(lambda: face.show_undo(shelf.taken_out.place if shelf.taken_out else None))
        intake.told.connect(lambda number, count: face.show_busy(number, count))
        intake.read.connect(self._keep)
        intake.failed.connect(self._failed)
        intake.ended.connect(self._ended)
        self.scanned.connect(self.session.used)

    # ----------------------------------------------------------------------------------------------------- showing

    @property
    def busy(self) -> bool:
        return self.intake.busy

    def show_draft(self, draft: Draft) -> None:
        if self.draft is None or draft.record.record_id != self.draft.record.record_id:
            self._forget()
            self.trouble.cut = draft.record.record_id in self._cut
        self.draft = draft
        today = self.session.clock.now().astimezone().date()
        asked = lines(wanted(draft.service, draft.answers, today), draft.documents)
        self.face.list.show_lines(asked, draft, self.shelf.filled)
        self.face.show_sum(draft)

    def entered(self) -> None:
        if not self.face.way_chosen and self._camera is not None and self._camera.device is not None:
            self.face.way.choose(Way.CAMERA)
        self._show_line(self.face.list.line)
        self.face.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        self.face.pane.hand_over()
        if self.intake.busy:  # the window went to something else
            self._cut_short()
        self.stop()

    def stays(self) -> bool:
        self.trouble.held = self.intake.busy
        self.problem_changed.emit()
        return self.trouble.held

    def problem(self) -> Problem | None:
        return self.trouble.problem(self.take, self._take_again)

    def not_stored(self) -> None:
        if self.intake.busy:
            self._cut_short()
        self.stop()

    def _cut_short(self) -> None:
        """Asked for until more is taken in, also when somebody else was opened meanwhile."""
        if self.draft is not None:
            self._cut.add(self.draft.record.record_id)
            self.trouble.cut = True
            self.problem_changed.emit()

    def _forget(self) -> None:
        """Another person: nothing of the one before stays on the page, or is still on its way."""
        self.stop()
        self._shown = None
        self.trouble.clear()
        self.shelf.forget()
        self.face.forget()

    def _show_line(self, line: Line | None) -> None:
        document = line.scanned if line else None
        self.face.show_take(busy=self.intake.busy, more=document is not None)
        if document is None:
            self._shown = None
            self.face.pane.show_document(None, ())
        elif self.isVisible() and (document.number, document.sha256) != self._shown:
            known = self._shown is not None and self._shown[0] == document.number
            newest = document.number == self.shelf.filled
            place = document.pages - 1 if newest else self.face.pane.place if known else 0
            self._shown = shown = (document.number, document.sha256)

            def arrived(pages: Pages) -> None:
                if self._shown == shown:
                    self.face.pane.show_document(document, pages, place)

            self.shelf.load(document.number, arrived)
        else:
            self.face.pane.show_facts(document)

    # ------------------------------------------------------------------------------------------------------- pages

    def take(self) -> None:
        """The next page, from where it was chosen to come."""
        if self.draft is None or self.intake.busy:
            return
        self._clear_problem()
        match self.face.way.way:
            case Way.CAMERA:
                self.face.show_camera(True)
            case Way.FILE:
                self.choose_files(self, self.take_files)
            case Way.SCANNER:
                self._begin(from_scanner(self._scanners, self.scanned.emit))

    def take_files(self, files: Sequence[Path]) -> None:
        """Every page of these files, into the document that is chosen."""
        if files:
            self._begin(from_files(files))

    def stop(self) -> None:
        """Let go of camera and scanner; what is stored stays."""
        self._scanners.stop()
        self.intake.stop()
        self.face.show_camera(False)

    def _take_clicked(self) -> None:
        self.face.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.intake.busy or self.face.shows_camera:
            self.stop()
        else:
            self.take()

    def _begin(self, source: Source, taken_with: DeviceInfo | None = None) -> None:
        line = self.face.list.line
        if self.draft is None or line is None or self.intake.busy:
            return
        self._clear_problem()
        self.face.show_camera(False)
        self.shelf.begin(line, taken_with)
        self.intake.begin(self.session.lab, source)
        self.face.show_busy(0, 0)

    def _keep(self, read: ReadPage) -> None:
        def kept(number: int) -> None:
            if read.remarks:
                self.trouble.weak = (number, read.remarks[0])
                self.problem_changed.emit()

        self.shelf.keep(read.page, kept)

    def _take_again(self) -> None:
        """Take the page out that is hard to read, and take it once more."""
        if self.trouble.weak is not None and self.draft is not None:
            number = self.trouble.weak[0]
            pages = next((item.pages for item in self.draft.documents if item.number == number), 0)
            self._clear_problem()
            self.shelf.drop(number, pages - 1, self.take)

    def _take_out(self, place: int) -> None:
        line, page = self.face.list.line, self.face.pane.page
        if line is not None and line.scanned is not None and page is not None:
            self._clear_problem()
            self.shelf.take_out(line.scanned, place, page)

    # ----------------------------------------------------------------------------------------------- what happened

    def _failed(self, problem: StationError) -> None:
        self.stop()
        if isinstance(problem, StoreError):
            self._cut_short()
            self.session.failed.emit(problem)  # the disk is everybody's trouble
        else:
            self.trouble.error = problem
        self.problem_changed.emit()

    def _ended(self) -> None:
        self.trouble.held = False
        line = self.face.list.line
        self.face.show_take(busy=False, more=line is not None and line.scanned is not None)
        self.problem_changed.emit()

    def _clear_problem(self) -> None:
        self.trouble.clear()
        if self.draft is not None:
            self._cut.discard(self.draft.record.record_id)
        self.problem_changed.emit()

    # -------------------------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.take()
        elif key == Qt.Key.Key_Escape and (self.intake.busy or self.face.shows_camera):
            self.stop()
        elif key == Qt.Key.Key_Z and control:
            self.shelf.put_back()
        elif not self.face.pane.press(key):
            super().keyPressEvent(event)
