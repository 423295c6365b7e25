"""One part of the form: its heading and its rows. A part in which nothing is needed stays folded until it is wanted.

Must not know the desk or the answers: it is told which of its fields are shown and which are needed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from station.domain.field import When
from station.domain.form import Field, Section
from station.i18n import _, ngettext
from station.ui import icons
from station.ui.form.field_box import FieldBox
from station.ui.widgets.card import label

COLUMNS = 12
FOLD_KEY = "F9"


class FoldButton(QPushButton):
    """Opens and closes a part of the form: Enter, Space, a click."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class FormSection(QWidget):
    """Add boxes before anything else; `arrange` then shows what belongs to this person."""

    wanted = Signal(bool)  # the operator opens or closes it

    def __init__(self, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.boxes: tuple[FieldBox, ...] = ()
        self.optional = self.folded = self._may_fold = False
        self.setAccessibleName(_(section.value))
        name = section.name.lower()
        self._caption = label(_(section.value), "strong", name=f"form.section.{name}")
        self.button = FoldButton()
        self.button.setObjectName(f"form.unfold.{name}")
        self.button.setProperty("look", "link")
        self.button.setCheckable(True)
        self.button.toggled.connect(self.wanted)
        self._rows: list[tuple[QWidget, tuple[FieldBox, ...]]] = []
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._caption)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def fill(self, boxes: Sequence[FieldBox]) -> None:
        """The boxes of this part in their rows and spans."""
        self.boxes = tuple(boxes)
        # What everybody is asked needs no heading: its labels say enough, and the room is for the village below.
        self._may_fold = not any(box.field.needed is True and box.field.shown is None for box in boxes)
        for _row, members in groupby(boxes, key=lambda box: box.field.row):
            row = QWidget()
            grid = QGridLayout(row)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(14)
            start, inside = 0, tuple(members)
            for column in range(COLUMNS):
                grid.setColumnStretch(column, 1)
            for box in inside:
                grid.addWidget(box, 0, start, 1, box.field.span)
                start += box.field.span
            self._rows.append((row, inside))
            self._column.addWidget(row)

    def arrange(self, shown: Collection[str], needed: Collection[str], *, answered: int, wanted: bool) -> None:
        """Show the fields in `shown`; fold them all when nothing outside asks for one and nobody `wanted` them."""
        mine = [box for box in self.boxes if box.field.key in shown]
        optional = not any(box.field.key in needed and self._asked_from_outside(box.field) for box in mine)
        self.optional = optional
        self.folded = optional and not wanted
        self.setVisible(bool(mine))
        self._caption.setVisible(self._may_fold and not optional)
        self.button.setVisible(optional)
        if optional:
            self._show_button(answered, wanted)
        for row, boxes in self._rows:
            for box in boxes:
                box.setVisible(box in mine)
            row.setVisible(not self.folded and any(box in mine for box in boxes))

    def holds(self, keys: Collection[str]) -> bool:
        """True when one of these fields is in this part."""
        return any(box.field.key in keys for box in self.boxes)

    def _asked_from_outside(self, field: Field) -> bool:
        """A number that is needed because of a certificate in this same part does not make the part needed."""
        own = {box.field.key for box in self.boxes}
        return not any(isinstance(rule, When) and rule.key in own for rule in (field.shown, field.needed))

    def _show_button(self, answered: int, wanted: bool) -> None:
        parts = [_(self.section.value), _("optional")]
        if answered:
            parts.append(ngettext("{count} filled in", "{count} filled in", answered).format(count=answered))
        text = " · ".join([*parts, FOLD_KEY])
        if text != self.button.text() or self.button.icon().isNull() or wanted != self.button.isChecked():
            self.button.setText(text)
            self.button.setIcon(icons.icon("mdi6.chevron-down" if wanted else "mdi6.chevron-right"))
            self.button.blockSignals(True)
            self.button.setChecked(wanted)
            self.button.blockSignals(False)
