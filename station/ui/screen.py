"""What the frame asks of a screen: a key, a title, an icon, a shortcut, and to be told when it is shown."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from station.domain.permission import Permission
from station.ui.context import Context


class Screen(QWidget):
    """Base of the screens in SCREENS. `title` is marked with N_; `shortcut` is a key such as F3."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    shortcut: ClassVar[str] = ""
    permission: ClassVar[Permission] = Permission.READ_SUMS
    """Who may not do this never sees the screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName(self.key)

    def opened(self) -> None:
        """Called each time the screen is shown: read what may have changed, and place the focus."""
