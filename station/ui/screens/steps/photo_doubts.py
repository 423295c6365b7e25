"""What is wrong with the photo that is kept: one sentence, and the way to let it stand with a reason."""

from __future__ import annotations

from collections.abc import Callable

from station.domain.biometrics import CAPTURE_FIELD, Part
from station.domain.draft import Draft
from station.domain.finding import Finding
from station.i18n import _
from station.ui import words
from station.ui.form.note_line import NoteLine
from station.ui.form.reasons import PHOTO_REASONS
from station.ui.screens.steps.session import Session
from station.ui.widgets.problem_card import Problem

FIELD = CAPTURE_FIELD + Part.FACE.value


class PhotoDoubts:
    """`note` goes below the picture. One reason counts for everything that is wrong with one photo."""

    def __init__(self, session: Session) -> None:
        self.note = NoteLine("step.photo", reasons=PHOTO_REASONS)
        self.note.reason_given.connect(self._keep_with)
        self._session = session
        self._open: tuple[Finding, ...] = ()

    def show(self, draft: Draft, *, quiet: bool) -> None:
        """Say it, or nothing when `quiet`: another photo is being taken."""
        self._open = tuple(item for item in draft.open_captures if item.field == FIELD)
        codes = {item.code for item in draft.findings if item.field == FIELD}
        given = [item.reason for item in draft.confirmed if item.field == FIELD and item.code in codes]
        if quiet or not (self._open or given):
            self.note.say("", "off")
        elif self._open:
            self.note.say(self._sentence().title, "warn", may_stand=True)
        else:
            self.note.say(_("Kept as it is: {reason}").format(reason=given[0]), "ok")

    def problem(self, take_again: Callable[[], None]) -> Problem | None:
        """The first of them, until somebody gives the reason."""
        if not self._open:
            return None
        told = self._sentence()
        again, keep = _("Repeat · Space"), _("Keep it…")
        return Problem(told.title, told.todo, "warn", again, take_again, keep, self.note.ask)

    def _sentence(self) -> words.Words:
        return words.sentence(self._open[0].code, self._open[0].data)

    def _keep_with(self, reason: str) -> None:
        for found in self._open:
            self._session.confirm(FIELD, found.code, reason)
