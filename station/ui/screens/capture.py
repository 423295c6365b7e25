"""Perekaman: one person from NIK to seal, in seven steps of any order.

Leads from step to step and back; knows no store, no device driver and no codec.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout

from station.desk import consents, recording
from station.desk.office import Office
from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.rows import RecordRow
from station.domain.standing import APPLICANT_STOPS, stop_among
from station.domain.steps import AT_THE_COUNTER, PARTS_OF, Step
from station.domain.verification import VERIFY_FIELD
from station.ui.context import Context
from station.ui.screen import Screen
from station.ui.screens.consent_dialog import ConsentDialog
from station.ui.screens.prints_reminder import PrintsReminder
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.workbench import Workbench
from station.ui.widgets.morning import Morning

_OF_ANOTHER_DAY = ("incomplete.who", "seal.incomplete")
"""What is shown is older than midnight: read again, it leads to where a finger is asked for."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CaptureScreen(Screen):
    """The desk decides what is right; this screen says it and leads on."""

    key = "capture"
    title = N_("Recording")
    icon = "mdi6.account-box-outline"
    shortcut = "F2"
    permission = Permission.ENTER_PERSON

    draft_changed = Signal(object)  # Draft: it is on the disk in this form
    step_changed = Signal(object)  # Step
    sealed = Signal(object)  # RecordRow
    record_requested = Signal(str)  # record id: see it in the list

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.session = Session(context, self)
        self.bench = Workbench(self.session, context.lanes.get)
        self.bench.go_to = self.go
        self.step = Step.APPLICANT
        self.steps = tuple(Step) if self.session.may(Permission.ENTER_BIOMETRICS) else AT_THE_COUNTER
        self.bench.offer(self.steps)
        self._trouble: StationError | None = None
        self._sealing = False
        self.morning = Morning(context)
        self.reminder = PrintsReminder(context, self.morning, self.opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.morning)
        column.addWidget(self.reminder)
        column.addWidget(self.bench, 1)
        self._connect()

    def _connect(self) -> None:
        session, bench = self.session, self.bench
        session.opened.connect(self._opened_draft)
        session.changed.connect(self._show)
        session.saved.connect(self._stored)
        session.closed.connect(self._show_start)
        session.failed.connect(self._failed)
        session.sealed.connect(self._sealed)
        session.consent_wanted.connect(self._ask_consent)
        bench.all_told.connect(self._show_around)
        bench.bar.chosen.connect(self.go)
        bench.side.next.clicked.connect(self.next)
        bench.side.back.clicked.connect(self.back)
        bench.heading.put_aside.connect(self._put_aside)
        bench.heading.withdraw.connect(session.withdraw)
        bench.heading.ready.connect(self._make_ready)
        bench.sealed.next_person.connect(self._show_start)
        bench.review.go_to.connect(self.go)
        bench.biodata.nothing_open.connect(lambda: bench.side.next.setFocus(Qt.FocusReason.OtherFocusReason))
        bench.applicant.look_wanted.connect(self.record_requested)
        self.context.bridge.signed_out.connect(self.stop)
        QShortcut(QKeySequence("F10"), self).activated.connect(self._make_ready)
        for number, step in enumerate(Step, start=1):
            page = bench.pages[step]
            page.forward.connect(self.next)
            page.back.connect(self.back)
            page.problem_changed.connect(self._problem_changed)
            key = QShortcut(QKeySequence(f"Alt+{number}"), self)
            key.activated.connect(lambda step=step: self.go(step))

    # ------------------------------------------------------------------------------------------- opening and leaving

    def opened(self) -> None:
        if self.session.may(Permission.ENTER_BIOMETRICS):  # who opens no device is not asked about any
            self.morning.read()
            self.reminder.read()
        if self.session.draft is not None:
            self.page.entered()
        elif self.bench.shows_sealed:
            self.bench.sealed.entered()
        elif self.bench.applicant.has_text:
            self.bench.applicant.look_again()
            self.bench.applicant.entered()
        else:
            self._show_start()

    def resume(self, record_id: str) -> None:
        """Open a draft at the step where it was left; what is open here is stored first."""
        self.page.left()
        self.session.once_stored(lambda: self.session.resume(record_id))

    def begin(self, nik: str) -> None:
        """Somebody chosen elsewhere, as if found here: what stands against them is said before anything starts."""
        self.page.left()
        self.session.once_stored(lambda: self._begin(nik))

    def _begin(self, nik: str) -> None:
        if self.session.draft is not None:
            self.session.put_aside()
        else:
            self._show_start()
        self.bench.applicant.finder.choose(nik)

    @property
    def busy(self) -> bool:
        """Something is being captured or sealed just now."""
        return self._sealing or self.page.busy

    def store(self) -> None:
        """Hand over what is being typed and let go of the devices, until the screen is opened again."""
        self._hand_over()

    def stop(self) -> None:
        """Hand over what is being typed and let go of the devices: at sign-out and at the end of the program."""
        self._hand_over()
        self.session.stop()
        self.context.lanes.stop()

    def _hand_over(self) -> None:
        self.page.left()
        if self.session.draft is not None:
            self.session.store_again()

    # -------------------------------------------------------------------------------------------------- going about

    @property
    def page(self) -> StepPage:
        return self.bench.pages[self.step]

    def go(self, step: Step, field: str = "") -> None:
        """To any step, or to a field of the form; the step that is left stores what was typed."""
        if self.session.draft is None or self._sealing or step not in self.steps:
            return
        if self.page.stays():
            return
        stop = stop_among(self.session.draft.findings) if step in PARTS_OF else None
        if stop is not None:
            # Nobody is captured who may not be recorded: there it says why.
            step, field = (Step.APPLICANT, "") if stop.code in APPLICANT_STOPS else (Step.BIODATA, stop.field)
        elif step in PARTS_OF and self.session.draft.unrecognised:
            step, field = Step.REVIEW, ""  # whoever has come back shows a finger first
        self._hand_over()
        if self._queued(self.session.draft, step):
            self.bench.applicant.calling.call(self.session.draft.record.record_id)
            return
        if self._past_others(self.session.draft, step):
            self.bench.applicant.calling.let_past(self.session.draft.record.record_id, step)
            return
        if step is not self.step:
            self.session.go_to(step)
        self._enter(step)
        if field:
            self.bench.go_to_field(field)

    def next(self) -> None:
        """What Enter does: the next step, or sealing from the last."""
        if self.session.draft is None or self._sealing:
            return
        if self.step is Step.REVIEW:
            self._seal()
        elif self.page.may_leave() and self.step is self.steps[-1]:
            self._make_ready()
        elif self.page.may_leave():
            self.go(self.steps[self.steps.index(self.step) + 1])

    def back(self) -> None:
        """What Shift+Enter does: the step before."""
        if self.step is not self.steps[0]:
            self.go(self.steps[self.steps.index(self.step) - 1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _ENTER:
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.back()
        elif isinstance(focused, QAbstractButton):
            focused.click()
        else:
            self.next()

    def _enter(self, step: Step) -> None:
        self.step = step
        self.bench.bring(step)
        self._show_around()
        self.page.entered()
        self.step_changed.emit(step)

    # ------------------------------------------------------------------------------------------------ what happened

    def _opened_draft(self, draft: Draft) -> None:
        if not self.session.unstored:
            self._trouble = None
        self.bench.side.show_saved(None)
        self.bench.show_draft(draft)
        stop = stop_among(draft.findings) if draft.step in PARTS_OF else None
        waits = self._queued(draft, draft.step) or self._past_others(draft, draft.step)
        if draft.step not in self.steps or waits:
            self._enter(Step.BIODATA)
        elif stop is None:
            self._enter(Step.REVIEW if draft.unrecognised else draft.step)
        else:
            self._enter(Step.APPLICANT if stop.code in APPLICANT_STOPS else Step.BIODATA)

    def _queued(self, draft: Draft, step: Step) -> bool:
        """Somebody who waits is looked at and put right; before a device they come when they are called."""
        at_the_desk = step in (Step.APPLICANT, Step.BIODATA)
        return draft.ready_at is not None and not at_the_desk and self.session.may(Permission.ENTER_BIOMETRICS)

    def _past_others(self, draft: Draft, step: Step) -> bool:
        """Somebody who did not stand in the queue while others wait: before a device they come for a reason only."""
        return step in PARTS_OF and draft.ahead > 0 and self.session.may(Permission.ENTER_BIOMETRICS)

    def _show(self, draft: Draft) -> None:
        self.bench.show_draft(draft)
        self._show_around()
        self.draft_changed.emit(draft)

    def _problem_changed(self) -> None:
        if not self.bench.telling:
            self._show_around()

    def _show_around(self) -> None:
        self.bench.show_around(self.step, self._trouble, sealing=self._sealing)
        start = self.session.draft is None and not self.bench.shows_sealed
        self.morning.offer(start)
        self.reminder.offer(start)

    def _show_start(self) -> None:
        self.step, self._trouble = Step.APPLICANT, None
        self.bench.applicant.show_start()
        self.bench.bring(Step.APPLICANT)
        self._show_around()
        self.bench.applicant.entered()
        self.step_changed.emit(Step.APPLICANT)

    def _stored(self, moment: datetime) -> None:
        self.bench.side.show_saved(moment)
        if self._trouble is not None and not self.session.unstored:
            self._trouble = None
            self._show_around()

    def _failed(self, error: StationError) -> None:
        """Nothing was stored. With a draft open it is said beside it, otherwise by the window."""
        self._trouble, self._sealing = error, False
        for page in self.bench.pages.values():
            page.not_stored()
        if self.session.draft is None:
            self.context.tasks.failed.emit(error)
        elif error.code in _OF_ANOTHER_DAY:
            self.resume(self.session.draft.record.record_id)
        self._show_around()

    def _ask_consent(self, field: str, code: str, reason: str) -> None:
        """A reason alone does not settle it: a colleague looks at the person too."""
        if self.session.draft is None:
            return
        record_id = self.session.draft.record.record_id

        def agree(office: Office, officer_id: str, password: str) -> Draft:
            part = Part(field.removeprefix(VERIFY_FIELD))
            voucher = consents.vouch_for_warning(office, record_id, part, officer_id, password)
            return recording.confirm(office, record_id, field, code, reason, voucher)

        dialog = ConsentDialog(self.session, "consent.override", agree, self)
        dialog.agreed.connect(self.session.agreed)
        dialog.open()

    def _seal(self) -> None:
        review = self.bench.review
        if review.complete:
            self.session.once_stored(self._seal_now)
        else:
            review.obstacles.focus_first()
        self._show_around()

    def _seal_now(self) -> None:
        if not self._sealing and self.step is Step.REVIEW and self.bench.review.complete:
            self._sealing = True
            self.session.seal()
            self._show_around()

    def _sealed(self, row: RecordRow) -> None:
        self._sealing, self._trouble, self.step = False, None, Step.APPLICANT
        self.bench.sealed.show_row(row)
        self.bench.bring_sealed()
        self._show_around()
        self.bench.sealed.entered()
        self.sealed.emit(row)

    def _make_ready(self) -> None:
        """The desk is done: the person waits for the booth, and the line is free for the next one."""
        if self.session.draft is not None and not self._sealing and not self.page.stays():
            self.page.left()
            self.session.once_stored(self.session.make_ready)

    def _put_aside(self) -> None:
        if not self.page.stays():
            self.page.left()
            self.session.once_stored(self.session.put_aside)
