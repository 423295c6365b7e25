"""People to practise with in training mode: one is chosen with a click or Enter. Knows no desk and no scene."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from station.i18n import _
from station.ui.form.number_entry import grouped
from station.ui.widgets.card import Card, label


class People(QListView):
    """One stop for Tab; arrows walk, Enter takes."""

    taken = Signal(int)  # row

    def __init__(self, lines: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("applicant.practice")
        self.setAccessibleName(_("People to practise with"))
        self.setProperty("look", "list")
        self.setModel(QStringListModel(list(lines), self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.clicked.connect(self._take)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.currentIndex())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.model().index(0, 0))

    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            self.taken.emit(index.row())


class PracticeList(Card):
    """`chosen` carries a NIK."""

    chosen = Signal(str)

    def __init__(self, people: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(_("People to practise with"), parent, margin=22)
        self._people = tuple(people)
        self.body.addWidget(label(_("Choose one and press Enter: the NIK is filled in."), "muted", wrap=True))
        self.list = People([f"{grouped(nik)}   {name}" for nik, name in self._people])
        self.list.taken.connect(lambda row: self.chosen.emit(self._people[row][0]))
        self.body.addWidget(self.list, 1)
