"""Rings in rows, one for each finger or eye: arrows go about, Space or a click chooses, P or Delete asks to except.

Knows no draft and no device.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from station.domain.biometrics import Part
from station.ui.widgets.card import label
from station.ui.widgets.ring import Ring

_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left.value: (0, -1),
    Qt.Key.Key_Right.value: (0, 1),
    Qt.Key.Key_Up.value: (-1, 0),
    Qt.Key.Key_Down.value: (1, 0),
}
EXCEPT_KEYS = (Qt.Key.Key_P, Qt.Key.Key_Delete)


class RingBoard(QWidget):
    """`rows` are titles (or "") with the parts that lie beside each other, as (part, short name, whole name)."""

    chosen = Signal(object)  # Part
    exception_wanted = Signal(object)  # Part

    def __init__(
        self,
        name: str,
        rows: Sequence[tuple[str, Sequence[tuple[Part, str, str]]]],
        parent: QWidget | None = None,
        *,
        gap: int = 0,
    ) -> None:
        super().__init__(parent)
        self.rings: dict[Part, Ring] = {}
        self._places: dict[tuple[int, int], Part] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(gap)
        grid.setVerticalSpacing(4)
        for row, (title, cells) in enumerate(rows):
            if title:
                grid.addWidget(label(title, "label"), row * 2, 0, 1, len(cells))
            for column, (part, short, whole) in enumerate(cells):
                ring = Ring(short, whole)
                ring.setObjectName(f"{name}.ring.{part.value}")
                ring.clicked.connect(self._chooser(part))
                self.rings[part] = ring
                self._places[row, column] = part
                grid.addWidget(ring, row * 2 + 1, column)

    @property
    def here(self) -> Part | None:
        """The part whose ring has the keyboard."""
        return next((part for part, ring in self.rings.items() if ring.hasFocus()), None)

    def come(self, part: Part) -> None:
        """The keyboard to the ring of `part`."""
        self.rings[part].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.here
        if here is not None and event.key() in _ARROWS:
            self._go(here, _ARROWS[event.key()])
        elif here is not None and event.key() in EXCEPT_KEYS:
            self.exception_wanted.emit(here)
        else:
            super().keyPressEvent(event)

    def _go(self, here: Part, way: tuple[int, int]) -> None:
        places: Mapping[Part, tuple[int, int]] = {part: place for place, part in self._places.items()}
        row, column = places[here]
        there = self._places.get((row + way[0], column + way[1]))
        if there is not None:
            self.come(there)

    def _chooser(self, part: Part) -> Callable[[], None]:
        return lambda: self.chosen.emit(part)
