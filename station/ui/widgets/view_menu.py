"""The button beside the search: by what the list is ordered, and which days, service and officer it is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from station.domain.mark import N_
from station.domain.rows import Order, View
from station.domain.service import Service
from station.i18n import _
from station.ui import labels

EVERYTHING = View()
_ORDERS: dict[Order, str] = {
    Order.CHANGED: N_("Last change"),
    Order.STARTED: N_("Recorded"),
    Order.NAME: N_("Name"),
    Order.PLACE: N_("Where"),
    Order.STATE: N_("State"),
    Order.NEWS: N_("News from central"),
}
_DAYS: dict[str, tuple[int, int] | None] = {
    N_("Every day"): None,
    N_("Today"): (0, 0),
    N_("Yesterday"): (1, 1),
    N_("The last 7 days"): (6, 0),
}
"""From how many days ago to how many days ago."""
_TEXTS_FIRST = frozenset({Order.NAME, Order.PLACE, Order.STATE})
SHORTCUT = "Ctrl+U"


def turned(view: View, order: Order) -> View:
    """`view` ordered by `order`: words from A, times from the newest; chosen again, the other way round."""
    descending = not view.descending if view.order is order else order not in _TEXTS_FIRST
    return replace(view, order=order, descending=descending)


class ViewMenu(QPushButton):
    """`chosen` carries the View. `today` is asked each time the menu opens."""

    chosen = Signal(object)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = EVERYTHING
        self._today = today
        self._people: Sequence[tuple[str, str]] = ()
        self.setObjectName("records.view")
        self.setAutoDefault(True)
        self.setShortcut(QKeySequence(SHORTCUT))
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.show_view(EVERYTHING)

    def show_people(self, people: Sequence[tuple[str, str]]) -> None:
        """Who may be chosen, as (id, name)."""
        self._people = people

    def show_view(self, view: View) -> None:
        """Another view, without telling."""
        self.view = view
        said = _("Sort and filter")
        if view.narrows:
            said = " · ".join([said, *self._narrowed()])
        self.setText(said.replace("&", "&&"))
        self.setAccessibleName(said)
        self.setToolTip(f"{said} · {SHORTCUT}")

    def _narrowed(self) -> list[str]:
        facts = []
        if self.view.first_day is not None:
            facts.append(_(self._day_name()))
        if self.view.service is not None:
            facts.append(labels.service(self.view.service))
        if self.view.operator_id:
            facts.append(dict(self._people).get(self.view.operator_id, self.view.operator_id))
        return facts

    def _day_name(self) -> str:
        return next((name for name in _DAYS if self._days(name) == self._chosen_days()), N_("Other days"))

    def _chosen_days(self) -> tuple[date | None, date | None]:
        return self.view.first_day, self.view.last_day

    def _days(self, name: str) -> tuple[date | None, date | None]:
        span = _DAYS[name]
        if span is None:
            return None, None
        return self._today() - timedelta(days=span[0]), self._today() - timedelta(days=span[1])

    def _fill(self) -> None:
        """Made anew each time: the days, and who works here, may have changed."""
        for old in self._menu.findChildren(QMenu):
            old.deleteLater()
        self._menu.clear()
        view = self.view
        orders = [(_(name), order, view.order is order) for order, name in _ORDERS.items()]
        self._choices(self._menu.addMenu(_("Sort by")), orders, self._sort)
        turn = self._menu.addAction(_("Other way round"))
        turn.setCheckable(True)
        turn.setChecked(view.descending is (view.order in _TEXTS_FIRST))
        turn.triggered.connect(lambda _checked: self._choose(turned(self.view, self.view.order)))
        self._menu.addSeparator()
        days = [(_(name), name, self._days(name) == self._chosen_days()) for name in _DAYS]
        self._choices(self._menu.addMenu(_("Day")), days, self._narrow_days)
        services: list[tuple[str, object, bool]] = [(_("Every service"), None, view.service is None)]
        services += [(labels.service(service), service, view.service is service) for service in Service]
        self._choices(self._menu.addMenu(_("Service")), services, self._narrow_service)
        people = [(_("Everybody"), "", not view.operator_id)]
        people += [(name, key, view.operator_id == key) for key, name in self._people]
        self._choices(self._menu.addMenu(_("Officer")), people, self._narrow_operator)
        self._menu.addSeparator()
        everything = self._menu.addAction(_("Show everything"))
        everything.setEnabled(view != EVERYTHING)
        everything.triggered.connect(lambda _checked: self._choose(EVERYTHING))

    def _choices(
        self, menu: QMenu, choices: Sequence[tuple[str, object, bool]], choose: Callable[[object], None]
    ) -> None:
        group = QActionGroup(menu)
        for text, value, checked in choices:
            action = QAction(text.replace("&", "&&"), group)
            action.setCheckable(True)
            action.setChecked(checked)
            action.triggered.connect(lambda _checked, wanted=value: choose(wanted))
            menu.addAction(action)

    def _sort(self, order: object) -> None:
        if isinstance(order, Order) and order is not self.view.order:
            self._choose(turned(self.view, order))

    def _narrow_days(self, name: object) -> None:
        first, last = self._days(str(name))
        self._choose(replace(self.view, first_day=first, last_day=last))

    def _narrow_service(self, service: object) -> None:
        self._choose(replace(self.view, service=service if isinstance(service, Service) else None))

    def _narrow_operator(self, operator_id: object) -> None:
        self._choose(replace(self.view, operator_id=str(operator_id)))

    def _choose(self, view: View) -> None:
        self.show_view(view)
        self.chosen.emit(view)
