"""Where the rooms of the panel stand: side by side while there is room, else below each other; nothing is cut."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from station.ui import theme
from station.ui.screens.sync.side import Side

_LEAST_LEFT = 600


class Page(QScrollArea):
    """`above` go over the whole width; `counters` over `board`, and `side` beside them."""

    def __init__(self, above: list[QWidget], counters: QWidget, board: QWidget, side: Side) -> None:
        super().__init__()
        self._side = side
        self._wide = True
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in above:
            column.addWidget(widget)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(counters)
        left.addWidget(board, 1)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(12)
        self._below.addLayout(left, 1)
        self._below.addWidget(side)
        column.addLayout(self._below, 1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() - Side.column_width() >= theme.px(_LEAST_LEFT)
        if wide is not self._wide:
            self._wide = wide
            way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
            self._below.setDirection(way)
            self._side.stand(column=wide)
