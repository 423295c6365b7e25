"""All fields of `FIELDS`, in their rows and spans. Enter goes to the next field and leaves the form after the last.

Must not know the desk; a new field in the domain appears here by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from station.domain.draft import Draft
from station.domain.form import FIELDS
from station.ui.form.field_box import FieldBox
from station.ui.form.village_entry import VillageSource

COLUMNS = 12


class FormView(QWidget):
    """Boxes by field key; `finished` after Enter in the last field, `back` after Shift+Enter in the first."""

    answered = Signal(str, str)  # key, raw
    confirmed = Signal(str, str, str)  # field, code, reason
    finished = Signal()
    back = Signal()
    went_to = Signal(object)  # QWidget: the box that has the cursor now, to be scrolled to
    came = Signal(str)  # key of the field that has the keyboard now

    def __init__(self, villages: VillageSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, FieldBox] = {field.key: FieldBox(field, villages, self) for field in FIELDS}
        self._draft: Draft | None = None
        self._reveal = False
        self._lay_out()
        for place, box in enumerate(self.boxes.values()):
            box.answered.connect(self.answered)
            box.confirmed.connect(self.confirmed)
            box.entered.connect(self._leaver(place))
            box.came.connect(lambda key=box.field.key: self.came.emit(key))
            box.came.connect(lambda box=box: self.went_to.emit(box))

    def show_draft(self, draft: Draft) -> None:
        if self._draft is None or self._draft.record.record_id != draft.record.record_id:
            self._reveal = False
        self._draft = draft
        for box in self.boxes.values():
            box.show_draft(draft, reveal=self._reveal)

    def reveal(self) -> None:
        """From now on also mark what is still empty."""
        self._reveal = True
        if self._draft is not None:
            self.show_draft(self._draft)

    def flush(self) -> None:
        """Hand over whatever is being typed."""
        for box in self.boxes.values():
            box.flush()

    def not_stored(self) -> None:
        for box in self.boxes.values():
            box.not_stored()

    def focus(self, key: str) -> None:
        """Put the cursor into a field, its text marked."""
        editor = self.boxes[key].editor
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.selectAll()
        self.went_to.emit(self.boxes[key])

    def focus_first_open(self) -> None:
        """Where work is left: the first empty or wrong field, otherwise the first one."""
        draft = self._draft
        keys = [item.field for item in (*draft.errors, *draft.open_warnings)] if draft else []
        wanted = [key for key in self.boxes if key in keys]
        self.focus((wanted or list(self.boxes))[0])

    def _leaver(self, place: int) -> Callable[[bool], None]:
        def leave(back: bool) -> None:
            target = place - 1 if back else place + 1
            if target < 0:
                self.back.emit()
            elif target >= len(self.boxes):
                self.finished.emit()
            else:
                self.focus(list(self.boxes)[target])

        return leave

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        for line, (_row, fields) in enumerate(groupby(FIELDS, key=lambda field: field.row)):
            start = 0
            for field in fields:
                grid.addWidget(self.boxes[field.key], line, start, 1, field.span)
                start += field.span
        grid.setRowStretch(grid.rowCount(), 1)
