"""Who may work here: role, until when, last sign-in; letting somebody in, and what becomes of the others."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QWidget

from station.desk import appointments, second_factor
from station.desk.appointments import Appointment
from station.domain.mark import N_
from station.domain.permission import Permission
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import labels
from station.ui.context import Context
from station.ui.labels import Label
from station.ui.screens.guard.card import GuardCard
from station.ui.screens.guard.officer_change import OfficerChange
from station.ui.screens.steps.lookups import Lookups
from station.ui.screens.steps.officer_dialog import OfficerDialog
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.chip import Chip

MOST_LEFT = 4
"""So many of those who have left are shown; the audit trail knows them all."""
SOON_DAYS = 14


class OfficersCard(GuardCard):
    """Each officer is two lines and, where whoever is signed in may decide about them, a way to do so."""

    key = "officers"
    title = N_("Officers")
    permission = Permission.ENTER_OFFICER

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lines = QWidget()
        self.finger = QCheckBox(_("Everybody shows a finger after the password"))
        self.finger.setObjectName("guard.officers.finger")
        self.finger.clicked.connect(self._ask_all)
        told = _(
            "Without a scanner, or without a known finger, a supervisor stands in with their password. "
            "Where nobody else could stand in, no finger is asked for."
        )
        self.finger.setToolTip(told)
        self.add = button("guard.officers.add", _("Let somebody in…"), self._add)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        self.body.addWidget(self._lines)
        self.body.addWidget(self.finger)
        self.body.addWidget(label(told, "small", wrap=True))
        self.body.addLayout(foot)

    def opened(self) -> None:
        office = self.context.desk
        self.context.tasks.run(lambda: (appointments.listed(office), second_factor.of_all(office)), self._show)

    def _show(self, found: tuple[tuple[Appointment, ...], bool]) -> None:
        people, of_all = found
        self.finger.setChecked(of_all)
        here = [item for item in people if item.ended_at is None]
        left = sorted((item for item in people if item.ended_at is not None), key=_ended, reverse=True)
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        for row, item in enumerate((*here, *left[:MOST_LEFT])):
            self._add_line(grid, 3 * row, item, of_all=of_all)
        if (more := len(left) - MOST_LEFT) > 0:
            told = ngettext("and {count} more who has left", "and {count} more who have left", more)
            grid.addWidget(label(told.format(count=more), "small"), 3 * (len(here) + MOST_LEFT), 0)
        self.body.replaceWidget(self._lines, fresh)
        self._lines.deleteLater()
        self._lines = fresh
        fresh.show()

    def _add_line(self, grid: QGridLayout, row: int, item: Appointment, *, of_all: bool) -> None:
        grid.addWidget(label(f"{item.name} · {labels.role(item.role)}", "strong", wrap=True), row, 0)
        grid.addWidget(label(self._facts(item, of_all=of_all), "small", wrap=True), row + 1, 0)
        grid.setRowMinimumHeight(row + 2, 6)
        state = self._state(item)
        chip = Chip(state.text, state.tone)
        chip.setProperty("bulk", "small")
        grid.addWidget(chip, row, 1, 2, 1)
        if item.mine:
            text = _("Change…")
            change = button(f"guard.officers.change.{item.operator_id}", text, lambda: self._change(item))
            change.setAccessibleName(f"{text} {item.name}")
            change.setProperty("bulk", "small")
            grid.addWidget(change, row, 2, 2, 1)

    def _facts(self, item: Appointment, *, of_all: bool) -> str:
        facts = []
        if item.last_day is not None and item.ended_at is None:
            facts.append(_("last day {day}").format(day=shown.day(item.last_day)))
        if item.signed_in_at is not None:
            when = shown.when(item.signed_in_at, self.context.clock.now())
            facts.append(_("last sign-in {when}").format(when=when))
        else:
            facts.append(_("never signed in"))
        if item.finger and not of_all:
            facts.append(_("shows a finger"))
        return " · ".join(facts)

    def _state(self, item: Appointment) -> Label:
        if item.ended_at is not None:
            return Label(_("Ended {day}").format(day=shown.day(item.ended_at)), "off")
        if item.over:
            return Label(_("Over"), "bad")
        today = self.context.clock.now().astimezone().date()
        if item.last_day is not None and (item.last_day - today).days <= SOON_DAYS:
            return Label(_("Ends soon"), "warn")
        return Label(_("Works here"), "ok")

    def _change(self, item: Appointment) -> None:
        dialog = OfficerChange(self.context, item, self)
        dialog.changed.connect(self.opened)
        dialog.open()

    def _add(self) -> None:
        dialog = OfficerDialog(Lookups(self.context, self), self)
        dialog.added.connect(lambda _officer: self.opened())
        dialog.open()

    def _ask_all(self, on: bool) -> None:
        office = self.context.desk
        self.context.tasks.run(lambda: second_factor.ask_all(office, on), lambda _none: self.opened())


def _ended(item: Appointment) -> float:
    return item.ended_at.timestamp() if item.ended_at is not None else 0.0
