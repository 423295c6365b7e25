"""Calling a person up: the line, the people who fit a name, who was found, and what stands against a recording.

Asks the desk and is answered later; what was typed since makes an answer old, and old answers are dropped.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from station.domain.nik import check_nik
from station.domain.scan import MAX_PAYLOAD, nik_in
from station.domain.standing import Candidate, Standing
from station.i18n import _
from station.ui import theme
from station.ui.screens.steps.hurdle import Hurdle
from station.ui.screens.steps.lookups import Lookups
from station.ui.screens.steps.people_list import PeopleList
from station.ui.screens.steps.person_found import PersonFound
from station.ui.screens.steps.search_line import SearchLine
from station.ui.timer import timer
from station.ui.widgets.field_label import FieldLabel
from station.ui.words import sentence

LETTERS = 3
PAUSE_MS = 120
"""Fast typing is one question."""


class Finder(QWidget):
    """`decided` says that Enter, a scan or a reason settled on a NIK; the page knows what follows."""

    decided = Signal(str, str)  # NIK, reason: '' when nothing stands against it
    empty_entered = Signal()
    rearranged = Signal()  # something else is shown now
    typed = Signal()

    def __init__(self, session: Lookups, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.names_too = True
        self.standing: Standing | None = None
        self._asked = ""  # the NIK that was asked about last
        self._decide_waits = False
        self.line = SearchLine()
        self.line.setObjectName("applicant.nik")
        self._field = FieldLabel("", self.line, " ")
        self.people = PeopleList()
        self.found = PersonFound()
        self.hurdle = Hurdle()
        self._pause = timer(self, PAUSE_MS, self._ask_names)
        self._field.setMaximumWidth(theme.px(520))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for widget in (self._field, self.people, self.found, self.hurdle):
            column.addWidget(widget)
        self._connect()
        self.show_value("", names_too=True)

    def _connect(self) -> None:
        self.line.textEdited.connect(lambda _text: self._edited())
        self.line.entered.connect(self._entered)
        self.line.scanned.connect(self._scanned)
        self.line.moved.connect(self.people.move_by)
        self.line.dropped.connect(self._drop_names)
        self.people.chosen.connect(self.choose)
        self.hurdle.anyway.connect(lambda reason: self.decided.emit(self.value, reason))

    def showEvent(self, event: QShowEvent) -> None:
        """Only what is shown has its final fonts: the hint below the line keeps its room from here on."""
        super().showEvent(event)
        self._field.setMinimumHeight(self._field.sizeHint().height())

    # ----------------------------------------------------------------------------------------------------- showing

    @property
    def value(self) -> str:
        """The NIK in the line; '' while it holds letters or nothing."""
        return self.line.number or nik_in(self.line.text(), training=self._session.training)

    def show_value(self, nik: str, *, names_too: bool) -> None:
        """Show a stored NIK; without a draft the line also takes names."""
        self.names_too = names_too
        self._field.label.setText(_("NIK or name") if names_too else _("NIK"))
        self.line.setAccessibleName(self._field.label.text())
        self.line.show_value(nik)
        self.line.setModified(False)
        self._forget()
        self.say()

    def take_keyboard(self) -> None:
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()

    def choose(self, nik: str) -> None:
        """As if this NIK had been typed."""
        self.line.show_value(nik)
        self.line.setModified(True)
        self._edited()
        self.take_keyboard()

    def look_up(self) -> None:
        """Ask how the person in the line stands, unless that is known or being asked."""
        nik = self.value
        if nik and nik != self._asked and not self._wrong():
            self._asked = nik
            self._session.look_up(nik, self._arrived)

    def not_answered(self) -> None:
        """The desk failed: Enter asks again."""
        self._decide_waits, self._asked = False, self.value if self.standing else ""

    def is_wrong(self) -> bool:
        """True when the number cannot be a NIK; says so."""
        self.say(strict=True)
        return bool(self._wrong())

    def say(self, *, strict: bool = False) -> None:
        """What is wrong with the number; while it is being typed, being short is not wrong yet."""
        found = self._wrong()
        typing = not found or (found[0] == "nik.length" and len(self.value) < 16) or not self.line.text()
        if typing and not strict:
            self._tell("", _hint(names_too=self.names_too))
        elif found:
            self._tell(found[1])
        else:
            self._tell("")

    def _tell(self, wrong: str, hint: str = " ") -> None:
        """Below the line, which keeps its place whatever is said there."""
        self._field.say(wrong)
        if not wrong:
            self._field.below.setText(hint)
            self._field.control.setAccessibleDescription(hint.strip())

    def _forget(self) -> None:
        self._pause.stop()
        self._asked, self._decide_waits, self.standing = "", False, None
        self.people.clear()
        self.found.show_standing(None)
        self.hurdle.show_standing(None)
        self.rearranged.emit()

    # ------------------------------------------------------------------------------------------------------ typing

    def _edited(self) -> None:
        shown, names = bool(self.people.people), self._names
        if not (shown and names):
            self._forget()
        self._decide_waits = False
        self.say()
        if names and len(names.replace(" ", "")) >= LETTERS:
            self._pause.start()
        elif names:
            self._forget()
        else:
            self.look_up()
        self.typed.emit()

    @property
    def _names(self) -> str:
        return self.line.letters if self.names_too and not self.value else ""

    def _entered(self, back: bool) -> None:
        if back:
            return
        if self._pause.isActive():
            self._pause.stop()
            self._decide_waits = True
            self._ask_names()
        elif self.people.people:
            self.people.take()
        elif not self.line.text().strip():
            self.empty_entered.emit()
        elif self._names:
            self._tell(_("Type at least three letters of the name, or the NIK."))
        elif self.is_wrong():
            self.take_keyboard()
        else:
            self._decide()

    def _scanned(self, payload: str) -> None:
        nik = nik_in(payload, training=self._session.training)
        if not nik:
            self.show_value("", names_too=self.names_too)
            told = _("The scan is too long for this line.") if len(payload) > MAX_PAYLOAD else _("The scan has no NIK.")
            self._tell(told + " " + _("Type the NIK instead."))
            return
        if nik != self._asked:
            self._forget()
        self.line.show_value(nik)
        self.line.setModified(True)
        self.say()
        self.look_up()
        self._decide()

    def _decide(self) -> None:
        """Go on with the person, or to what stands against it; when the answer is on its way, once it is here."""
        if self.standing is None:
            self._decide_waits = True
            self.look_up()
        elif not self.hurdle.isHidden():
            self.hurdle.way.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.decided.emit(self.standing.nik, "")

    # ----------------------------------------------------------------------------------------------------- answers

    def _ask_names(self) -> None:
        typed = self._names
        self._session.find_people(typed, lambda people: self._names_arrived(typed, people))

    def _names_arrived(self, typed: str, people: tuple[Candidate, ...]) -> None:
        if typed != self._names:
            return
        self.people.show_people(people)
        self.rearranged.emit()
        waited, self._decide_waits = self._decide_waits, False
        if waited and len(people) == 1:
            self.people.take()

    def _arrived(self, standing: Standing) -> None:
        if standing.nik != self._asked or standing.nik != self.value:
            return
        self.standing = standing
        self.found.show_standing(standing)
        self.hurdle.show_standing(standing)
        self.rearranged.emit()
        if self._decide_waits:
            self._decide_waits = False
            self._decide()

    def _drop_names(self) -> None:
        """Esc closes the list; what was typed stays."""
        self._pause.stop()
        self.people.clear()
        self.rearranged.emit()

    def _wrong(self) -> tuple[str, str] | None:
        if self._names:
            return None
        finding = next(check_nik(self.value or self.line.value(), training=self._session.training), None)
        return (finding.code, str(sentence(finding.code, finding.data))) if finding else None


def _hint(*, names_too: bool) -> str:
    if names_too:
        return _("16 digits, a scanned code, or three letters of the name")
    return _("16 digits, as on the family card")
