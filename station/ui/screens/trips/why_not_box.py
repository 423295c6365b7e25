"""Why somebody who came was not recorded: a reason from the list, and words for another one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from station.domain.trip import TripPerson, WhyNot
from station.i18n import _
from station.ui import trip_words
from station.ui.form.entry import Entry
from station.ui.widgets.field_label import FieldLabel


class WhyNotBox(QWidget):
    """`given` carries the reason and the words."""

    given = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reasons = QComboBox()
        self._reasons.setObjectName("trips.why")
        for reason in WhyNot:
            self._reasons.addItem(trip_words.why_not(reason), reason)
        self._note = Entry()
        self._note.setObjectName("trips.why.note")
        self._words = FieldLabel(_("In a few words, Enter keeps it"), self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(FieldLabel(_("If not recorded: why?"), self._reasons))
        column.addWidget(self._words)
        self._reasons.activated.connect(lambda _row: self._chosen())
        self._note.entered.connect(lambda _back: self._tell())

    def show_person(self, person: TripPerson) -> None:
        self._reasons.setCurrentIndex(self._reasons.findData(person.why_not))
        self._note.show_value(person.note)
        self._words.setVisible(person.why_not is WhyNot.OTHER)

    @property
    def reason(self) -> WhyNot:
        return WhyNot(self._reasons.currentData())

    def _chosen(self) -> None:
        """Words are asked for another reason only; every other reason is kept at once."""
        other = self.reason is WhyNot.OTHER
        self._words.setVisible(other)
        if other:
            self._note.setFocus()
        else:
            self._tell()

    def _tell(self) -> None:
        self.given.emit(self.reason, self._note.text().strip() if self.reason is WhyNot.OTHER else "")
