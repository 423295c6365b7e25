"""The chosen person of a sheet: who they are, one button and key for each mark, recording, and why not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from station.desk.trip_day import SheetRow
from station.domain.nik import mask_nik
from station.domain.reconciliation import Made
from station.domain.trip import Mark
from station.i18n import _
from station.ui import format as shown
from station.ui import trip_words
from station.ui.screens.trips.sheet_model import made_of, mark_of
from station.ui.screens.trips.why_not_box import WhyNotBox
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip import Chip
from station.ui.widgets.empty import Empty


class PersonPane(Card):
    """`marked` carries a Mark, `explained` a WhyNot and a note; `record_wanted` and `removed` are about this person."""

    marked = Signal(object)
    explained = Signal(object, str)
    record_wanted = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, spacing=10)
        self._name = label(role="h2", wrap=True, name="trips.person.name")
        self._facts = label(role="small", wrap=True, name="trips.person.facts")
        self._mark, self._made = Chip(), Chip()
        self._marks = {mark: self._mark_button(mark) for mark in trip_words.KEYS}
        self._marks_box = QWidget()
        self.why = WhyNotBox()
        self.why.given.connect(self.explained)
        self._record = button("trips.person.record", "", self.record_wanted.emit, "primary")
        self._remove = button("trips.person.remove", _("Take off the sheet"), self.removed.emit, "link")
        self._empty = Empty("mdi6.account-search-outline")
        self._empty.say(_("Nobody chosen"), _("Type part of a name, or choose a line."))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._content())
        self.body.addWidget(self._pages)

    def show_row(self, row: SheetRow | None, *, frozen: bool) -> None:
        """Another person, or nobody. A closed trip is only looked at."""
        self._pages.setCurrentIndex(0 if row is None else 1)
        if row is None:
            return
        person = row.person
        self._name.setText(person.name or _("No name yet"))
        self._facts.setText("\n".join(_facts(row)))
        mark, made = mark_of(row), made_of(row)
        self._mark.show_fact(mark.text, mark.tone)
        self._made.show_fact(made.text, made.tone)
        self._made.setVisible(bool(made.text))
        self._marks_box.setVisible(person.invited and not frozen)
        for which, made_button in self._marks.items():
            made_button.setChecked(which is row.mark)
        here = not person.invited or row.mark is Mark.PRESENT
        self.why.setVisible(here and row.made is Made.NOTHING and not frozen)
        self.why.show_person(person)
        self._record.setText(_record_text(row))
        self._record.setAccessibleName(self._record.text())
        self._record.setVisible(not (frozen and row.made is Made.NOTHING) and bool(person.nik or row.record_id))
        self._remove.setVisible(person.by_hand and row.made is Made.NOTHING and not frozen)

    def _mark_button(self, mark: Mark) -> QPushButton:
        name = trip_words.mark(mark).text
        made = button(f"trips.mark.{mark.value}", f"{name} · {trip_words.KEYS[mark]}")
        made.setCheckable(True)
        made.setProperty("look", "chip")
        made.setProperty("tone", trip_words.mark(mark).tone)
        made.clicked.connect(lambda _checked=False: self.marked.emit(mark))
        return made

    def _content(self) -> QWidget:
        grid = QGridLayout(self._marks_box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for place, made in enumerate(self._marks.values()):
            grid.addWidget(made, place // 2, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._name)
        column.addWidget(self._facts)
        chips = QHBoxLayout()
        chips.setSpacing(6)
        chips.addWidget(self._mark)
        chips.addWidget(self._made)
        chips.addStretch(1)
        column.addLayout(chips)
        column.addWidget(self._marks_box)
        column.addWidget(self.why)
        column.addStretch(1)
        column.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._record)
        return content


def _facts(row: SheetRow) -> list[str]:
    person = row.person
    lines = [mask_nik(person.nik)] if person.nik else [_("No NIK yet")]
    if person.birth_date:
        lines.append(_("Born {day}").format(day=shown.iso_day(person.birth_date)))
    where = " · ".join(part for part in (person.address, trip_words.unit(person.unit) if person.unit else "") if part)
    if where:
        lines.append(where)
    if person.note:
        lines.append(person.note)
    return lines


def _record_text(row: SheetRow) -> str:
    match row.made:
        case Made.NOTHING:
            return _("Record · Enter")
        case Made.INCOMPLETE:
            return _("Continue · Enter")
        case Made.RECORDED:
            return _("See the recording · Enter")
