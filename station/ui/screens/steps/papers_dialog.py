"""The checklist: what the person has come for, and each document that takes. Asked by exception, never a refusal."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station.domain.checklist import Document, Seen, missing, standing, wanted
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.paper import PaperSize
from station.domain.service import Service
from station.i18n import _
from station.ui import labels, theme, words
from station.ui.printing import print_paper
from station.ui.screens.steps.papers_row import PaperRow
from station.ui.screens.steps.papers_slip import slip, slip_title
from station.ui.screens.steps.session import Session
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel

WIDTH, HEIGHT, TALLEST = 640, 640, 720


class PapersDialog(QDialog):
    """Everything said here is stored at once; closing keeps it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("papers.dialog")
        self.setWindowTitle(_("Papers"))
        assert session.draft is not None
        self._session = session
        self._draft = session.draft
        self.rows: list[PaperRow] = []
        self._service = QComboBox()
        self._service.setObjectName("papers.service")
        for service in Service:
            self._service.addItem(labels.service(service), service)
        self._service.activated.connect(self._chosen)
        self._said = Banner()
        self._all = button("papers.all", _("Everything is here"), self._all_here)
        self._print = button("papers.print", _("Print what is missing…"), self.print_slip)
        self._close = button("papers.close", _("Done"), self.accept, "primary")
        self._close.setDefault(True)
        self._lay_out()
        session.changed.connect(self.show_draft)
        session.failed.connect(self._failed)
        self.show_draft(session.draft)

    def _lay_out(self) -> None:
        self._inside = QWidget()
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._inside)
        self._area = area
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Papers"), "h2"))
        column.addWidget(FieldLabel(_("What the person has come for"), self._service))
        told = _("Papers count as complete unless marked. Space marks one as missing; recording goes on all the same.")
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(area, 1)
        column.addWidget(self._said)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._print)
        foot.addStretch(1)
        foot.addWidget(self._all)
        foot.addWidget(self._close)
        column.addLayout(foot)
        self.resize(WIDTH, min(theme.px(HEIGHT), TALLEST))

    # ----------------------------------------------------------------------------------------------------- showing

    def show_draft(self, draft: Draft) -> None:
        self._draft = draft
        asked = self._asked()
        if [row.document for row in self.rows] != list(asked):
            self._build(asked)
        for row in self.rows:
            row.show_draft(draft)
        self._service.setCurrentIndex(list(Service).index(draft.service))
        self._print.setEnabled(bool(missing(draft.papers, asked)))
        self._all.setEnabled(any(standing(draft.papers, item.key).seen is not Seen.SHOWN for item in asked))

    def go_to(self, key: str) -> None:
        """The keyboard to document `key` (to its reason, when it is missing without one), else to the first."""
        for row in self.rows:
            if row.document.key == key:
                open_ = any(item.field == row.document.field for item in self._draft.open_papers)
                (row.reason if open_ else row.box).setFocus(Qt.FocusReason.OtherFocusReason)
                self._list.activate()  # nothing has been laid out yet when the list has just been opened
                self._area.ensureWidgetVisible(row, 0, 8)
                return
        self.rows[0].box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _asked(self) -> tuple[Document, ...]:
        today = self._session.clock.now().astimezone().date()
        return wanted(self._draft.service, self._draft.answers, today)

    def _build(self, asked: tuple[Document, ...]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.rows = [PaperRow(document, self._inside) for document in asked]
        for place, row in enumerate(self.rows):
            row.said.connect(self._session.show_paper)
            row.let_pass.connect(self._let_pass)
            row.box.moved.connect(lambda by, place=place: self._move(place + by))
            self._list.addWidget(row)
            row.show()  # a layout shows it one turn later, and Tab pressed until then would pass it by
        self._list.addStretch(1)
        stops: list[QWidget] = [self._service]
        for row in self.rows:
            stops += [row.box, row.reason, row.not_needed]
        for before, after in pairwise([*stops, self._print, self._all, self._close]):
            self.setTabOrder(before, after)

    def _move(self, place: int) -> None:
        if 0 <= place < len(self.rows):
            self.rows[place].box.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(self.rows[place], 0, 8)

    # ------------------------------------------------------------------------------------------------------- doing

    def _chosen(self, index: int) -> None:
        service = list(Service)[index]
        if service is not self._draft.service:
            self._session.choose_service(service)

    def _let_pass(self, field: str, reason: str) -> None:
        self._session.confirm(field, "papers.missing", reason)

    def _all_here(self) -> None:
        for item in self._asked():
            if standing(self._draft.papers, item.key).seen is not Seen.SHOWN:
                self._session.show_paper(item.key, Seen.SHOWN)
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_slip(self) -> None:
        """What is missing and where to get it, for the person to take home."""
        session, draft = self._session, self._draft
        gone = missing(draft.papers, self._asked())
        html = slip(session.station, draft, gone, session.clock.now())
        dialog = print_paper(self, slip_title(), html, session.printer, size=PaperSize.A5)
        record_id = draft.record.record_id
        dialog.went_out.connect(lambda way: session.printed(record_id, "missing_papers", way))

    def _failed(self, problem: StationError) -> None:
        said = words.of_error(problem)
        self._said.say(said.title, said.todo, "bad")
        self.show_draft(self._draft)  # what was not stored is not shown as if it were
