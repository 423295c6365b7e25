"""The tabs of the panel: queue, needs repair, history, technical notes, lanes. Reads nothing itself."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from station.domain.delivery import Counts, Stage
from station.domain.mark import N_
from station.i18n import _
from station.ui import theme
from station.ui.format import thousands
from station.ui.models import lanes, technical
from station.ui.models.lanes import LanesModel
from station.ui.models.packets import HISTORY, QUEUE, REPAIR, Column, PacketsModel
from station.ui.models.technical import TechnicalModel
from station.ui.widgets.card import Card, rule
from station.ui.widgets.chip_delegate import BarDelegate, ChipDelegate
from station.ui.widgets.empty import Empty
from station.ui.widgets.plain_tip import plain_tip
from station.ui.widgets.table import Table

PAGE = 200


class Tab(StrEnum):
    """One tab."""

    QUEUE = "queue"
    REPAIR = "repair"
    HISTORY = "history"
    NOTES = "notes"
    LANES = "lanes"


STAGES: dict[Tab, tuple[Stage, ...]] = {
    Tab.QUEUE: (Stage.QUEUED, Stage.SENDING),
    Tab.REPAIR: (Stage.PARKED, Stage.REJECTED),
    Tab.HISTORY: (Stage.RECEIPTED,),
}
_TITLES = {
    Tab.QUEUE: N_("Queue"),
    Tab.REPAIR: N_("Needs repair"),
    Tab.HISTORY: N_("History"),
    Tab.NOTES: N_("Technical notes"),
    Tab.LANES: N_("Lanes"),
}
_COLUMNS: dict[Tab, tuple[Column, ...]] = {Tab.QUEUE: QUEUE, Tab.REPAIR: REPAIR, Tab.HISTORY: HISTORY}
_GIVE_WAY: dict[Tab, tuple[int, ...]] = {
    Tab.QUEUE: (3, 2, 4, 5),
    Tab.REPAIR: (2, 1),
    Tab.HISTORY: (2, 3, 5),
    Tab.NOTES: (1, 2, 4),
    Tab.LANES: (3,),
}
_LEAST_LEFT = 130
"""Design pixels for the widest column; a name of usual length, beside a column of other cards."""
_LEAST_WORDS = 230
"""And for a sentence."""
_LOW_ROW, _TWO_LINES, _LEAST_TABLE = 32, 44, 190
_EMPTY = {
    Tab.QUEUE: (N_("Nothing is waiting"), N_("What you seal appears here and goes by itself.")),
    Tab.REPAIR: (N_("Nothing to repair"), N_("What central refuses, or what cannot go on alone, appears here.")),
    Tab.HISTORY: (N_("Nothing has been sent yet"), N_("Every packet with a verified receipt appears here.")),
    Tab.NOTES: (N_("No technical notes"), N_("Attempts that did not succeed appear here, with their request id.")),
    Tab.LANES: (N_("No lane has run yet"), N_("They start when the station first reaches for central.")),
}
_NOT_FOUND = (N_("Nothing like that here"), N_("Try part of a name, of the record id or of the receipt number."))


class PacketTabs(Card):
    """`turned` carries the Tab that is shown now; `chosen` says that the selection changed; `opened` a row's Enter."""

    turned = Signal(object)
    chosen = Signal()
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, margin=12, spacing=0)
        self.tab = Tab.QUEUE
        self.packets = {tab: PacketsModel(columns, PAGE, self) for tab, columns in _COLUMNS.items()}
        self.notes = TechnicalModel(self)
        self.lanes = LanesModel(self)
        self.tables: dict[Tab, Table] = {}
        self._buttons: dict[Tab, QPushButton] = {}
        self._pages: dict[Tab, QStackedWidget] = {}
        self._empty: dict[Tab, Empty] = {}
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(theme.px(_LEAST_TABLE))
        self.foot = QVBoxLayout()
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addStrut(theme.px(36))
        group = QButtonGroup(self)
        for tab in Tab:
            head.addWidget(self._button(tab, group))
            self._stack.addWidget(self._page(tab))
        head.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(rule())
        self.body.addWidget(self._stack, 1)
        self.body.addLayout(self.foot)

    def show_counts(self, counts: Counts) -> None:
        """Numbers beside the titles."""
        number = {Tab.QUEUE: counts.waiting + counts.carried, Tab.REPAIR: counts.parked + counts.rejected}
        for tab, button in self._buttons.items():
            n = number.get(tab, 0)
            button.setText(f"{_(_TITLES[tab])} {thousands(n)}" if n else _(_TITLES[tab]))

    def settle(self, sought: bool = False) -> None:
        """After the models changed: table or empty state, and what the selection is now."""
        page, filled = self._pages[self.tab], self.table.model().rowCount() > 0
        if not filled:
            title, todo = _NOT_FOUND if sought else _EMPTY[self.tab]
            self._empty[self.tab].say(_(title), _(todo))
        page.setCurrentIndex(0 if filled else 1)
        self.chosen.emit()

    def turn(self, tab: Tab) -> None:
        """Show another tab."""
        self.tab = tab
        self._buttons[tab].setChecked(True)
        self._stack.setCurrentIndex(list(Tab).index(tab))
        self.turned.emit(tab)
        self.chosen.emit()

    @property
    def table(self) -> Table:
        """The table of the tab that is shown."""
        return self.tables[self.tab]

    def _button(self, tab: Tab, group: QButtonGroup) -> QPushButton:
        button = QPushButton(_(_TITLES[tab]))
        button.setObjectName(f"sync.tab.{tab.value}")
        button.setAccessibleName(_(_TITLES[tab]))
        button.setProperty("look", "tab")
        button.setCheckable(True)
        button.setAutoDefault(True)
        button.setChecked(tab is self.tab)
        button.clicked.connect(lambda _checked=False: self.turn(tab))
        keys = f"Ctrl+{list(Tab).index(tab) + 1}"
        button.setToolTip(plain_tip(keys))
        QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        group.addButton(button)
        self._buttons[tab] = button
        return button

    def _page(self, tab: Tab) -> QStackedWidget:
        table = self._filled(tab)
        table.selectionModel().selectionChanged.connect(lambda _on, _off: self.chosen.emit())
        table.opened.connect(self.opened)
        self.tables[tab] = table
        empty = self._empty[tab] = Empty("mdi6.inbox-outline")
        empty.say(_(_EMPTY[tab][0]), _(_EMPTY[tab][1]))
        page = QStackedWidget()
        page.addWidget(table)
        page.addWidget(empty)
        page.setCurrentIndex(1)
        self._pages[tab] = page
        return page

    def _filled(self, tab: Tab) -> Table:
        """The table of `tab` with its model."""
        table = Table(f"sync.table.{tab.value}", _(_TITLES[tab]))
        give_way = _GIVE_WAY[tab]
        match tab:
            case Tab.NOTES:
                table.show_model(self.notes, technical.WIDTHS, give_way, _LEAST_WORDS)
            case Tab.LANES:
                table.show_model(self.lanes, lanes.WIDTHS, give_way, _LEAST_WORDS)
                table.setItemDelegateForColumn(lanes.CHIP, ChipDelegate(table, _LOW_ROW))
                table.let_rows_grow(theme.px(_LOW_ROW), theme.px(_TWO_LINES))
            case _:
                widths = tuple(column.width for column in _COLUMNS[tab])
                table.show_model(self.packets[tab], widths, give_way, _LEAST_LEFT)
                _paint_cells(table, _COLUMNS[tab])
        return table


def _paint_cells(table: Table, columns: tuple[Column, ...]) -> None:
    for place, column in enumerate(columns):
        if column.label is not None:
            table.setItemDelegateForColumn(place, ChipDelegate(table))
        elif column.bar:
            table.setItemDelegateForColumn(place, BarDelegate(table))
