"""Step 1, and the page when nothing is open: whose NIK, is it already here, and which drafts wait to be finished."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station.domain.draft import Draft
from station.domain.form import field_of
from station.domain.nik import check_nik, is_sixteen_digits
from station.domain.record import State
from station.domain.rows import RecordRow
from station.i18n import _
from station.ui import theme
from station.ui.form.number_entry import NumberEntry
from station.ui.screens.steps.draft_list import DraftList
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.practice_list import PracticeList
from station.ui.screens.steps.same_person import SamePerson
from station.ui.screens.steps.session import Session
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.checks_card import Check, CheckList
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.problem_card import Problem
from station.ui.words import sentence


class ApplicantPage(StepPage):
    """Typing the NIK starts nothing by itself; Enter does, once the number can be one and nobody here has it."""

    duplicates_changed = Signal()
    look_wanted = Signal(str)  # record id: see it in the list

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.duplicates: tuple[RecordRow, ...] = ()
        self._record = ""
        self._checked = ""
        self._asked_anyway = ""
        self._nik = NumberEntry()
        self._nik.setObjectName("applicant.nik")
        self._field = FieldLabel(_(field_of("nik").label), self._nik, _("16 digits, as on the family card"))
        self._title = label(_("New recording"), "h2", name="applicant.title")
        self._warning = SamePerson()
        self.start_button = button("applicant.start", _("Start recording · Enter"), None, "primary")
        self._tips = CheckList()
        self._tips.show_checks([Check(text, "off") for text in _before()])
        self.drafts = DraftList()
        self.drafts.hide()
        self.practice = PracticeList(session.practice) if session.practice else None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        card = Card(spacing=14, margin=22)
        card.body.addWidget(self._title)
        card.body.addWidget(self._field)
        card.body.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignLeft)
        card.body.addWidget(self._warning)
        card.body.addWidget(self._tips)
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._field.setMaximumWidth(theme.px(520))
        self.start_button.setMinimumWidth(theme.px(240))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(card, 1, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._waiting(), 1)

    def _waiting(self) -> QVBoxLayout:
        """What can be gone on with: drafts, and in training mode people to begin with."""
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addWidget(self.drafts)
        if self.practice is None:
            column.addStretch(1)
        else:
            column.addWidget(self.practice, 1)
        return column

    def _connect(self) -> None:
        self._nik.textEdited.connect(lambda _text: self._look())
        self._nik.entered.connect(self._entered)
        self._nik.left.connect(self._store)
        self._warning.resume_wanted.connect(self._continue_same)
        self._warning.look_wanted.connect(self.look_wanted)
        self._warning.anyway.connect(self._record_anyway)
        if self.practice is not None:
            self.practice.chosen.connect(self._take)
        self.start_button.clicked.connect(lambda: self._entered(False))
        self.drafts.chosen.connect(self.session.resume)

    # ----------------------------------------------------------------------------------------------------- showing

    def show_start(self) -> None:
        """Nothing is open: an empty line for the next person, and the drafts that wait."""
        self._title.setText(_("New recording"))
        self._nik.show_value("")
        self._record = self._checked = self._asked_anyway = ""
        self._set_duplicates(())
        self._field.say("")
        self._show_beside(True)
        self.session.open_drafts(self._show_drafts)

    @property
    def has_text(self) -> bool:
        """Something is typed for the next person, or shown of this one."""
        return bool(self._nik.text())

    def look_again(self) -> None:
        """Back from another screen: what was typed stays, the drafts may have changed."""
        self.session.open_drafts(self._show_drafts)

    def _show_drafts(self, found: tuple[Draft, ...]) -> None:
        self.drafts.show_drafts(found, self.session.clock.now())
        stops: list[QWidget] = [*self._warning.ways, *self.drafts.buttons]
        if self.practice is not None:
            stops.append(self.practice.list)
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def show_draft(self, draft: Draft) -> None:
        if draft.record.record_id != self._record:
            # Who was asked about as "another recording" may be this very draft.
            self._record, self._checked = draft.record.record_id, ""
            self._nik.setModified(False)
            self._set_duplicates(())
        self._title.setText(_("Applicant"))
        self._show_beside(False)
        stored = draft.answers.get("nik", "")
        if not self._nik.isModified() and self._nik.value() != stored:
            self._nik.show_value(stored)
        self._say()
        self._ask_same()

    def _show_beside(self, start: bool) -> None:
        """What belongs to the start page only."""
        for widget in (self.start_button, self._tips, self.practice):
            if widget is not None:
                widget.setVisible(start)
        if not start:
            self.drafts.hide()  # they show themselves once they have been read

    def entered(self) -> None:
        self._nik.setFocus(Qt.FocusReason.OtherFocusReason)
        self._nik.selectAll()

    def left(self) -> None:
        self._store()

    def may_leave(self) -> bool:
        """On with Enter only when it is clear who this is; the page has said why not."""
        self._store()
        self._say(strict=True)
        return not self._wrong() and not (self.duplicates and self._asked_anyway != self._nik.value())

    def problem(self) -> Problem | None:
        if not self.duplicates:
            return None
        return Problem(_("This NIK is already here"), _("See the records below the NIK before any device is used."))

    # ------------------------------------------------------------------------------------------------------- doing

    def _entered(self, back: bool) -> None:
        if back:
            return
        if not self.may_leave():
            (self._warning.way if self._warning.isVisible() else self._nik).setFocus()
        elif self.session.draft is not None:
            self.forward.emit()
        elif self._checked != self._nik.value():
            self._ask_same(then_start=True)
        else:
            self.session.start(self._nik.value())

    def _record_anyway(self) -> None:
        self._asked_anyway = self._nik.value()
        self._entered(False)

    def _continue_same(self, record_id: str) -> None:
        self._nik.setModified(False)
        self.session.resume(record_id)

    def _take(self, nik: str) -> None:
        """Somebody to practise with: as if the number had been typed."""
        self._nik.show_value(nik)
        self._nik.setModified(True)
        self._look()
        self.entered()

    def _store(self) -> None:
        draft = self.session.draft
        if draft is not None and self._nik.isModified():
            self._nik.setModified(False)
            if self._nik.value() != draft.answers.get("nik", ""):
                self.session.answer("nik", self._nik.value())

    def not_stored(self) -> None:
        self._nik.setModified(True)

    # ---------------------------------------------------------------------------------------------------- checking

    def _look(self) -> None:
        self._say()
        self._ask_same()

    def _wrong(self) -> bool:
        return any(check_nik(self._nik.value(), training=self.session.training))

    def _say(self, *, strict: bool = False) -> None:
        """What is wrong with the number; while it is being typed, being short is not wrong yet."""
        value = self._nik.value()
        found = next(iter(check_nik(value, training=self.session.training)), None)
        typing = found is not None and found.code == "nik.length" and len(value) < 16
        if found is None or (typing and not strict):
            self._field.say("")
        else:
            said = sentence(found.code, found.data)
            self._field.say(str(said), "bad")

    def _ask_same(self, *, then_start: bool = False) -> None:
        value = self._nik.value()
        if not is_sixteen_digits(value):
            self._checked = ""
            self._set_duplicates(())
            return
        if value == self._checked and not then_start:
            return

        def found(rows: tuple[RecordRow, ...]) -> None:
            if value != self._nik.value():
                return
            self._checked = value
            self._set_duplicates(tuple(row for row in rows if row.record.state is not State.WITHDRAWN))
            if then_start:
                self._entered(False)

        self.session.same_nik(value, found)

    def _set_duplicates(self, rows: tuple[RecordRow, ...]) -> None:
        self.duplicates = rows
        self._warning.show_rows(rows)
        self._tips.setVisible(not rows and self.session.draft is None)  # the warning needs the room more
        self.duplicates_changed.emit()
        self.problem_changed.emit()


def _before() -> tuple[str, ...]:
    return (
        _("Original family card at hand"),
        _("17 years or older, or married; at 16 the card is printed on the 17th birthday"),
        _("Recording and card are free of charge"),
    )
