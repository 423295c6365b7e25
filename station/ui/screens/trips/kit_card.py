"""What is packed the day before: a line to tick for each thing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from station.domain.trip import KIT
from station.i18n import _
from station.ui import trip_words
from station.ui.widgets.card import Card


class KitCard(Card):
    """`changed` tells that something was ticked."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Packed"), parent, spacing=6)
        self._boxes: dict[str, QCheckBox] = {}
        for item in KIT:
            box = QCheckBox(trip_words.kit(item))
            box.setObjectName(f"trips.kit.{item}")
            box.clicked.connect(lambda _checked=False: self.changed.emit())
            self._boxes[item] = box
            self.body.addWidget(box)
        self.body.addStretch(1)

    @property
    def packed(self) -> frozenset[str]:
        return frozenset(item for item, box in self._boxes.items() if box.isChecked())

    def show_packed(self, packed: frozenset[str]) -> None:
        for item, box in self._boxes.items():
            box.setChecked(item in packed)
