"""What stands between a person and their recording, in one sentence with what to do, and the ways on. Knows no desk."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from station.domain.central_status import central_status
from station.domain.standing import Standing
from station.i18n import _
from station.ui import labels
from station.ui.form.note_line import ReasonEntry
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.ways import ways
from station.ui.words import sentence


class Hurdle(Banner):
    """The harmless way comes first and gets the keyboard; going on against a warning asks for a reason."""

    resume_wanted = Signal(str)  # record id of a draft
    look_wanted = Signal(str)  # record id
    correct_wanted = Signal(str)  # record id of what central refused
    again_wanted = Signal(str)  # record id of somebody who was invited again
    next_wanted = Signal()
    replacement_wanted = Signal(object)  # Standing of somebody recorded who has come for another card
    anyway = Signal(str)  # the reason

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("applicant.warning")
        self._standing = Standing("")
        self.invited: frozenset[str] = frozenset()
        """Records of people who are to come again."""
        self._facts = label(role="small", wrap=True, name="applicant.facts")
        self._words.addWidget(self._facts)
        self._resume = button("applicant.resume_same", _("Continue that recording"), self._tell_resume, "primary")
        self._correct = button("applicant.correct", _("Correct that record"), self._tell_correct, "primary")
        self._again = button("applicant.again", _("Capture what was missing"), self._tell_again, "primary")
        self._look = button("applicant.look", _("Open that record"), self._tell_look, "primary")
        self._next = button("applicant.next", _("Next person"), self.next_wanted.emit, "primary")
        self._papers = button(
            "applicant.replacement", _("Papers for a lost, damaged or changed card"), self._tell_replacement
        )
        self._anyway = button("applicant.record_anyway", _("Go on with a reason…"), self._ask_reason)
        self._reason = ReasonEntry()
        self._reason.setObjectName("applicant.reason")
        self._reason.setMaxLength(200)
        self._reason.setPlaceholderText(_("Reason in your own words, then Enter"))
        self._reason.setAccessibleName(_("Reason in your own words, then Enter"))
        self._reason.given.connect(self.anyway)
        self._reason.dropped.connect(self._drop_reason)
        self.ways = (self._resume, self._correct, self._again, self._look, self._next, self._papers, self._anyway)
        row = ways(self.ways)
        row.setContentsMargins(0, 6, 0, 0)
        self._words.addLayout(row)
        self._words.addWidget(self._reason)

    def show_standing(self, standing: Standing | None) -> None:
        """What stops or warns; nothing of both hides the card."""
        self._standing = standing or Standing("")
        self._drop_reason()
        stop = self._standing.stop
        said = [sentence(item.code, item.data) for item in ((stop,) if stop else self._standing.warnings)]
        if not said or (stop and stop.code.startswith("nik.")):  # a wrong number is said at the line
            self.clear()
            return
        self._show_facts()
        self._show_ways()
        others = [str(item) for item in said[1:]]
        self.say(said[0].title, "\n".join([said[0].todo, *others]), "bad" if stop else "warn")

    @property
    def way(self) -> QPushButton:
        """The button for the keyboard."""
        return next(way for way in self.ways if not way.isHidden())

    def _show_facts(self) -> None:
        """Which record it is about, what central last said and what to do about that."""
        lines, row, code = [], self._standing.record, self._standing.central_code
        if row is not None:
            lines.append(f"{row.record.registration_no} · {labels.record_state(row).text}")
        if code:
            status = central_status(code)
            told = _("Status at central: {status}. {todo}")
            lines.append(told.format(status=_(status.label), todo=_(status.todo)))
        self._facts.setText("\n".join(lines))
        self._facts.setVisible(bool(lines))

    def _show_ways(self) -> None:
        stop = self._standing.stop.code if self._standing.stop else ""
        drafted = self._standing.draft is not None
        row = self._standing.record
        invited = row is not None and row.record.record_id in self.invited
        self._again.setVisible(stop == "applicant.recorded_here" and invited)
        self._resume.setVisible(drafted and (not stop or row == self._standing.draft))
        self._correct.setVisible(stop == "applicant.refused_here")
        self._look.setVisible(stop == "applicant.recorded_here")
        self._next.setVisible(stop in ("applicant.recorded", "applicant.too_young") or not (stop or drafted))
        self._papers.setVisible(stop in ("applicant.recorded", "applicant.recorded_here"))
        self._anyway.setVisible(not stop)

    def _ask_reason(self) -> None:
        self._reason.show()
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_reason(self) -> None:
        if self._reason.hasFocus():
            self._anyway.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reason.hide()
        self._reason.clear()

    def _tell_resume(self) -> None:
        if self._standing.draft is not None:
            self.resume_wanted.emit(self._standing.draft.record.record_id)

    def _tell_correct(self) -> None:
        if self._standing.record is not None:
            self.correct_wanted.emit(self._standing.record.record.record_id)

    def _tell_again(self) -> None:
        if self._standing.record is not None:
            self.again_wanted.emit(self._standing.record.record.record_id)

    def _tell_look(self) -> None:
        if self._standing.record is not None:
            self.look_wanted.emit(self._standing.record.record.record_id)

    def _tell_replacement(self) -> None:
        self.replacement_wanted.emit(self._standing)
