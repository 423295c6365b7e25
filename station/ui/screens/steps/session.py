"""The draft that is open on this screen, and every question to the desk about it. Knows no widget.

The desk answers in the order it was asked, so the last `changed` is always the newest draft.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from station.desk import papers, recording, records, sealing, waiting_room
from station.desk.office import Office
from station.domain.biometrics import Capture, Part
from station.domain.checklist import Seen
from station.domain.device import Use
from station.domain.draft import Draft
from station.domain.errors import AccessError, DeviceError, RuleError, StationError
from station.domain.rows import RecordRow
from station.domain.service import Service
from station.domain.steps import Step
from station.domain.turn import NO_REASON, Because
from station.ui.context import Context
from station.ui.picture import picture
from station.ui.screens.steps.given_answers import GivenAnswers
from station.ui.screens.steps.lookups import Lookups
from station.ui.timer import timer

T = TypeVar("T")

PAINTED_MS = 100
"""A page is painted by then, also on a slow computer: painting goes before timers."""


class Session(Lookups):
    """Answers of the desk as signals. `draft` is None on the start page."""

    opened = Signal(object)  # Draft
    changed = Signal(object)  # Draft
    saved = Signal(object)  # datetime: something of this draft is on disk now
    closed = Signal()  # no draft is open any more
    sealed = Signal(object)  # RecordRow
    numbered = Signal(object)  # Draft: this person waits in the queue now, with a number
    consent_wanted = Signal(str, str, str)  # field, code, reason: not kept without a second officer

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._given = GivenAnswers()
        self._reached: Step | None = None  # not on the disk yet
        self._soon = timer(self, PAINTED_MS, self._keep_step)

    # ------------------------------------------------------------------------------------------- opening, closing

    def start(self, nik: str, reason: str = "") -> None:
        """Begin with a person; `reason` is why a warning does not hold."""
        office = self._office
        self._run(lambda: recording.start(office, nik, reason), self._open)

    def take(
        self,
        record_id: str,
        because: Because = NO_REASON,
        done: Callable[[], object] = lambda: None,
        refused: Callable[[StationError], None] | None = None,
    ) -> None:
        """Call in somebody whom the desk has prepared; before others `because` of something."""
        office = self._office

        def opened(draft: Draft) -> None:
            done()
            self._open(draft)

        self._leave_by(lambda: waiting_room.take(office, record_id, because), opened, refused)

    def let_past(
        self,
        record_id: str,
        step: Step,
        because: Because,
        done: Callable[[], object],
        refused: Callable[[StationError], None],
    ) -> None:
        """Who is open did not stand in the queue, and comes before others to `step` `because` of something."""
        office = self._office

        def opened(draft: Draft) -> None:
            done()
            self._open(draft)

        self._leave_by(lambda: waiting_room.let_past(office, record_id, step, because), opened, refused)

    def make_ready(self) -> None:
        """The desk is done with this person: they wait for the booth, and nobody is open here."""
        office, record_id = self._office, self._record_id()

        def waits(draft: Draft) -> None:
            self._gone()
            self.numbered.emit(draft)

        self._leave_by(lambda: waiting_room.make_ready(office, record_id), waits)

    def correct(self, record_id: str) -> None:
        """Open what central refused as its next revision."""
        office = self._office
        self._leave_by(lambda: records.reopen(office, record_id), self._open)

    def come_again(
        self,
        recapture: Callable[[Office], Draft],
        done: Callable[[], None],
        failed: Callable[[StationError], None],
    ) -> None:
        """Open the record of somebody who has come again: `recapture` makes sure that it is the same person."""
        office = self._office

        def opened(draft: Draft) -> None:
            done()
            self._open(draft)

        self._leave_by(lambda: recapture(office), opened, failed)

    def resume(self, record_id: str) -> None:
        office = self._office
        self._leave_by(lambda: recording.resume(office, record_id), self._open)

    def put_aside(self) -> None:
        """Close the draft here; it stays as it is."""
        self._keep_step()
        self.draft = None
        self._given.forget()
        self.closed.emit()

    def stop(self) -> None:
        self._keep_step()
        super().stop()

    def withdraw(self, record_id: str, reason: str) -> None:
        """That record, whoever is open by now: another one stays."""
        office = self._office

        def gone(_none: object) -> None:
            if self.draft is not None and self.draft.record.record_id == record_id:
                self._gone()
            else:
                self._context.bridge.records_changed.emit()

        self._leave_by(lambda: recording.withdraw(office, record_id, reason), gone)

    def seal(self) -> None:
        """Seal it. On an error the draft is still there, complete."""
        office, record_id = self._office, self._record_id()
        self._reached = None  # a draft that is sealed is at no step

        def done(made: RecordRow) -> None:
            self.draft = None
            self._context.bridge.records_changed.emit()
            self.sealed.emit(made)

        self._run(lambda: sealing.seal(office, record_id), done)

    # ----------------------------------------------------------------------------------------------------- answers

    def change(
        self,
        work: Callable[[Office, str], Draft],
        done: Callable[[], None],
        failed: Callable[[StationError], None],
    ) -> None:
        """Any deed on this draft whose outcome somebody waits for: `done` once it is kept, or `failed`."""
        office, record_id = self._office, self._record_id()

        def stored(draft: Draft) -> None:
            self._stored(draft)
            done()

        self._run(lambda: work(office, record_id), stored, failed)

    def answer(self, key: str, raw: str) -> None:
        """Keep an answer. One that the station cannot store now stays `unstored` until it could be."""
        office, record_id = self._office, self._record_id()
        given = self._given.give((record_id, key), raw)

        def kept(draft: Draft) -> None:
            self._given.kept(given)
            self._stored(draft)

        def fail(error: StationError) -> None:
            of_a_rule = isinstance(error, RuleError | AccessError)
            (self._given.refused if of_a_rule else self._given.failed)(given)
            self.failed.emit(error)

        self._run(lambda: recording.answer(office, record_id, key, raw), kept, fail)

    def given(self, key: str) -> str:
        """The last answer to this field, also while it is not on the disk."""
        if self.draft is None:
            return ""
        last = self._given.last((self._record_id(), key))
        return self.draft.answers.get(key, "") if last is None else last

    @property
    def unstored(self) -> str:
        """A field of this draft whose answer could not be stored; '' when there is none."""
        found = self._given.unstored(self._record_id()) if self.draft is not None else {}
        return next(iter(found), "")

    def store_again(self) -> None:
        """Once more what could not be stored before: the disk may have room again."""
        for key, raw in self._given.unstored(self._record_id()).items():
            self.answer(key, raw)

    def once_stored(self, then: Callable[[], None]) -> None:
        """`then`, once every answer of this draft is on the disk. While one cannot be stored, `failed` says so and
        nothing more is done: nobody is sealed or closed with an answer that was typed over. After a no of the desk
        neither, so that it is read; the next time that answer is gone.
        """
        if self.draft is None or not (self._given.moving or self.unstored):
            then()
            return
        record_id, refusals = self._record_id(), self._given.refusals
        self.store_again()

        def heard(_none: None) -> None:
            still_here = self.draft is not None and self.draft.record.record_id == record_id
            if still_here and not self.unstored and self._given.refusals == refusals:
                then()

        self._run(lambda: None, heard)

    def confirm(self, field: str, code: str, reason: str) -> None:
        """A warning may stand; `consent_wanted` when a second officer has to agree."""
        office, record_id = self._office, self._record_id()

        def fail(error: StationError) -> None:
            if error.code == "consent.override":
                self.consent_wanted.emit(field, code, reason)
            else:
                self.failed.emit(error)

        self._run(lambda: recording.confirm(office, record_id, field, code, reason), self._stored, fail)

    def agreed(self, draft: Draft) -> None:
        """A second officer has agreed to something about this draft: it is kept."""
        self._stored(draft)

    def choose_service(self, service: Service) -> None:
        self._change(lambda office, record_id: papers.choose_service(office, record_id, service))

    def show_paper(self, key: str, seen: Seen, reason: str = "") -> None:
        self._change(lambda office, record_id: papers.show_paper(office, record_id, key, seen, reason))

    def keep(self, captures: Sequence[Capture], refused: Callable[[StationError], None] | None = None) -> None:
        """Keep accepted captures. `refused` hears when they may not be kept or cannot be compared: none of them is."""
        office, record_id = self._office, self._record_id()

        def fail(error: StationError) -> None:
            of_these = isinstance(error, DeviceError) or error.code.startswith("capture.")
            (refused if refused is not None and of_these else self.failed.emit)(error)

        self._run(lambda: recording.keep(office, record_id, captures), self._stored, fail)

    def discard(self, parts: Sequence[Part], done: Callable[[], None]) -> None:
        """Throw captures away that were of other fingers; `done` once they are gone."""
        self.change(lambda office, record_id: recording.discard(office, record_id, parts), done, self.failed.emit)

    def approve(self, text: str, signature: Capture) -> None:
        """The applicant has signed under `text`."""
        self._change(lambda office, record_id: recording.approve(office, record_id, text, signature))

    def approve_in_words(self, write: Callable[[Office], str], signature: Capture) -> None:
        """The applicant has signed; what they read is written by the desk, which knows all of it."""
        self._change(lambda office, record_id: recording.approve(office, record_id, write(office), signature))

    def used(self, use: Use) -> None:
        """What came of a device that has no lane: a signature pad, a document scanner."""
        self._context.uses.note(use)

    def assist(self, on: bool) -> None:
        """Somebody who needs time: devices wait longer, and nothing nags."""
        self._change(lambda office, record_id: recording.assist(office, record_id, on))

    def go_to(self, step: Step) -> None:
        """Remember the step, once its page is painted: on a slow computer whoever waits for the page would wait for the
        disk too. Nothing of the person changes, so this is not announced as a change of records.
        """
        self._reached = step
        self._soon.start()

    # --------------------------------------------------------------------------------------------------- questions

    def image(self, part: Part, done: Callable[[QImage | None], None]) -> None:
        """What is kept of `part`, opened where it is read and not in the window's thread."""
        office, record_id = self._office, self._record_id()

        def arrived(image: QImage | None) -> None:
            if self.draft is not None and self.draft.record.record_id == record_id:
                done(image)

        self._run(lambda: picture(recording.image(office, record_id, part)), arrived)

    # ------------------------------------------------------------------------------------------------------ inside

    def _leave_by(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[StationError], None] | None = None
    ) -> None:
        """A deed after which another draft is open, or none: the step that was reached goes before it."""
        self._keep_step()
        self._run(work, done, failed)

    def _keep_step(self) -> None:
        """The step that was reached, if nobody has left since."""
        self._soon.stop()
        step, self._reached = self._reached, None
        if step is not None and self.draft is not None:
            office, record_id = self._office, self._record_id()
            self._run(lambda: recording.go_to(office, record_id, step), self._take)

    def _change(self, work: Callable[[Office, str], Draft]) -> None:
        office, record_id = self._office, self._record_id()
        self._run(lambda: work(office, record_id), self._stored)

    def _open(self, draft: Draft) -> None:
        self._reached = None  # of whoever was open until now
        self.draft = draft
        self._context.bridge.records_changed.emit()
        self.opened.emit(draft)
        self.changed.emit(draft)

    def _stored(self, draft: Draft) -> None:
        self._take(draft)
        self.saved.emit(self._context.clock.now())

    def _take(self, draft: Draft) -> None:
        # An answer given just before another draft was opened is stored, but no longer what is shown.
        if self.draft is not None and self.draft.record.record_id == draft.record.record_id:
            self.draft = draft
            self.changed.emit(draft)

    def _gone(self) -> None:
        self._reached = None  # of what is no draft any more
        self._context.bridge.records_changed.emit()
        self.put_aside()

    def _record_id(self) -> str:
        assert self.draft is not None, "no draft is open"
        return self.draft.record.record_id
