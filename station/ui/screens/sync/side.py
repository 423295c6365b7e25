"""The right column of the panel: the connection doctor over the last 24 hours. It scrolls rather than cuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QWidget

from station.ui import theme
from station.ui.context import Context
from station.ui.widgets.chart_card import ChartCard
from station.ui.widgets.doctor_card import DoctorCard

_WIDTH, _WIDEST = 330, 400
_TALL = 290
_NO_LIMIT = 16_777_215
"""What Qt takes for no limit."""


class Side(QScrollArea):
    """`doctor` and `day` are its cards: below each other in a column, or beside each other in a row of their own."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.doctor = DoctorCard(context)
        self.day = ChartCard()
        inner = QWidget()
        self._cards = QBoxLayout(QBoxLayout.Direction.TopToBottom, inner)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(12)
        self._cards.addWidget(self.doctor)
        self._cards.addWidget(self.day, 1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its cards take the keyboard, and what has it is scrolled to
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.stand(column=True)

    @staticmethod
    def column_width() -> int:
        """How wide it is as a column."""
        return min(theme.px(_WIDTH), _WIDEST)

    def stand(self, *, column: bool) -> None:
        """As a column at the right, or as a row below."""
        way = QBoxLayout.Direction.TopToBottom if column else QBoxLayout.Direction.LeftToRight
        self._cards.setDirection(way)
        self._cards.setStretch(0, 0 if column else 1)
        self.setMinimumWidth(self.column_width() if column else 0)
        self.setMaximumWidth(self.column_width() if column else _NO_LIMIT)
        self.setMinimumHeight(0 if column else theme.px(_TALL))
        self.setMaximumHeight(_NO_LIMIT if column else theme.px(_TALL))
