"""One number with its name above and a remark below."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from station.ui import theme
from station.ui.format import thousands
from station.ui.widgets.card import Card, label


class CounterCard(Card):
    """`tone` colours the number while it is not zero."""

    def __init__(self, name: str, title: str, tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, margin=12, spacing=0)
        self.setObjectName(name)
        self._tone, self._title = tone, title
        self._number = label("–", "number", name=f"{name}.number")
        self._remark = label(" ", "small", name=f"{name}.remark")
        self.body.addWidget(label(title, "small"))
        self.body.addWidget(self._number)
        self.body.addWidget(self._remark)

    def show_number(self, number: int, remark: str = "") -> None:
        """Another number."""
        self._number.setText(thousands(number))
        self._remark.setText(remark or "–")
        self.setAccessibleName(f"{self._title}: {thousands(number)} {remark}".strip())
        tone = self._tone if number else ""
        if self._number.property("tone") != tone:
            self._number.setProperty("tone", tone)
            theme.restyle(self._number)
