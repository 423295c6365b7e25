"""Who is to be invited again, because a finger or an eye could not be captured for a while. Knows no desk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from station.desk.inviting import Invited
from station.i18n import _, ngettext
from station.ui.screens.steps.draft_list import OpenButton
from station.ui.widgets.card import Card, label

MOST = 3
"""The first to come; the others are shown when they are asked for."""


class InvitedList(Card):
    """`chosen` carries the Invited who is here. What is wrong with them is not said in this list."""

    chosen = Signal(object)  # Invited
    rearranged = Signal()  # there are other buttons now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, margin=18)
        self.buttons: list[QPushButton] = []
        self._invited: tuple[Invited, ...] = ()
        self._all = False
        self._heading = label("", "h2", wrap=True, name="applicant.invited")
        self.body.addWidget(self._heading)
        self._inside = QWidget()
        self.body.addWidget(self._inside)
        self.hide()

    def show_invited(self, invited: Sequence[Invited]) -> None:
        """Nobody hides the card."""
        self._invited, self._all = tuple(invited), False
        self.setVisible(bool(invited))
        self._heading.setText(_("To be invited again this week: {count}").format(count=len(invited)))
        self._fill()

    def _fill(self) -> None:
        self.buttons.clear()
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        shown = self._invited if self._all else self._invited[:MOST]
        for row, item in enumerate(shown):
            self._add(grid, 2 * row, item)
        if more := len(self._invited) - len(shown):
            text = ngettext("Show {count} more", "Show {count} more", more).format(count=more)
            rest = OpenButton(text)
            rest.setObjectName("applicant.invited.all")
            rest.clicked.connect(self._show_all)
            grid.addWidget(rest, 2 * len(shown), 0, 1, 2)
            self.buttons.append(rest)
        self.body.replaceWidget(self._inside, fresh)
        self._inside.deleteLater()
        self._inside = fresh
        self.rearranged.emit()

    def _add(self, grid: QGridLayout, row: int, item: Invited) -> None:
        grid.addWidget(label(item.name or item.registration_no, "strong", wrap=True), row, 0)
        told = _("from {day}").format(day=f"{item.on:%d-%m-%Y}")
        grid.addWidget(label(told, "small"), row + 1, 0)
        here = OpenButton(_("Is here…"))
        here.setObjectName(f"applicant.invited.{item.record_id}")
        here.setAccessibleName(f"{_('Is here…')} {item.name}")
        here.clicked.connect(lambda _checked=False: self.chosen.emit(item))
        grid.addWidget(here, row, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self.buttons.append(here)

    def _show_all(self) -> None:
        """From here on the keyboard is at the first of those who were not shown before."""
        self._all = True
        self._fill()
        self.buttons[MOST].setFocus(Qt.FocusReason.OtherFocusReason)
