"""What the guard's screen asks of a card: who may see it, and to be told when it is shown."""

from __future__ import annotations

from typing import ClassVar

from station.domain.permission import Permission
from station.i18n import _
from station.ui.context import Context
from station.ui.widgets.card import Card


class GuardCard(Card):
    """Base of the cards in CARDS. `title` is marked with N_; it asks the desk through the task runner."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    permission: ClassVar[Permission] = Permission.READ_GUARD

    def __init__(self, context: Context) -> None:
        super().__init__(_(self.title))
        self.context = context
        self.setObjectName(f"guard.{self.key}")

    def opened(self) -> None:
        """Called each time the screen is shown: read what may have changed."""
