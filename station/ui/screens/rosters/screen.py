"""Daftar sasaran: the lists here, those on their way, importing from a stick, wiping one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout

from station.desk import bundle_inbox, rosters
from station.desk.bundle_inbox import OnTheWay
from station.desk.office import Office
from station.domain.errors import StationError
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.target import RosterCard
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import words
from station.ui.context import Context
from station.ui.librarian import Reading
from station.ui.screen import Screen
from station.ui.screens.rosters.reading_card import ReadingCard
from station.ui.screens.rosters.roster_model import EXPIRES, WIDTHS, RosterModel
from station.ui.timer import timer
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip_delegate import ChipDelegate
from station.ui.widgets.empty import Empty
from station.ui.widgets.table import Table

_LOOK_MS = 1000

Found = tuple[tuple[RosterCard, ...], tuple[OnTheWay, ...]]


class RostersScreen(Screen):
    """Imports go on when another screen is opened: the librarian does them, this screen only shows."""

    key = "rosters"
    title = N_("Target lists")
    icon = "mdi6.account-group-outline"
    shortcut = "Ctrl+D"
    permission = Permission.READ_PERSON

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.model = RosterModel(self)
        self.table = Table("rosters.table", _("Target lists"))
        self.table.show_model(self.model, WIDTHS, (5, 4))
        self.table.setItemDelegateForColumn(EXPIRES, ChipDelegate(self.table))
        self.table.selected.connect(lambda _row: self._show_actions())
        self.said = Banner()
        self.said.setObjectName("rosters.said")
        self.reading = ReadingCard(context.librarian.stop_reading)
        self._coming = label(role="muted", wrap=True, name="rosters.coming")
        self._import = button("rosters.import", _("Import from a stick · Ctrl+O"), self.ask_file, "primary")
        self._wipe = button("rosters.wipe", _("Wipe"), self._ask_wipe, "danger")
        self._sure = button("rosters.wipe.sure", _("Yes, wipe the list"), self._wipe_chosen, "danger")
        self._first = button("rosters.first", _("Import from a stick"), self.ask_file, "primary")
        self._empty = Empty("mdi6.account-group-outline", self._first)
        self._empty.say(
            _("No target list yet"),
            _(
                "Central sends the list of your area by itself once there is a network. "
                "Without a network, ask the Dinas for the file on a stick."
            ),
        )
        self._pages = QStackedWidget()
        self._second = timer(self, _LOOK_MS, self._read, repeat=True)
        QShortcut(QKeySequence("Ctrl+O"), self).activated.connect(self.ask_file)
        self._connect()
        self._arrange()
        self._show_actions()

    def opened(self) -> None:
        self._read()
        self._second.start()
        self.said.clear()
        (self.table if self.model.rows else self._first).setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_file(self) -> None:
        """Let a person point at the file; the import itself is the librarian's."""
        if self.context.librarian.busy:
            return
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Import a target list"), "", _("Target lists (*.roster)"))
        if chosen:
            self.said.clear()
            self.context.librarian.import_file(Path(chosen))

    # ----------------------------------------------------------------------------------------------------- showing

    def _connect(self) -> None:
        librarian = self.context.librarian
        librarian.changed.connect(self._read)
        librarian.reading.connect(self._show_reading)
        librarian.taken.connect(self._show_taken)
        librarian.refused.connect(self._show_refused)

    def _read(self) -> None:
        office = self.context.office
        if office is None or not self.isVisible():
            self._second.stop()
            return
        self.context.tasks.run(lambda: _found(office), self._show_found)

    def _show_found(self, found: Found) -> None:
        cards, coming = found
        if list(cards) != self.model.rows:
            row = self.table.currentIndex().row()
            self.model.replace(cards, self.context.clock.now())
            self.table.selectRow(min(max(row, 0), len(cards) - 1))
        self._pages.setCurrentIndex(0 if cards else 1)
        self._coming.setText("\n".join(_coming_words(coming)))
        self._coming.setVisible(bool(coming))
        self._show_actions()

    def _show_reading(self, reading: Reading | None) -> None:
        self.reading.show_reading(reading)
        self._import.setEnabled(reading is None)
        self._first.setEnabled(reading is None)

    def _show_taken(self, card: RosterCard) -> None:
        told = ngettext("{n} person", "{n} people", card.people).format(n=shown.thousands(card.people))
        self.said.say(
            _("The target list of {area} is ready: {people}.").format(area=card.area_name, people=told), "", "ok"
        )

    def _show_refused(self, problem: StationError) -> None:
        said = words.of_error(problem)
        self.said.say(said.title, said.todo, "bad")

    # ------------------------------------------------------------------------------------------------------ wiping

    def _chosen(self) -> RosterCard | None:
        row = self.table.currentIndex().row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    def _show_actions(self) -> None:
        self._sure.hide()
        self._import.setVisible(bool(self.model.rows))
        self._wipe.setVisible(self._chosen() is not None)

    def _ask_wipe(self) -> None:
        """Wiping cannot be undone, so it takes a second press; choosing another line forgets the first."""
        self._wipe.hide()
        self._sure.show()
        self._sure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _wipe_chosen(self) -> None:
        card = self._chosen()
        if card is not None:
            self.context.librarian.drop(card.area, card.version)
        self._show_actions()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(_("Target lists"), "title"))
        head.addStretch(1)
        for widget in (self._wipe, self._sure, self._import):
            head.addWidget(widget)
        surface = Card(margin=8)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._empty)
        surface.body.addWidget(self._pages)
        told = label(
            _("A list stays encrypted, and is wiped by itself on the day it expires."), "small", name="rosters.rule"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.said)
        layout.addWidget(self.reading)
        layout.addWidget(self._coming)
        layout.addWidget(surface, 1)
        layout.addWidget(told)
        self.setTabOrder(self._import, self.table)


def _found(office: Office) -> Found:
    """The lists here and those on their way. Runs on the desk thread."""
    return rosters.cards(office), bundle_inbox.on_the_way(office.depot)


def _coming_words(coming: Sequence[OnTheWay]) -> list[str]:
    """`99.01 version 4 is on its way: 12,3 of 60,1 MB.`"""
    lines = []
    for item in coming:
        if item.arrived:
            lines.append(_("The list of {area}, version {version}, has arrived.").format(
                area=item.area, version=item.version
            ))  # fmt: skip
        else:
            lines.append(_("The list of {area}, version {version}, is on its way: {have} of {all}.").format(
                area=item.area, version=item.version, have=shown.size(item.have), all=shown.size(item.size)
            ))  # fmt: skip
    return lines
