"""The one thing that is wrong at the documents, in words. Must not know where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from station.domain.errors import StationError
from station.i18n import _
from station.ui import words
from station.ui.widgets.problem_card import Problem


@dataclass
class DocumentTrouble:
    """`weak` is the document whose newest page is hard to read, and the code of why.

    `held` is true while somebody wants to go on before all pages are in, `cut` when the rest of them was not taken in.
    """

    error: StationError | None = None
    weak: tuple[int, str] | None = None
    held: bool = False
    cut: bool = False

    def clear(self) -> None:
        self.error = self.weak = None
        self.cut = False

    def problem(self, take: Callable[[], None], take_again: Callable[[], None]) -> Problem | None:
        """What failed comes before what is only slow, and that before what is only soft."""
        if self.error is not None:
            said = words.of_error(self.error)
            return Problem(said.title, said.todo, "bad", _("Try again · Space"), take)
        if self.held:
            return Problem(_("Pages are still coming in."), _("Wait a moment, or stop with Esc."))
        if self.cut:
            todo = _("Taking them in was interrupted. Take the missing pages in.")
            return Problem(_("Not all pages were taken in."), todo, "warn", _("Add a page · Space"), take)
        if self.weak is not None:
            said = words.sentence(self.weak[1])
            return Problem(said.title, said.todo, "warn", _("Take this page again"), take_again)
        return None
