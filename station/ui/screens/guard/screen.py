"""Pengamanan: how safe the station is, and what to do about it. Knows which cards there are, and nothing they show."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station.domain.mark import N_
from station.domain.permission import Permission
from station.ui.context import Context
from station.ui.screen import Screen
from station.ui.screens.guard.audit_card import AuditCard
from station.ui.screens.guard.backup_card import BackupCard
from station.ui.screens.guard.card import GuardCard
from station.ui.screens.guard.disk_card import DiskCard
from station.ui.screens.guard.keys_card import KeysCard
from station.ui.screens.guard.lost_card import LostCard
from station.ui.screens.guard.officers_card import OfficersCard
from station.ui.screens.guard.power_card import PowerCard
from station.ui.screens.guard.queue_card import QueueCard
from station.ui.screens.guard.retention_card import RetentionCard

CARDS: tuple[tuple[type[GuardCard], ...], ...] = (
    (BackupCard, DiskCard, RetentionCard, PowerCard, QueueCard),
    (OfficersCard, KeysCard, AuditCard, LostCard),
)
"""Two columns, each from top to bottom. A new card is a file and an entry here."""


class GuardScreen(Screen):
    """Shows the cards that whoever is signed in may see."""

    key = "guard"
    title = N_("Security")
    icon = "mdi6.shield-check-outline"
    shortcut = "F9"
    permission = Permission.READ_GUARD

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.cards: list[GuardCard] = []
        columns = QHBoxLayout()
        columns.setSpacing(16)
        for kinds in _columns(context):
            column = QVBoxLayout()
            column.setSpacing(16)
            for kind in kinds:
                card = kind(context)
                self.cards.append(card)
                column.addWidget(card)
            column.addStretch(1)
            columns.addLayout(column, 1)
        inside = QWidget()
        inside.setObjectName("guard.inside")
        inside.setLayout(columns)
        columns.setContentsMargins(24, 20, 24, 20)
        scroll = QScrollArea()
        scroll.setObjectName("guard.scroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def opened(self) -> None:
        for card in self.cards:
            card.opened()


def _columns(context: Context) -> list[list[type[GuardCard]]]:
    """The cards of whoever is signed in. Who sees few of one column finds them in both."""
    left, right = ([kind for kind in kinds if context.desk.may(kind.permission)] for kinds in CARDS)
    while len(left) > len(right) + 1:
        right.append(left.pop())
    while len(right) > len(left) + 1:
        left.append(right.pop())
    return [left, right]
