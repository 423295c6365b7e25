"""Who was sent to the Dinas today, each with its number and its slip. Knows no desk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from station.domain.referral import Referral
from station.i18n import _
from station.ui.screens.steps.draft_list import OpenButton
from station.ui.widgets.card import Card, label

MOST = 3
"""The newest; the rest is a number."""


class ReferralList(Card):
    """`chosen` carries the referral whose slip is wanted again."""

    chosen = Signal(object)  # Referral

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, margin=18)
        self.buttons: list[QPushButton] = []
        self._heading = label("", "h2", wrap=True, name="applicant.referrals")
        self.body.addWidget(self._heading)
        self._inside = QWidget()
        self.body.addWidget(self._inside)
        self.hide()

    def show_referrals(self, referrals: Sequence[Referral]) -> None:
        """Nobody hides the card."""
        self.setVisible(bool(referrals))
        self._heading.setText(_("Sent to the Dinas today: {count}").format(count=len(referrals)))
        self.buttons.clear()
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        for row, referral in enumerate(referrals[:MOST]):
            grid.addWidget(label(referral.name, "strong", wrap=True), 2 * row, 0)
            grid.addWidget(label(referral.referral_no, "small", wrap=True), 2 * row + 1, 0)
            again = OpenButton(_("Slip"))
            again.setObjectName(f"applicant.slip.{referral.referral_no}")
            again.setAccessibleName(_("Slip of {name}").format(name=referral.name))
            again.clicked.connect(lambda _checked=False, item=referral: self.chosen.emit(item))
            grid.addWidget(again, 2 * row, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
            self.buttons.append(again)
        self.body.replaceWidget(self._inside, fresh)
        self._inside.deleteLater()
        self._inside = fresh
