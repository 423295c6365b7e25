"""Which fingers or eyes: a key for each, and for a whole hand one key for all five. Knows no reason and no desk."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from station.domain.biometrics import FINGERS, Modality, Part
from station.i18n import _
from station.ui.part_names import finger_name, part_name
from station.ui.widgets.card import label
from station.ui.widgets.chip import ChipButton


class PartChooser(QWidget):
    """Space on a key chooses; `changed` after every choice."""

    changed = Signal()

    def __init__(self, parts: Sequence[Part], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys: dict[Part, ChipButton] = {}
        self.whole: list[tuple[ChipButton, tuple[Part, ...]]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        hands = [parts[:5], parts[5:]] if parts[0].modality is Modality.FINGER else [parts]
        for row, hand in enumerate(hands):
            self._add_row(grid, row * 2, tuple(hand))
        self._show()

    def _add_row(self, grid: QGridLayout, row: int, hand: tuple[Part, ...]) -> None:
        if hand[0].modality is Modality.FINGER:
            right = hand[0] is FINGERS[0]
            grid.addWidget(label(_("Right hand") if right else _("Left hand"), "label"), row, 0, 1, 3)
            whole = self._key(_("All five"), f"exception.hand.{'right' if right else 'left'}")
            whole.setAccessibleName(_("The whole right hand") if right else _("The whole left hand"))
            whole.clicked.connect(lambda: self._choose_whole(whole, hand))
            self.whole.append((whole, hand))
            grid.addWidget(whole, row + 1, len(hand))
        for column, part in enumerate(hand):
            name = finger_name(part) if part.modality is Modality.FINGER else part_name(part)
            key = self._key(name, f"exception.part.{part.value}")
            key.setAccessibleName(part_name(part))
            key.clicked.connect(self._show)
            self.keys[part] = key
            grid.addWidget(key, row + 1, column)

    def _key(self, text: str, name: str) -> ChipButton:
        key = ChipButton(text)
        key.setObjectName(name)
        key.setCheckable(True)
        key.setAutoDefault(False)  # Enter goes on to what the dialog asks next
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return key

    @property
    def chosen(self) -> tuple[Part, ...]:
        return tuple(part for part, key in self.keys.items() if key.isChecked() and key.isEnabled())

    def begin(self, free: Collection[Part], chosen: Collection[Part]) -> None:
        """Only `free` parts can be chosen; `chosen` are added to what was chosen before."""
        for part, key in self.keys.items():
            key.setEnabled(part in free)
            key.setChecked(part in free and (key.isChecked() or part in chosen))
        self._show()

    def take_keyboard(self) -> None:
        """To the first key that is chosen, or to the first of all."""
        first = next(iter(self.chosen), next((part for part, key in self.keys.items() if key.isEnabled()), None))
        if first is not None:
            self.keys[first].setFocus()

    def _choose_whole(self, whole: ChipButton, hand: tuple[Part, ...]) -> None:
        for part in hand:
            self.keys[part].setChecked(whole.isChecked() and self.keys[part].isEnabled())
        self._show()

    def _show(self) -> None:
        for whole, hand in self.whole:
            free = [self.keys[part] for part in hand if self.keys[part].isEnabled()]
            whole.setEnabled(bool(free))
            whole.setChecked(bool(free) and all(key.isChecked() for key in free))
        self.changed.emit()
