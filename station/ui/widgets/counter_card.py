"""One number with its name above and a remark below."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from station.ui import theme
from station.ui.format import thousands
from station.ui.widgets.card import Card, label
from station.ui.widgets.eliding_label import ElidingLabel
from station.ui.widgets.plain_tip import plain_tip


class CounterCard(Card):
    """`tone` colours the number while it is not zero."""

    def __init__(self, name: str, title: str, tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, margin=12, spacing=0)
        self.setObjectName(name)
        self._tone, self._title = tone, title
        self._number = label("–", "number", name=f"{name}.number")
        self._remark = ElidingLabel(" ", "small")
        self._remark.setObjectName(f"{name}.remark")
        self.body.addWidget(label(title, "small", wrap=True))
        self.body.addWidget(self._number)
        self.body.addWidget(self._remark)

    def show_number(self, number: int, remark: str = "", explanation: str = "") -> None:
        """Another number; `explanation` is the tooltip of the remark and what a screen reader adds."""
        self._number.setText(thousands(number))
        self._remark.setText(remark or "–")
        self._remark.setToolTip(plain_tip(explanation or remark))
        self.setAccessibleDescription(explanation)
        self.setAccessibleName(f"{self._title}: {thousands(number)} {remark}".strip())
        tone = self._tone if number else ""
        if self._number.property("tone") != tone:
            self._number.setProperty("tone", tone)
            theme.restyle(self._number)
