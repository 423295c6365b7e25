"""Step 1, and the page when nothing is open: who is it, may they be recorded, and who waits already."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from station.desk.inviting import Invited, to_invite_again
from station.desk.waiting_room import WaitingRoom
from station.domain.draft import Draft
from station.domain.paper import PaperSize
from station.domain.referral import Referral
from station.domain.regions import Village
from station.domain.standing import APPLICANT_STOPS, stop_among
from station.i18n import _
from station.ui import theme
from station.ui.device_thread import DeviceThread
from station.ui.printing import print_paper
from station.ui.screens.low_power_dialog import LowPowerDialog
from station.ui.screens.steps.calling import Calling
from station.ui.screens.steps.finder import Finder
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.papers_replacement import ReplacementDialog
from station.ui.screens.steps.practice_list import PracticeList
from station.ui.screens.steps.recapture_dialog import RecaptureDialog
from station.ui.screens.steps.referral_dialog import ReferralDialog
from station.ui.screens.steps.referral_words import slip, slip_title
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.waiting_column import WaitingColumn
from station.ui.timer import timer
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.checks_card import Check, CheckList
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.ways import ways
from station.ui.words import sentence

ALL = 1000
"""A stretch beside which that of others does not count."""
LOOK_AGAIN_MS = 30_000
"""How long people have waited is shown in minutes."""


class ApplicantPage(StepPage):
    """Nothing starts by itself: Enter does, a scan does, and only when nothing stands against it."""

    look_wanted = Signal(str)  # record id: see it in the list

    def __init__(self, session: Session, lane: DeviceThread | None = None, parent: QWidget | None = None) -> None:
        """`lane` leads to the scanner that tells whether somebody who has come again is the same person."""
        super().__init__(session, parent)
        self._lane = lane
        self._invited: dict[str, Invited] = {}
        self._draft: Draft | None = None
        self._starting = False
        self._leave_waits = False
        self.finder = Finder(session)
        self._title = label("", "h2", name="applicant.title")
        self.start_button = button("applicant.start", _("Start recording · Enter"), None, "primary")
        self.no_nik = button("applicant.no_nik", _("No NIK yet · Ctrl+N"), self.ask_referral)
        self._tips = CheckList()
        self._tips.show_checks([Check(text, "off") for text in _before()])
        self.column = WaitingColumn()
        self.calling = Calling(session, self._begin, self.not_stored, self)
        self.practice = PracticeList(session.practice) if session.practice else None
        self._clock = timer(self, LOOK_AGAIN_MS, self.look_again, repeat=True)
        self._laid_out = timer(self, 0, self._bring_hurdle)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.start_button.setMinimumWidth(theme.px(240))
        self._card = card = Card(spacing=14, margin=22)
        card.body.addWidget(self._title)
        card.body.addWidget(self.finder)
        card.body.addLayout(ways((self.start_button, self.no_nik)))
        card.body.addWidget(self._tips)
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        inside = QWidget()
        self._left = left = QVBoxLayout(inside)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(16)
        left.addWidget(card)
        if self.practice is not None:
            self.practice.setMinimumHeight(theme.px(180))
            left.addWidget(self.practice, ALL)
        left.addStretch(1)
        self._area = area = QScrollArea()  # large text on a small screen: scrolled to, never clipped
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(area, 5)
        row.addWidget(self.column, 4)

    def _connect(self) -> None:
        finder, hurdle, column = self.finder, self.finder.hurdle, self.column
        finder.decided.connect(self._decided)
        finder.empty_entered.connect(self._call_next)
        finder.rearranged.connect(self._arrange)
        finder.line.left.connect(self._store)
        hurdle.resume_wanted.connect(self._open_other)
        hurdle.correct_wanted.connect(lambda record_id: self._begin(lambda: self.session.correct(record_id)))
        hurdle.look_wanted.connect(self.look_wanted)
        hurdle.again_wanted.connect(self._receive_again)
        hurdle.next_wanted.connect(self._next_person)
        hurdle.replacement_wanted.connect(lambda standing: ReplacementDialog(self.session, standing, self).open())
        self.start_button.clicked.connect(lambda: finder.line.entered.emit(False))
        column.ready.chosen.connect(self.calling.call)
        column.ready.number_wanted.connect(self.calling.call_number)
        self.calling.no_such_number.connect(column.ready.say_no_such_number)
        self.session.numbered.connect(column.ready.show_given)
        column.drafts.chosen.connect(lambda record_id: self._begin(lambda: self.session.resume(record_id)))
        column.referrals.chosen.connect(self._print)
        column.invited.chosen.connect(self._receive)
        column.invited.rearranged.connect(self._set_tab_order)
        if self.practice is not None:
            self.practice.chosen.connect(finder.choose)
        QShortcut(QKeySequence("Ctrl+N"), self).activated.connect(self.ask_referral)

    # ----------------------------------------------------------------------------------------------------- showing

    def show_start(self) -> None:
        """Nothing is open: an empty line for the next person, and those who wait."""
        self._draft, self._starting, self._leave_waits = None, False, False
        self._title.setText(_("New recording"))
        self.finder.show_value("", names_too=True)
        self._arrange()
        self.look_again()
        self._look_who_comes()

    @property
    def has_text(self) -> bool:
        """Something is typed for the next person, or shown of this one."""
        return bool(self.finder.line.text())

    def look_again(self) -> None:
        """The lists may have changed; what was typed stays."""
        if self.session.draft is None:
            self.session.waiting(self._show_room)
            self.session.referrals(self.column.referrals.show_referrals)

    def _look_who_comes(self) -> None:
        self.session.ask(to_invite_again, self._show_invited)

    def _show_invited(self, invited: tuple[Invited, ...]) -> None:
        self._invited = {item.record_id: item for item in invited}
        self.finder.hurdle.invited = frozenset(self._invited)
        self.column.invited.show_invited(invited)

    def _show_room(self, room: WaitingRoom) -> None:
        self.column.show_room(room, self.session.clock.now())
        self._set_tab_order()

    def _set_tab_order(self) -> None:
        stops: list[QWidget] = [self.finder.line, self.start_button, self.no_nik, *self.finder.hurdle.ways]
        stops += [self.practice.list] if self.practice is not None else []
        for before, after in pairwise([*stops, *self.column.stops]):
            self.setTabOrder(before, after)

    def show_draft(self, draft: Draft) -> None:
        another = self._draft is None or self._draft.record.record_id != draft.record.record_id
        self._draft, self._starting = draft, False
        self._title.setText(_("Applicant"))
        stored, line = draft.answers.get("nik", ""), self.finder.line
        if another or (not line.isModified() and self.finder.value != stored):
            self.finder.show_value(stored, names_too=False)
        self._arrange()
        if self.isVisible():
            self.finder.look_up()
        if self._leave_waits and stored == self.finder.value:
            self._leave_waits = False
            if self.may_leave():
                self.forward.emit()

    def _arrange(self) -> None:
        """What belongs to the start page only, and what gives way to a longer list."""
        finder, start = self.finder, self._draft is None
        searching, found = not finder.people.isHidden(), not finder.found.isHidden()
        for widget in (self.start_button, self.no_nik):
            widget.setVisible(start and not searching and finder.hurdle.isHidden())
        self._tips.setVisible(start and not (searching or found))
        self._left.setStretchFactor(self._card, ALL if searching else 0)
        self.column.setVisible(start and not searching)
        if self.practice is not None:
            self.practice.setVisible(start and not (searching or found))
        self._laid_out.start()
        self.problem_changed.emit()

    def _bring_hurdle(self) -> None:
        """What stands against a recording is read without scrolling, once it has its place."""
        if self.finder.hurdle.isVisible():
            self._area.ensureWidgetVisible(self.finder.hurdle, 0, theme.px(8))

    def entered(self) -> None:
        self.finder.look_up()
        self.finder.take_keyboard()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()
        super().hideEvent(event)

    def left(self) -> None:
        self._store()

    def not_stored(self) -> None:
        self._starting = False
        self.finder.not_answered()
        if self._draft is not None:
            self.finder.line.setModified(True)

    @property
    def duplicates(self) -> bool:
        """True when this person is at this station already, or recorded elsewhere."""
        draft = self.session.draft
        return draft is not None and any(item.code.startswith("applicant.") for item in draft.findings)

    def problem(self) -> Problem | None:
        """Why no device may start, or that another draft of the same person is open."""
        draft = self.session.draft
        if draft is None:
            return None
        doubts = [item for item in draft.open_warnings if item.code == "applicant.other_draft"]
        finding = stop_among(draft.findings, APPLICANT_STOPS) or next(iter(doubts), None)
        if finding is None:
            return None
        said = sentence(finding.code, finding.data)
        return Problem(said.title, said.todo, "bad" if finding in draft.errors else "warn")

    def may_leave(self) -> bool:
        """On with Enter only when it is clear who this is; the page has said why not."""
        self._store()
        if self.finder.is_wrong():
            return False
        if self._draft is not None and self._draft.answers.get("nik", "") != self.finder.value:
            self._leave_waits = True  # the desk is still asked about the new number
            return False
        return self._draft is None or stop_among(self._draft.findings, APPLICANT_STOPS) is None

    # ------------------------------------------------------------------------------------------------------- doing

    def _decided(self, nik: str, reason: str) -> None:
        if self.session.draft is None:
            self._begin(lambda: self.session.start(nik, reason))
        elif reason and self.finder.standing is not None:
            for item in self.finder.standing.warnings:
                self.session.confirm(item.field, item.code, reason)
            self.forward.emit()
        elif self.may_leave():
            self.forward.emit()

    def _begin(self, act: Callable[[], None], left: Callable[[], None] = lambda: None) -> None:
        """Once: whatever a scanner or an impatient finger sends after it belongs to the person who is coming.

        `left` is called when nobody is opened.
        """
        if self._starting:
            left()
            return
        power = self.session.power
        if power.is_low:
            dialog = LowPowerDialog(power.charge, lambda: self._go(act), self)
            dialog.rejected.connect(left)
            dialog.open()
        else:
            self._go(act)

    def _go(self, act: Callable[[], None]) -> None:
        self._starting = True
        self.session.once_stored(act)

    def _call_next(self) -> None:
        """Enter on the empty line: the longest waiting one, otherwise say what is wanted here."""
        if self._draft is None and self.column.ready.count:
            self.column.ready.take()
        else:
            self.finder.is_wrong()

    def _open_other(self, record_id: str) -> None:
        self.finder.line.setModified(False)
        self._begin(lambda: self.session.resume(record_id))

    def _next_person(self) -> None:
        if self.session.draft is None:
            self.show_start()
        self.finder.take_keyboard()

    def _store(self) -> None:
        line, draft = self.finder.line, self.session.draft
        if draft is not None and line.isModified():
            line.setModified(False)
            if line.value() != self.session.given("nik"):
                self.session.answer("nik", line.value())

    def _receive_again(self, record_id: str) -> None:
        """Whoever was taken off the list meanwhile is looked up anew: what stands against them has changed."""
        if record_id in self._invited:
            self._receive(self._invited[record_id])
        else:
            nik = self.finder.line.value()
            self.finder.show_value("", names_too=True)
            self.finder.choose(nik)

    def _receive(self, invited: Invited) -> None:
        """Somebody of the list has come again, or comes no more."""
        if self.session.draft is not None or self._starting:
            return
        dialog = RecaptureDialog(self.session, self._lane, invited, self)
        dialog.taken_off.connect(self._look_who_comes)
        dialog.look_wanted.connect(self.look_wanted)
        dialog.open()

    # ---------------------------------------------------------------------------------------------------- referral

    def ask_referral(self) -> None:
        """Somebody without a NIK: a small form, then the slip."""
        if self.session.draft is not None:
            return
        typed = self.finder.line.letters
        dialog = ReferralDialog(self.session, self.session.refer, typed, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.made.connect(self._referred)
        dialog.open()

    def _referred(self, referral: Referral) -> None:
        self.show_start()
        self._print(referral)

    def _print(self, referral: Referral) -> None:
        def show(village: Village | None) -> None:
            html = slip(referral, village, self.session.station)
            print_paper(self, slip_title(), html, self.session.printer, size=PaperSize.A5)

        self.session.village(referral.village, show)


def _before() -> tuple[str, ...]:
    return (
        _("Original family card at hand"),
        _("17 years or older, or married; at 16 the card is printed on the 17th birthday"),
        _("Recording and card are free of charge"),
    )
