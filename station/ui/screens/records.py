"""Daftar rekaman: search, filters with counts, the list, and the journey of the chosen record."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout

from station.desk import records, signin, villages
from station.desk.office import Office
from station.domain.mark import N_
from station.domain.record import State
from station.domain.rows import Filter, Timeline
from station.i18n import _
from station.ui import theme
from station.ui.context import Context
from station.ui.models.records import PAGE, STATE, Found, RecordsModel
from station.ui.screen import Screen
from station.ui.timer import timer
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip_delegate import ChipDelegate
from station.ui.widgets.empty import Empty
from station.ui.widgets.filter_chips import FilterChips
from station.ui.widgets.record_pane import RecordPane
from station.ui.widgets.table import Table

_TYPING_MS = 200
_NEWS_MS = 500
_WIDTHS = (150, 0, 150, 150, 110, 220)
_GIVE_WAY = (3, 4, 2)


class RecordsScreen(Screen):
    """`repair_requested` carries the id of a draft to open; `start_requested` asks for a new recording."""

    key = "records"
    title = N_("Records")
    icon = "mdi6.format-list-bulleted"
    shortcut = "F3"

    repair_requested = Signal(str)
    start_requested = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._wanted = ""  # the record to be chosen again after the next read
        self._asked = ""  # the record whose journey was asked for last
        self.model = RecordsModel(self)
        self.model.more_wanted.connect(self._read_more)
        self.filters = FilterChips()
        self.filters.chosen.connect(lambda _which: self.read())
        self.search = self._search_field()
        self.table = Table("records.table", _("Records"))
        self.table.show_model(self.model, _WIDTHS, _GIVE_WAY)
        self.table.setItemDelegateForColumn(STATE, ChipDelegate(self.table))
        self.table.selected.connect(self._chosen)
        self.table.opened.connect(self._open_row)
        self.pane = RecordPane()
        self.pane.setFixedWidth(min(theme.px(324), 400))
        self.pane.resume_wanted.connect(self.repair_requested)
        self.pane.repair_wanted.connect(self._repair)
        self._empty, self._list = self._empty_state(), QStackedWidget()
        self._typing = timer(self, _TYPING_MS, self.read)
        self._news = timer(self, _NEWS_MS, self._read_again)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        context.bridge.records_changed.connect(self._note_news)
        self._arrange()

    def opened(self) -> None:
        self._read_again()
        self.table.setFocus()

    def show_record(self, record_id: str) -> None:
        """Choose one record, whatever filter is on."""
        self.filters.choose(Filter.ALL)
        self.search.clear()
        self._wanted = record_id
        self.read()
        self._read_timeline(record_id)

    def read(self) -> None:
        """Read the first page and the counts again."""
        self._typing.stop()
        office, text, which = self.context.desk, self.search.text(), self.filters.which
        limit = max(PAGE, len(self.model.rows))
        self.context.tasks.run(lambda: _find(office, text, which, 0, limit), self._show)
        self.context.tasks.run(lambda: records.counts(office), self.filters.show_counts)

    def _read_again(self) -> None:
        self._wanted = self._wanted or self._asked
        self.read()
        if self._wanted:
            self._read_timeline(self._wanted)

    def _read_more(self, offset: int) -> None:
        office, text, which = self.context.desk, self.search.text(), self.filters.which
        self.context.tasks.run(lambda: _find(office, text, which, offset, PAGE), self.model.append)

    def _read_timeline(self, record_id: str) -> None:
        self._asked = record_id
        office = self.context.desk
        self.context.tasks.run(lambda: _story(office, record_id), self._show_timeline)

    def _show(self, found: Found) -> None:
        self.model.replace(found, self.context.clock.now())
        self._list.setCurrentIndex(0 if self.model.rows else 1)
        if not self.model.rows:
            self._asked = ""
            self.pane.clear()
            self._say_empty()
        self._choose_again()

    def _choose_again(self) -> None:
        """The row that was chosen; the first one when it is not in this list, so that the pane is never idle."""
        wanted, self._wanted = self._wanted, ""
        row = self.model.row_of(wanted or self._asked)
        if row >= 0:
            self.table.selectRow(row)
        elif self.model.rows and not wanted:
            self.table.selectRow(0)

    def _show_timeline(self, story: tuple[Timeline, dict[str, str]]) -> None:
        timeline, people = story
        if timeline.row.record.record_id != self._asked:
            return  # another row was chosen meanwhile
        self.pane.show_timeline(timeline, people, self.context.clock.now())

    def _chosen(self, row: int) -> None:
        if 0 <= row < len(self.model.rows):
            record_id = self.model.rows[row].record.record_id
            if record_id != self._asked:
                self._read_timeline(record_id)

    def _open_row(self, row: int) -> None:
        record = self.model.rows[row].record
        if record.state is State.DRAFT:
            self.repair_requested.emit(record.record_id)
        elif record.state is State.REJECTED:
            self._repair(record.record_id)

    def _repair(self, record_id: str) -> None:
        office = self.context.desk
        self.context.tasks.run(lambda: records.reopen(office, record_id), self._reopened)

    def _reopened(self, _draft: object) -> None:
        self.context.bridge.records_changed.emit()
        self.repair_requested.emit(self.pane.record_id)

    def _note_news(self) -> None:
        if self.isVisible() and not self._news.isActive():
            self._news.start()

    def _say_empty(self) -> None:
        everything = not self.search.text().strip() and self.filters.which in (Filter.ALL, Filter.DRAFT)
        if self._empty.button is not None:
            self._empty.button.setVisible(everything)
        if self.search.text().strip():
            self._empty.say(_("Nothing found"), _("Type fewer letters, or part of the NIK or registration number."))
        elif self.filters.which is Filter.NEEDS_REPAIR:
            self._empty.say(_("Nothing to repair"), _("Central has refused no record."))
        elif everything:
            self._empty.say(_("No records yet"), _("Press F2 to begin the first recording."))
        else:
            self._empty.say(_("No records here"), _("Choose another filter to see the others."))

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("records.search")
        field.setPlaceholderText(_("Name, NIK or registration number · Ctrl+F"))
        field.setAccessibleName(_("Search records"))
        field.setClearButtonEnabled(True)
        field.setFixedWidth(theme.px(340))
        field.returnPressed.connect(lambda: self.table.setFocus())
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.activated.connect(field.setFocus)
        find.activated.connect(field.selectAll)
        return field

    def _empty_state(self) -> Empty:
        begin = button("records.start", _("New recording · F2"), self.start_requested.emit, "primary")
        return Empty("mdi6.inbox-outline", begin)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(_("Records"), "title"))
        head.addStretch(1)
        head.addWidget(self.search)
        surface = Card(margin=8)
        self._list.addWidget(self.table)
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
        layout.addLayout(below, 1)
        for first, second in ((self.search, self.filters), (self.filters, self.table), (self.table, self.pane)):
            self.setTabOrder(first, second)


def _find(office: Office, text: str, which: Filter, offset: int, limit: int) -> Found:
    """A page with the names of its villages. Runs on the desk thread."""
    page = records.search(office, text, which, offset, limit)
    names = {}
    for code in {row.record.village for row in page.rows}:
        village = villages.village(office, code) if code else None
        if village is not None:
            names[code] = village.name
    return Found(page, names)


def _story(office: Office, record_id: str) -> tuple[Timeline, dict[str, str]]:
    """A timeline with the names of the operators in it. Runs on the desk thread."""
    people = {person.operator_id: person.name for person in signin.operators(office.depot)}
    return records.timeline(office, record_id), people
