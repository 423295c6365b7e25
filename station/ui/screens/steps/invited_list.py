"""Who is to be invited again, because a finger or an eye could not be captured for a while. Knows no desk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from station.desk.exceptions import Invited
from station.i18n import _
from station.ui.screens.steps.draft_list import OpenButton
from station.ui.widgets.card import Card, label

MOST = 3
"""The first to come; the rest is a number."""


class InvitedList(Card):
    """`chosen` carries the record of somebody who is looked at. What is wrong with them is not said here."""

    chosen = Signal(str)  # record id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, margin=18)
        self.buttons: list[QPushButton] = []
        self._heading = label("", "h2", wrap=True, name="applicant.invited")
        self.body.addWidget(self._heading)
        self._inside = QWidget()
        self.body.addWidget(self._inside)
        self.hide()

    def show_invited(self, invited: Sequence[Invited]) -> None:
        """Nobody hides the card."""
        self.setVisible(bool(invited))
        self._heading.setText(_("To be invited again this week: {count}").format(count=len(invited)))
        self.buttons.clear()
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        for row, item in enumerate(invited[:MOST]):
            grid.addWidget(label(item.name or item.registration_no, "strong", wrap=True), 2 * row, 0)
            told = _("from {day}").format(day=f"{item.on:%d-%m-%Y}")
            grid.addWidget(label(told, "small"), 2 * row + 1, 0)
            look = OpenButton(_("Look at it"))
            look.setObjectName(f"applicant.invited.{item.record_id}")
            look.setAccessibleName(f"{_('Look at it')}: {item.name}")
            look.clicked.connect(lambda _checked=False, record_id=item.record_id: self.chosen.emit(record_id))
            grid.addWidget(look, 2 * row, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
            self.buttons.append(look)
        self.body.replaceWidget(self._inside, fresh)
        self._inside.deleteLater()
        self._inside = fresh
