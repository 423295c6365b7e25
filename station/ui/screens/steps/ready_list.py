"""Who the desk has prepared: the next ten at the door of the booth. A number, Enter or a click calls one in.

Knows no desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QSizePolicy, QWidget

from station.desk.waiting_room import Waiting
from station.domain.nik import mask_nik
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.screens.steps.ready_row import FACTS_ROLE, NAME_ROLE, NUMBER_ROLE, WAIT_ROLE, ReadyRow
from station.ui.widgets.card import Card, label


class ReadyView(QListView):
    """One stop for Tab; arrows walk, Enter and the numbers take."""

    taken = Signal(int)  # row

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
            self.taken.emit((int(digit) - 1) % 10)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.model().index(0, 0))


class ReadyList(Card):
    """`chosen` carries the record id of who is called in."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, margin=18)
        self._drafts: tuple[Waiting, ...] = ()
        self._heading = label("", "h2", wrap=True, name="applicant.ready.heading")
        self._hint = label(
            _("Enter on the empty line calls in the first; numbers work in this list."), "small", wrap=True
        )
        self._rest = label("", "muted", wrap=True, name="applicant.ready.rest")
        self.view = ReadyView()
        self.view.taken.connect(self.take)
        for widget in (self._heading, self.view, self._rest, self._hint):
            self.body.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def count(self) -> int:
        return len(self._drafts)

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
        for place, draft in enumerate(drafts, start=1):
            model.appendRow(_item(place, draft, now))
        self.view.setFixedHeight(len(drafts) * self.view.sizeHintForRow(0) + 6 if drafts else 0)

    def take(self, row: int = 0) -> None:
        """Call in the one at `row`."""
        if 0 <= row < len(self._drafts):
            self.chosen.emit(self._drafts[row].record.record_id)


def _item(place: int, draft: Waiting, now: datetime) -> QStandardItem:
    waited = shown.span(now - draft.ready_at) if draft.ready_at else ""
    item = QStandardItem()
    name = draft.record.name or _("No name yet")
    born = _("born {day}").format(day=shown.iso_day(draft.birth_date)) if draft.birth_date else ""
    facts = " · ".join(fact for fact in (born, mask_nik(draft.record.nik)) if fact)
    item.setData(str(place % 10), NUMBER_ROLE)
    item.setData(name, NAME_ROLE)
    item.setData(facts, FACTS_ROLE)
    item.setData(waited, WAIT_ROLE)
    item.setData(f"{place}. {name}, {facts}, {waited}", Qt.ItemDataRole.AccessibleTextRole)
    item.setEditable(False)
    return item
