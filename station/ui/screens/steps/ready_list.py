"""Who the desk has prepared: the next ten at the door of the booth. Enter, a click or a typed number calls one in.

Knows no desk: whether it is somebody's turn is asked by whoever hears of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QSizePolicy, QWidget

from station.desk.waiting_room import Waiting
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.nik import mask_nik
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import theme, words
from station.ui.screens.steps.ready_row import FACTS_ROLE, NAME_ROLE, NUMBER_ROLE, WAIT_ROLE, ReadyRow
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label

MOST_DIGITS = 4
"""Of a number: no office gives out ten thousand in a day."""


class ReadyView(QListView):
    """One stop for Tab; arrows walk, Enter takes."""

    taken = Signal(int)  # row
    digit = Signal(str)  # somebody begins to type a number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("applicant.ready")
        self.setAccessibleName(_("Ready to be recorded"))
        self.setProperty("look", "list")
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setItemDelegate(ReadyRow(self))
        self.setModel(QStandardItemModel(self))
        self.clicked.connect(lambda index: self.taken.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.taken.emit(self.currentIndex().row())
        elif digit.isascii() and digit.isdigit():
            self.digit.emit(digit)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.model().index(0, 0))


class ReadyList(Card):
    """`chosen` carries the record id of who is called in, `number_wanted` a number that was typed."""

    chosen = Signal(str)
    number_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, margin=18)
        self._drafts: tuple[Waiting, ...] = ()
        self._heading = label("", "h2", wrap=True, name="applicant.ready.heading")
        self._given = label("", "strong", wrap=True, name="applicant.ready.given")
        self._given.hide()
        hint = _("Enter on the empty line calls in the first; a number calls that person.")
        self._hint = label(hint, "small", wrap=True)
        self._rest = label("", "muted", wrap=True, name="applicant.ready.rest")
        self.view = ReadyView()
        self.view.taken.connect(self.take)
        self.view.digit.connect(self._begin_number)
        self._number = QLineEdit()
        self._number.setObjectName("applicant.ready.number")
        self._number.setAccessibleName(_("Number to be called"))
        self._number.setPlaceholderText(_("Number"))
        self._number.setMaxLength(MOST_DIGITS)
        self._number.setFixedWidth(theme.px(92))
        self._call = button("applicant.ready.call", _("Call this number"), self._call_number)
        self._number.returnPressed.connect(self._call_number)
        self._number.textEdited.connect(self._only_digits)
        self._said = label("", "small", wrap=True, name="applicant.ready.said")
        self._said.setProperty("tone", "bad")
        self._said.hide()
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def _lay_out(self) -> None:
        """The number stands above the list: ten people fill a small screen."""
        self.body.addWidget(self._heading)
        self.body.addWidget(self._given)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._number)
        row.addWidget(self._call)
        row.addStretch(1)
        self.body.addLayout(row)
        for widget in (self._said, self.view, self._rest, self._hint):
            self.body.addWidget(widget)

    @property
    def count(self) -> int:
        return len(self._drafts)

    @property
    def stops(self) -> list[QWidget]:
        """What Tab visits, in reading order."""
        return [self._number, self._call, self.view]

    def show_given(self, draft: Draft) -> None:
        """Somebody has just got a number: the officer says it to them."""
        told = _("{name} has number {number}.").format(name=draft.record.name, number=draft.ticket)
        self._given.setText(told)
        self._given.show()

    def say_no_such_number(self, error: StationError) -> None:
        """What was typed calls nobody."""
        self._said.setText(str(words.of_error(error)))
        self._said.show()
        self._number.selectAll()
        self._number.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_drafts(self, drafts: Sequence[Waiting], in_all: int, now: datetime) -> None:
        """The first ones, oldest first, and how many wait in all; nobody hides the card."""
        self._drafts = tuple(drafts)
        self.setVisible(bool(drafts))
        self._heading.setText(_("Ready to be recorded: {count}").format(count=in_all))
        more = in_all - len(drafts)
        self._rest.setVisible(more > 0)
        text = ngettext("and {count} more person after them", "and {count} more people after them", more)
        self._rest.setText(text.format(count=more))
        model = self.view.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        for draft in drafts:
            model.appendRow(_item(draft, now))
        self.view.setFixedHeight(len(drafts) * self.view.sizeHintForRow(0) + 6 if drafts else 0)

    def take(self, row: int = 0) -> None:
        """Call in the one at `row`."""
        if 0 <= row < len(self._drafts):
            self._given.hide()
            self.chosen.emit(self._drafts[row].record.record_id)

    def _begin_number(self, digit: str) -> None:
        self._number.setText(digit)
        self._number.setFocus(Qt.FocusReason.OtherFocusReason)
        self._number.end(False)
        self._said.hide()

    def _only_digits(self, text: str) -> None:
        self._said.hide()
        kept = "".join(char for char in text if char.isascii() and char.isdigit())
        if kept != text:
            self._number.setText(kept)

    def _call_number(self) -> None:
        text = self._number.text()
        if not text:
            self._said.setText(_("Type a number first."))
            self._said.show()
            self._number.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._given.hide()
        self._number.clear()
        self.number_wanted.emit(int(text))


def _item(draft: Waiting, now: datetime) -> QStandardItem:
    number = str(draft.ticket) if draft.counts else "–"
    waited = shown.span(now - draft.ready_at) if draft.ready_at else ""
    item = QStandardItem()
    name = draft.record.name or _("No name yet")
    born = _("born {day}").format(day=shown.iso_day(draft.birth_date)) if draft.birth_date else ""
    facts = " · ".join(fact for fact in (born, mask_nik(draft.record.nik)) if fact)
    item.setData(number, NUMBER_ROLE)
    item.setData(name, NAME_ROLE)
    item.setData(facts, FACTS_ROLE)
    item.setData(waited, WAIT_ROLE)
    item.setData(f"{number}. {name}, {facts}, {waited}", Qt.ItemDataRole.AccessibleTextRole)
    item.setEditable(False)
    return item
