"""What the applicant reads of a draft, with the village in words. Knows no widget: pages show its lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from station.desk import villages
from station.desk.office import Office
from station.domain.draft import Draft
from station.domain.regions import Village, is_village_code
from station.ui.screens.steps import approval
from station.ui.screens.steps.approval import Line
from station.ui.screens.steps.session import Session


class Reading(QObject):
    """`changed` when there is something else to read: another answer, or the village's name that came later."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._draft: Draft | None = None
        self._village: Village | None = None

    @property
    def complete(self) -> bool:
        """True when everything that was answered is also in words: the village comes a moment later."""
        return self._draft is not None and not self._village_waits()

    @property
    def lines(self) -> Sequence[Line]:
        """Every question that was asked of this person, with the answer."""
        known = self._village if self._village and self._village.name else None
        return approval.lines(self._draft, known) if self._draft else ()

    @property
    def text(self) -> str:
        """The page as text: exactly what is shown and signed."""
        return approval.text(self._draft, self.lines) if self._draft else ""

    def writer(self) -> Callable[[Office], str]:
        """Writes the page as text on the desk's thread, where the village's name is at hand."""
        draft = self._draft

        def write(office: Office) -> str:
            assert draft is not None, "nothing is read"
            village = villages.village(office, draft.answers.get("village", ""))
            return approval.text(draft, approval.lines(draft, village))

        return write

    def show_draft(self, draft: Draft) -> None:
        self._draft = draft
        if self._village_waits():
            self._session.village(draft.answers["village"], self._village_arrived)
        self.changed.emit()

    def _village_waits(self) -> bool:
        code = self._draft.answers.get("village", "") if self._draft else ""
        return is_village_code(code) and (self._village is None or self._village.code != code)

    def _village_arrived(self, village: Village | None) -> None:
        if village is None and self._draft is not None:
            # Not in this station's table: the code itself is what was recorded, and is shown so.
            village = Village(self._draft.answers.get("village", ""), "", "", "", "")
        self._village = village
        self.changed.emit()
