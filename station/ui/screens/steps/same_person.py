"""The warning that this NIK is already at this station, and the ways on from there. Knows no desk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from station.domain.record import State
from station.domain.rows import RecordRow
from station.i18n import _
from station.ui import labels
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button


class SamePerson(Banner):
    """The harmless way comes first and gets the keyboard: to continue the draft, or to look at the record."""

    resume_wanted = Signal(str)  # record id
    look_wanted = Signal(str)  # record id
    anyway = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("applicant.warning")
        self._rows: tuple[RecordRow, ...] = ()
        self._resume = button("applicant.resume_same", _("Continue that draft"), self._tell_resume, "primary")
        self._look = button("applicant.look", _("Open that record"), self._tell_look, "primary")
        self._anyway = button("applicant.record_anyway", _("Record anyway"), self.anyway.emit)
        self.ways = (self._resume, self._look, self._anyway)
        for way in self.ways:
            self.add_button(way)

    def show_rows(self, rows: Sequence[RecordRow]) -> None:
        """Other records of this NIK; none hides the warning."""
        self._rows = tuple(rows)
        if not rows:
            self.clear()
            return
        record = rows[0].record
        drafted = self._draft is not None
        self._resume.setVisible(drafted)
        self._look.setVisible(not drafted)
        self.say(
            _("This NIK is already recorded here: {name}, {number} ({state}).").format(
                name=record.name or _("no name yet"),
                number=record.registration_no,
                state=labels.record_state(rows[0]).text,
            ),
            _("Do not record twice: a second recording blocks the card. Continue the draft.")
            if drafted
            else _("Do not record twice: a second recording blocks the card. Look at that record first."),
            "warn",
        )

    @property
    def way(self) -> QPushButton:
        """The button for the keyboard."""
        return self._look if self._draft is None else self._resume

    @property
    def _draft(self) -> RecordRow | None:
        return next((row for row in self._rows if row.record.state is State.DRAFT), None)

    def _tell_resume(self) -> None:
        if self._draft is not None:
            self.resume_wanted.emit(self._draft.record.record_id)

    def _tell_look(self) -> None:
        if self._rows:
            self.look_wanted.emit(self._rows[0].record.record_id)
