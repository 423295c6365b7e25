"""Daftar rekaman: search, filters with counts, the list, and the journey of the chosen record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout

from station.desk import records, signin, villages
from station.desk.office import Office, Operator
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.record import RecordKey, State
from station.domain.rows import Filter, RecordRow, Timeline, View
from station.i18n import _
from station.ui import theme
from station.ui.context import Context
from station.ui.list_words import nothing_found
from station.ui.models.records import NEWS, ORDERS, PAGE, STATE, Found, RecordsModel
from station.ui.screen import Screen
from station.ui.screens.letters.quiet_bar import QuietBar
from station.ui.timer import timer
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip_delegate import ChipDelegate
from station.ui.widgets.empty import Empty
from station.ui.widgets.filter_chips import FilterChips
from station.ui.widgets.record_pane import RecordPane
from station.ui.widgets.table import Table
from station.ui.widgets.view_menu import EVERYTHING, ViewMenu, turned

_TYPING_MS = 200
_NEWS_MS = 500
_LOOK_MS = 120
"""A row counts as opened when it stays chosen for so long: holding an arrow key reads nobody's data."""
_WIDTHS = (150, 0, 150, 150, 110, 220, 70)
_GIVE_WAY = (4, 3, 2, NEWS, 0)


class RecordsScreen(Screen):
    """`repair_requested` carries the id of a draft to open; `start_requested` asks for a new recording."""

    key = "records"
    title = N_("Records")
    icon = "mdi6.format-list-bulleted"
    shortcut = "F3"
    permission = Permission.READ_PERSON

    repair_requested = Signal(str)
    start_requested = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._wanted = ""  # the record to be chosen again after the next read
        self._current = ""  # the record whose row is chosen: the pane follows a moment later
        self._asked = ""  # the record whose journey was asked for last
        self._viewed = ""  # the record that counts as opened by this officer
        self._repairing = False  # a refused record is being opened
        self.model = RecordsModel(self)
        self.model.more_wanted.connect(self._read_more)
        self.filters = FilterChips()
        self.filters.chosen.connect(lambda _which: self.read())
        self.quiet = QuietBar(context, self._chosen_packets, self)
        self.search = self._search_field()
        self.view = ViewMenu(lambda: context.clock.now().astimezone().date())
        self.view.chosen.connect(lambda _view: self.read())
        self.table = Table("records.table", _("Records"))
        self.table.show_model(self.model, _WIDTHS, _GIVE_WAY)
        self.table.let_sort()
        self.table.order_wanted.connect(self._order_by)
        self.table.setItemDelegateForColumn(STATE, ChipDelegate(self.table))
        self.table.selected.connect(self._chosen)
        self.table.opened.connect(self._open_row)
        self.pane = RecordPane()
        self.pane.setFixedWidth(min(theme.px(324), 400))
        self.pane.resume_wanted.connect(self.repair_requested)
        self.pane.repair_wanted.connect(self._repair)
        self._none, self._list = self._first_state(), QStackedWidget()
        self._empty = Empty("mdi6.text-search", button("records.everything", _("Show everything"), self._everything))
        self._looking = timer(self, _LOOK_MS, self._look)
        self._typing = timer(self, _TYPING_MS, self.read)
        self._news = timer(self, _NEWS_MS, self._read_again)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        context.bridge.records_changed.connect(self._note_news)
        self._arrange()

    def opened(self) -> None:
        depot = self.context.depot
        self.context.tasks.run(lambda: signin.operators(depot), self._show_people)
        self._read_again()
        self.table.setFocus()

    def show_record(self, record_id: str) -> None:
        """Choose one record, whatever filter is on."""
        self._clear()
        self._wanted = self._current = record_id
        self.read()
        self._read_timeline(record_id)

    def read(self) -> None:
        """Read the first page and the counts again."""
        self._typing.stop()
        office, view, limit = self.context.desk, self.view.view, max(PAGE, len(self.model.rows))
        self.model.show_view(view)
        self.context.tasks.run(self._question(0, limit), self._show)
        if self.filters.which is Filter.QUIET:
            self.quiet.read()
        else:
            self.quiet.hide()
        self.context.tasks.run(lambda: records.counts(office, view), self.filters.show_counts)

    def _question(self, offset: int, limit: int) -> Callable[[], Found]:
        office, text, which, view = self.context.desk, self.search.text(), self.filters.which, self.view.view
        return lambda: _find(office, text, which, view, offset, limit)

    def _read_again(self) -> None:
        self._wanted = self._wanted or self._current
        self.read()
        if self._asked:
            self._read_timeline(self._asked)

    def _read_more(self, offset: int) -> None:
        self.context.tasks.run(self._question(offset, PAGE), self.model.append)

    def _read_timeline(self, record_id: str) -> None:
        """The journey of a record. Only the first look at it is noted as one, not each refresh."""
        self._asked = record_id
        office, again = self.context.desk, record_id == self._viewed
        self._viewed = record_id
        self.context.tasks.run(lambda: _story(office, record_id, again=again), self._show_timeline)

    def _show(self, found: Found) -> None:
        if self.context.office is None:
            return  # signed out while it was read
        self.model.replace(found, self.context.clock.now())
        if self.model.rows:
            self._list.setCurrentWidget(self.table)
        else:
            self._looking.stop()
            self._current = self._asked = self._viewed = ""
            self.pane.clear()
            self._say_empty()
        self._choose_again()

    def _choose_again(self) -> None:
        """The row that was chosen; the first one when it is not in this list, so that the pane is never idle."""
        wanted, self._wanted = self._wanted, ""
        row = self.model.row_of(wanted or self._current)
        if row >= 0:
            self.table.choose(row)
        elif self.model.rows and not wanted:
            self.table.choose(0)

    def _show_timeline(self, story: tuple[Timeline, dict[str, str], str]) -> None:
        timeline, people, place = story
        if timeline.row.record.record_id != self._asked:
            return  # another row was chosen meanwhile
        self.pane.show_timeline(timeline, people, place, self.context.clock.now())

    def _chosen(self, row: int) -> None:
        if 0 <= row < len(self.model.rows):
            self._current = self.model.rows[row].record.record_id
            self._looking.start()

    def _look(self) -> None:
        """Show the chosen row in the pane, unless it is there already."""
        signed_out = self.context.office is None
        if self._current and self._current != self._asked and not signed_out:
            self._read_timeline(self._current)

    def _open_row(self, row: int) -> None:
        """Enter: a draft and a refused record go on in the capture screen; any other is read here."""
        record = self.model.rows[row].record
        if record.state is State.DRAFT:
            self.repair_requested.emit(record.record_id)
        elif record.state is State.REJECTED:
            self._repair(record.record_id)
        else:
            self._look()
            self.pane.read_on()

    def _chosen_packets(self) -> tuple[RecordKey, ...]:
        return tuple(self.model.rows[row].record.key for row in self.table.rows() if row < len(self.model.rows))

    def _order_by(self, column: int) -> None:
        order = ORDERS.get(column)
        if order is not None:
            self.view.show_view(turned(self.view.view, order))
            self.read()

    def _show_people(self, people: Sequence[Operator]) -> None:
        self.view.show_people([(person.operator_id, person.name) for person in people])

    def _clear(self) -> None:
        self.filters.choose(Filter.ALL)
        self.search.clear()
        self.view.show_view(EVERYTHING)

    def _everything(self) -> None:
        self._clear()
        self.read()
        self.table.setFocus()

    def _repair(self, record_id: str) -> None:
        """It takes seconds: asked once, and whoever has gone on to other work meanwhile is not taken from it."""
        if self._repairing:
            return
        office, self._repairing = self.context.desk, True
        self.context.tasks.run(lambda: records.reopen(office, record_id), self._reopened, self._not_reopened)

    def _reopened(self, draft: Draft) -> None:
        self._repairing = False
        self.context.bridge.records_changed.emit()
        if self.isVisible():
            self.repair_requested.emit(draft.record.record_id)

    def _not_reopened(self, error: StationError) -> None:
        self._repairing = False
        self.context.tasks.failed.emit(error)

    def _note_news(self) -> None:
        if self.isVisible() and not self._news.isActive():
            self._news.start()

    def _say_empty(self) -> None:
        """Why nothing is shown, and what to do about it."""
        text, which, view = self.search.text().strip(), self.filters.which, self.view.view
        if not text and not view.narrows and which in (Filter.ALL, Filter.DRAFT):
            begins = self.context.desk.may(Permission.ENTER_PERSON)
            todo = _("Press F2 to begin the first recording.") if begins else _("What is recorded here appears here.")
            self._none.say(_("No records yet"), todo)
            self._list.setCurrentWidget(self._none)
        else:
            self._empty.say(*nothing_found(text, which, narrowed=view.narrows))
            self._list.setCurrentWidget(self._empty)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("records.search")
        field.setPlaceholderText(_("Name, NIK or registration number · Ctrl+F"))
        field.setAccessibleName(_("Search records"))
        field.setClearButtonEnabled(True)
        field.setFixedWidth(theme.px(340))
        field.returnPressed.connect(lambda: self.table.setFocus())
        for keys in ("Ctrl+F", "/"):
            find = QShortcut(QKeySequence(keys), self)
            find.activated.connect(field.setFocus)
            find.activated.connect(field.selectAll)
        return field

    def _first_state(self) -> Empty:
        if not self.context.desk.may(Permission.ENTER_PERSON):
            return Empty("mdi6.inbox-outline")
        begin = button("records.start", _("New recording · F2"), self.start_requested.emit, "primary")
        return Empty("mdi6.inbox-outline", begin)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(_("Records"), "title"))
        head.addStretch(1)
        head.addWidget(self.view)
        head.addWidget(self.search)
        surface = Card(margin=8)
        self._list.addWidget(self.table)
        self._list.addWidget(self._none)
        self._list.addWidget(self._empty)
        surface.body.addWidget(self._list)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(surface, 1)
        below.addWidget(self.pane)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.filters)
        layout.addWidget(self.quiet)
        layout.addLayout(below, 1)
        order = (self.view, self.search, self.filters, self.quiet, self.table, self.pane)
        for first, second in pairwise(order):
            self.setTabOrder(first, second)


def _find(office: Office, text: str, which: Filter, view: View, offset: int, limit: int) -> Found:
    """A page with the names of its villages. Runs on the desk thread."""
    page = records.search(office, text, which, offset, limit, view)
    return Found(page, _village_names(office, page.rows))


def _story(office: Office, record_id: str, *, again: bool) -> tuple[Timeline, dict[str, str], str]:
    """A timeline with the names of the operators in it and of the village. Runs on the desk thread."""
    people = {person.operator_id: person.name for person in signin.operators(office.depot)}
    found = (records.timeline if again else records.view)(office, record_id)
    return found, people, _village_names(office, [found.row]).get(found.row.record.village, "")


def _village_names(office: Office, rows: Sequence[RecordRow]) -> dict[str, str]:
    names = {}
    for code in {row.record.village for row in rows}:
        village = villages.village(office, code) if code else None
        if village is not None:
            names[code] = village.name
    return names
