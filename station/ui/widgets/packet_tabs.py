"""The tabs of the synchronisation screen: queue, needs repair, history, technical notes. Reads nothing itself."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QWidget

from station.domain.delivery import Counts, Stage
from station.domain.mark import N_
from station.i18n import _
from station.ui import theme
from station.ui.format import thousands
from station.ui.models import technical
from station.ui.models.packets import HISTORY, QUEUE, REPAIR, Column, PacketsModel
from station.ui.models.technical import TechnicalModel
from station.ui.widgets.card import Card, rule
from station.ui.widgets.chip_delegate import BarDelegate, ChipDelegate
from station.ui.widgets.empty import Empty
from station.ui.widgets.table import Table

PAGE = 200


class Tab(StrEnum):
    """One tab."""

    QUEUE = "queue"
    REPAIR = "repair"
    HISTORY = "history"
    NOTES = "notes"


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
}
_COLUMNS: dict[Tab, tuple[Column, ...]] = {Tab.QUEUE: QUEUE, Tab.REPAIR: REPAIR, Tab.HISTORY: HISTORY}
_GIVE_WAY: dict[Tab, tuple[int, ...]] = {Tab.QUEUE: (4, 2, 6, 3), Tab.REPAIR: (3, 2), Tab.HISTORY: (2, 4)}
_EMPTY = {
    Tab.QUEUE: (N_("Nothing is waiting"), N_("What you seal appears here and goes by itself.")),
    Tab.REPAIR: (N_("Nothing to repair"), N_("What central refuses, or what cannot go on alone, appears here.")),
    Tab.HISTORY: (N_("Nothing has been sent yet"), N_("Every packet with a verified receipt appears here.")),
    Tab.NOTES: (N_("No technical notes"), N_("Attempts that did not succeed appear here, with their request id.")),
}


class PacketTabs(Card):
    """`turned` carries the Tab that is shown now; `chosen` says that the selection changed."""

    turned = Signal(object)
    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, margin=12, spacing=0)
        self.tab = Tab.QUEUE
        self.packets = {tab: PacketsModel(columns, PAGE, self) for tab, columns in _COLUMNS.items()}
        self.notes = TechnicalModel(self)
        self.tables: dict[Tab, Table] = {}
        self._pages: dict[Tab, QStackedWidget] = {}
        self._buttons: dict[Tab, QPushButton] = {}
        self._stack = QStackedWidget()
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addStrut(theme.px(36))
        group = QButtonGroup(self)
        for tab in Tab:
            head.addWidget(self._button(tab, group))
            self._stack.addWidget(self._page(tab))
        head.addStretch(1)
        head.addLayout(self.tools)
        self.body.addLayout(head)
        self.body.addWidget(rule())
        self.body.addWidget(self._stack, 1)

    def show_counts(self, counts: Counts) -> None:
        """Numbers beside the titles."""
        number = {Tab.QUEUE: counts.waiting, Tab.REPAIR: counts.parked + counts.rejected}
        for tab, button in self._buttons.items():
            n = number.get(tab, 0)
            button.setText(f"{_(_TITLES[tab])} {thousands(n)}" if n else _(_TITLES[tab]))

    def settle(self) -> None:
        """After the models changed: table or empty state, and what the selection is now."""
        for tab, page in self._pages.items():
            filled = self.notes.rowCount() if tab is Tab.NOTES else self.packets[tab].rowCount()
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
        group.addButton(button)
        self._buttons[tab] = button
        return button

    def _page(self, tab: Tab) -> QStackedWidget:
        table = Table(f"sync.table.{tab.value}", _(_TITLES[tab]))
        if tab is Tab.NOTES:
            table.show_model(self.notes, technical.WIDTHS, (2, 1))
        else:
            table.show_model(self.packets[tab], tuple(column.width for column in _COLUMNS[tab]), _GIVE_WAY[tab])
            for place, column in enumerate(_COLUMNS[tab]):
                if column.label is not None:
                    table.setItemDelegateForColumn(place, ChipDelegate(table))
                elif column.bar:
                    table.setItemDelegateForColumn(place, BarDelegate(table))
        table.selectionModel().selectionChanged.connect(lambda _on, _off: self.chosen.emit())
        self.tables[tab] = table
        empty = Empty("mdi6.inbox-outline")
        empty.say(_(_EMPTY[tab][0]), _(_EMPTY[tab][1]))
        page = QStackedWidget()
        page.addWidget(table)
        page.addWidget(empty)
        page.setCurrentIndex(1)
        self._pages[tab] = page
        return page
