"""The three slaps of ten fingers as buttons: which one is in front, and how much of each is there.

Knows no draft and no device.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.domain.biometrics import SLAPS, Part
from station.ui import theme
from station.ui.part_names import targets_name
from station.ui.widgets.chip import ChipButton


class SlapChoice(QWidget):
    """One slap is always in front; `chosen` when somebody wants another, or the same again."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.buttons = [self._button(place) for place in range(len(SLAPS))]
        for button in self.buttons:
            column.addWidget(button)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The fingers of the slap in front."""
        return SLAPS[self._place]

    def bring(self, part: Part) -> None:
        """The slap of `part` to the front."""
        self._place = next(place for place, slap in enumerate(SLAPS) if part in slap)

    def go_on(self, is_open: Callable[[Part], bool]) -> bool:
        """To the first slap with something open, unless there is something here; True when that is another one."""
        if any(map(is_open, self.parts)):
            return False
        first = next((part for slap in SLAPS for part in slap if is_open(part)), None)
        if first is not None:
            self.bring(first)
        return first is not None

    def show_open(self, is_open: Callable[[Part], bool]) -> None:
        """How much is captured of each."""
        for place, (button, slap) in enumerate(zip(self.buttons, SLAPS, strict=True)):
            left, name = sum(map(is_open, slap)), targets_name(slap)
            told = f"{name} · {len(slap) - left}/{len(slap)}"
            # With large text there is no room for the count; the rings show it, and the tooltip.
            button.show_fact(told if theme.px(10) <= 12 else name, "off" if left else "ok", told)
            button.setChecked(place == self._place)

    def _button(self, place: int) -> ChipButton:
        button = ChipButton(targets_name(SLAPS[place]))
        button.setObjectName(f"step.fingers.slap.{place + 1}")
        button.setCheckable(True)
        button.setMinimumWidth(190)
        button.clicked.connect(lambda: self._choose(place))
        return button

    def _choose(self, place: int) -> None:
        self._place = place
        self.chosen.emit()
