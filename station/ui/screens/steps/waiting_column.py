"""Beside the line of the start page: who may go to the booth, what is unfinished, who was sent on, who comes
again. Knows no desk.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from station.desk.waiting_room import WaitingRoom
from station.ui.screens.steps.draft_list import DraftList
from station.ui.screens.steps.invited_list import InvitedList
from station.ui.screens.steps.ready_list import ReadyList
from station.ui.screens.steps.referral_list import ReferralList


class WaitingColumn(QScrollArea):
    """The lists, one below the other; what does not fit is scrolled to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ready = ReadyList()
        self.drafts = DraftList()
        self.drafts.hide()
        self.referrals = ReferralList()
        self.invited = InvitedList()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for widget in (self.ready, self.drafts, self.referrals, self.invited):
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)

    @property
    def stops(self) -> list[QWidget]:
        """What Tab visits, in reading order."""
        return [*self.ready.stops, *self.drafts.buttons, *self.referrals.buttons, *self.invited.buttons]

    def show_room(self, room: WaitingRoom, now: datetime) -> None:
        self.ready.show_drafts(room.ready, room.ready_in_all, now)
        self.drafts.show_drafts(room.unfinished, room.unfinished_in_all, now)
