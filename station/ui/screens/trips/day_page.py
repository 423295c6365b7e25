"""The day in the village: find a person by typing, mark them with one key, record them. Nothing waits for a network."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station.desk.trip_day import Sheet, SheetRow
from station.domain.reconciliation import Made
from station.domain.trip import Mark, Trip
from station.i18n import _
from station.ui import format as shown
from station.ui import theme
from station.ui.screens.trips.group_chips import GroupChips
from station.ui.screens.trips.marking import Marking
from station.ui.screens.trips.person_pane import PersonPane
from station.ui.screens.trips.sheet_model import MADE, MARK, WIDTHS, Group, SheetModel, Wanted, key_of
from station.ui.screens.trips.sheet_search import SheetSearch
from station.ui.screens.trips.sheet_table import SheetTable
from station.ui.widgets.button import button
from station.ui.widgets.card import Card
from station.ui.widgets.chip_delegate import ChipDelegate
from station.ui.widgets.eliding_label import ElidingLabel
from station.ui.widgets.empty import Empty


class DayPage(QWidget):
    """`record_wanted` carries a NIK, `draft_wanted` and `look_wanted` a record id."""

    record_wanted = Signal(str)
    draft_wanted = Signal(str)
    look_wanted = Signal(str)
    add_wanted = Signal()
    plan_wanted = Signal()
    papers_wanted = Signal()
    close_wanted = Signal()
    left = Signal()

    def __init__(self, marking: Marking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marking = marking
        self._trip: Trip | None = None
        self._chosen = ""
        self._step = 0
        self.model = SheetModel(self)
        self.title = ElidingLabel("", "title")
        self._place = ElidingLabel("", "small")
        self._undo = button("trips.undo", _with_key(_("Undo"), "Ctrl+Z"), self._take_back)
        self.search = SheetSearch(self._undo)
        self.chips = GroupChips()
        self.table = SheetTable("trips.sheet", _("People of the trip"))
        self.table.show_model(self.model, WIDTHS, (2, 1))
        for column in (MARK, MADE):
            self.table.setItemDelegateForColumn(column, ChipDelegate(self.table))
        self._empty = Empty("mdi6.account-search-outline")
        self._list = QStackedWidget()
        self.pane = PersonPane()
        self.pane.setFixedWidth(min(theme.px(300), 380))
        self._add = button("trips.add", _with_key(_("Add person"), "Ctrl+T"), self.add_wanted.emit)
        self._plan = button("trips.plan", _("Preparation"), self.plan_wanted.emit)
        self._papers = button("trips.papers", _with_key(_("List"), "Ctrl+P"), self.papers_wanted.emit)
        self._close = button("trips.close", _close_text(), self.close_wanted.emit, "primary")
        self._back = button("trips.back", _("‹ All trips"), self.left.emit, "link")
        self._connect()
        self._arrange()

    def entered(self) -> None:
        """Place the focus where names are typed."""
        self.search.take_keyboard()

    def show_sheet(self, sheet: Sheet) -> None:
        """The sheet as it is now; the chosen person stays chosen."""
        if self._trip is None or self._trip.trip_id != sheet.trip.trip_id:
            self._begin()
        self._trip = sheet.trip
        village = sheet.village.name if sheet.village else sheet.trip.plan.village
        self.title.setText(f"{village} · {shown.day(sheet.trip.plan.day)}")
        self._place.setText(_place(sheet))
        self.search.show_units(sheet)
        row = self.table.currentIndex().row()
        self.model.replace(sheet)
        self._choose_again(row)
        self.chips.show_counts(self.model)
        frozen = not sheet.trip.open
        self._add.setVisible(not frozen)
        self._plan.setVisible(not frozen)
        self._undo.setVisible(not frozen)
        self._undo.setEnabled(self._marking.can_undo)
        self._close.setText(_("Report") if frozen else _close_text())

    def show_person(self, key: str) -> None:
        """Choose one person, whatever was looked for."""
        self.search.clear()
        self.chips.choose(Group.ALL)
        self._chosen = key
        self._look_for(Wanted())
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------------------------------------- looking

    def _begin(self) -> None:
        """Another trip: nothing is typed, nobody is chosen."""
        self._chosen = ""
        self.search.clear()
        self.chips.choose(Group.ALL)
        self.model.wanted = Wanted()

    def _look_for(self, wanted: Wanted) -> None:
        self.model.look_for(wanted)
        self._choose_again(0)

    def _searched(self, wanted: Wanted) -> None:
        if wanted.text != self.model.wanted.text:
            self._chosen = ""  # whoever fits best is meant now
        self._look_for(wanted)

    def _choose_again(self, row: int) -> None:
        """The person that was chosen; otherwise who stands in their place now."""
        rows = self.model.rows
        self._list.setCurrentIndex(0 if rows else 1)
        if not rows:
            self._say_empty()
            self._show_chosen()
            return
        found = self.model.row_of(self._chosen)
        place = (found + self._step) if found >= 0 else row
        self._step = 0
        self.table.selectRow(min(max(place, 0), len(rows) - 1))
        self._show_chosen()

    def _show_chosen(self) -> None:
        row = self.row
        self._chosen = key_of(row) if row else ""
        self.pane.show_row(row, frozen=not (self._trip and self._trip.open))

    @property
    def row(self) -> SheetRow | None:
        """The chosen person."""
        at = self.table.currentIndex().row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    def _say_empty(self) -> None:
        if self.model.wanted.text.strip():
            self._empty.say(
                _("Nobody of this name"), _("Type fewer letters. Somebody who is not on the list is added with Ctrl+T.")
            )
        elif self.model.wanted != Wanted():
            self._empty.say(_("Nobody here"), _("Choose another RT or another filter."))
        else:
            self._empty.say(
                _("Nobody is on the sheet yet"), _("Add people with Ctrl+T, or record them: they appear here.")
            )

    # ------------------------------------------------------------------------------------------------------- marking

    def mark(self, wanted: Mark) -> None:
        """Mark the chosen person and go on to the next, as a list is read aloud."""
        row = self.row
        if row is None or self._trip is None or not self._trip.open:
            return
        # Who falls out of the list that is shown makes room for the next one by that.
        stays = self.model.wanted.group is Group.ALL
        self._step = 1 if stays and wanted is not Mark.PRESENT else 0
        self._marking.mark(row.person.nik, wanted)

    def _take_back(self) -> None:
        if self._marking.can_undo:
            self._marking.take_back()

    def _stay(self) -> None:
        """Nothing was marked: the same person stays chosen."""
        self._step = 0

    def _record(self) -> None:
        row = self.row
        if row is None:
            return
        match row.made:
            case Made.INCOMPLETE:
                self.draft_wanted.emit(row.record_id)
            case Made.RECORDED:
                self.look_wanted.emit(row.record_id)
            case Made.NOTHING if self._trip is not None and self._trip.open:
                self.record_wanted.emit(row.person.nik)

    # ---------------------------------------------------------------------------------------------------- made once

    def _connect(self) -> None:
        self._marking.failed.connect(self._stay)
        self.search.changed.connect(self._searched)
        self.search.entered.connect(self.table.setFocus)
        self.chips.chosen.connect(self.search.choose)
        self.table.selected.connect(lambda _row: self._show_chosen())
        self.table.opened.connect(lambda _row: self._record())
        self.table.marked.connect(self.mark)
        self.pane.marked.connect(self.mark)
        self.pane.record_wanted.connect(self._record)
        self.pane.explained.connect(
            lambda why, words: self._marking.explain(self.row.person.nik, why, words) if self.row else None
        )
        self.pane.removed.connect(lambda: self._marking.remove(self.row.person.nik) if self.row else None)
        for keys, action in {
            "Ctrl+F": self.entered,
            "Ctrl+Z": self._take_back,
            "Ctrl+T": self.add_wanted.emit,
            "Ctrl+P": self.papers_wanted.emit,
            "Ctrl+R": self.close_wanted.emit,
        }.items():
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    def _arrange(self) -> None:
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        who.addWidget(self.title)
        who.addWidget(self._place)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(who, 1)
        for widget in (self._plan, self._papers, self._add, self._close):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignBottom)
        surface = Card(margin=8)
        self._list.addWidget(self.table)
        self._list.addWidget(self._empty)
        surface.body.addWidget(self._list)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.search)
        left.addWidget(surface, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addLayout(left, 1)
        columns.addWidget(self.pane)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.chips)
        layout.addLayout(columns, 1)


def _close_text() -> str:
    return _with_key(_("Reconcile and close"), "Ctrl+R")


def _with_key(text: str, key: str) -> str:
    """The key stands on the button while there is room; at large text the words need it."""
    return f"{text} · {key}" if theme.px(100) <= 120 else text


def _place(sheet: Sheet) -> str:
    plan = sheet.trip.plan
    targets = sheet.trip.targets
    listed = _("list version {version}").format(version=targets.version) if targets else _("without a list")
    parents = sheet.village.parents if sheet.village else ""
    return " · ".join(part for part in (plan.place, parents, listed) if part)
