"""Sentences with a sign in front: the checks beside the form, tips beside a device. Knows not how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from station.i18n import _
from station.ui import theme
from station.ui.widgets.card import Card, label
from station.ui.widgets.mark import Mark


@dataclass(frozen=True)
class Check:
    """One line."""

    text: str
    tone: str


class CheckList(QWidget):
    """Lines are made once and reused."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._rows: list[tuple[Mark, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(1, 1)

    @property
    def lines(self) -> list[str]:
        """What it says now."""
        return [text.text() for _mark, text in self._rows if not text.isHidden()]

    def show_checks(self, checks: Sequence[Check]) -> None:
        while len(self._rows) < len(checks):
            self._add_row()
        for place, (mark, text) in enumerate(self._rows):
            used = place < len(checks)
            mark.setVisible(used)
            text.setVisible(used)
            if used:
                mark.show_tone(checks[place].tone)
                text.setText(checks[place].text)
                tone = checks[place].tone if checks[place].tone in ("warn", "bad") else None
                if text.property("tone") != tone:
                    text.setProperty("tone", tone)
                    theme.restyle(text)

    def _add_row(self) -> None:
        mark, text = Mark("off", 12), label(role="small", wrap=True)
        if self._name:
            text.setObjectName(f"{self._name}.{len(self._rows) + 1}")
        row = len(self._rows)
        self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(row + 1, 1)
        self._grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(text, row, 1)
        self._rows.append((mark, text))


class ChecksCard(Card):
    """The checks of one person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Checks"), parent)
        self._list = CheckList("capture.check")
        self.body.addWidget(self._list)

    @property
    def lines(self) -> list[str]:
        return self._list.lines

    def show_checks(self, checks: Sequence[Check]) -> None:
        self._list.show_checks(checks)
