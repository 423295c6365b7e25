"""All fields of `FIELDS` that belong to this person. Enter goes to the next field and leaves the form after the last.

What is shown follows at once from what was just typed, not from what the desk will answer. Must not know the desk; a
new field in the domain appears here by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.domain.draft import Draft
from station.domain.form import FIELDS, Section, clean, field_of, needed_fields, shown_fields
from station.ui.form.field_box import REQUIRED, FieldBox
from station.ui.form.form_section import COLUMNS as COLUMNS
from station.ui.form.form_section import FOLD_KEY, FormSection
from station.ui.form.village_entry import VillageSource

_KEYS = frozenset(field.key for field in FIELDS)


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
        self.boxes: dict[str, FieldBox] = {}
        self._sections: list[FormSection] = []
        self._draft: Draft | None = None
        self._answers: dict[str, str] = {}
        self._arranged: tuple[object, ...] = ()
        self._wanted: set[Section] = set()
        self._reveal = self._revealed = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for section, fields in groupby(FIELDS, key=lambda field: field.section):
            part = FormSection(section, self)
            made = {field.key: FieldBox(field, villages, part) for field in fields}
            part.fill(list(made.values()))
            part.wanted.connect(lambda wanted, part=part: self._want([part], wanted=wanted))
            column.addWidget(part)
            self._sections.append(part)
            self.boxes |= made
        column.addStretch(1)
        for key, box in self.boxes.items():
            self._connect(key, box)
        QShortcut(QKeySequence(FOLD_KEY), self).activated.connect(self.unfold)
        self._arrange()

    def _connect(self, key: str, box: FieldBox) -> None:
        box.answered.connect(self._took)
        box.confirmed.connect(self.confirmed)
        box.entered.connect(self._leaver(key))
        box.came.connect(lambda: self.came.emit(key))
        box.came.connect(lambda: self.went_to.emit(box))

    # ----------------------------------------------------------------------------------------------------- showing

    def show_draft(self, draft: Draft) -> None:
        if self._draft is None or self._draft.record.record_id != draft.record.record_id:
            self._reveal = False
            self._wanted.clear()
        known, self._draft = self._draft, draft
        waiting = any(box.pending is not None for box in self.boxes.values())
        if known is not None and not waiting and self._reveal == self._revealed and _same_form(known, draft):
            return  # a finger was captured: fifty fields have nothing new to say
        self._revealed = self._reveal
        for box in self.boxes.values():
            box.show_draft(draft, reveal=self._reveal)
        pending = {key: box.pending for key, box in self.boxes.items() if box.pending is not None}
        self._answers = {**draft.answers, **pending}
        self._arrange()

    def reveal(self) -> None:
        """From now on also mark what is still empty."""
        self._reveal = True
        if self._draft is not None:
            self.show_draft(self._draft)

    def unfold(self) -> None:
        """Open what is folded, the cursor in its first field; fold it again when all is open."""
        optional = [part for part in self._sections if part.optional]
        folded = [part for part in optional if part.folded]
        self._want(folded or optional, wanted=bool(folded))

    def _want(self, parts: list[FormSection], *, wanted: bool) -> None:
        if not wanted and parts:
            parts[0].button.setFocus(Qt.FocusReason.OtherFocusReason)
        for part in parts:
            (self._wanted.add if wanted else self._wanted.discard)(part.section)
        self._arrange()
        if wanted and parts:
            self.focus(next(box.field.key for box in parts[0].boxes if box.isVisibleTo(self)))

    def _took(self, key: str, raw: str) -> None:
        self._answers[key] = clean(field_of(key), raw)
        self._arrange()
        self.answered.emit(key, raw)

    def _arrange(self) -> None:
        """Show what belongs to these answers; fields only come and go below the one that has the cursor."""
        shown = [field.key for field in shown_fields(self._answers)]
        needed = needed_fields(self._answers)
        filled = {key for key in shown if self._answers.get(key)}
        open_ = self._wrong() | (needed - filled)
        # Where work is left must be seen, and stays open when it is done: nothing closes under the cursor.
        self._wanted |= {part.section for part in self._sections if part.optional and part.holds(open_)}
        state = (shown, needed, filled, set(self._wanted))
        if state == self._arranged:
            return
        self._arranged = state
        for part in self._sections:
            answered = sum(box.field.key in filled for box in part.boxes)
            part.arrange(shown, needed, answered=answered, wanted=part.section in self._wanted)

    def _wrong(self) -> set[str]:
        """Fields about which something is said."""
        draft = self._draft
        if draft is None:
            return set()
        told = {item.field for item in (*draft.errors, *draft.open_warnings) if item.code != REQUIRED}
        return told | {reason.field for reason in draft.refused}

    # --------------------------------------------------------------------------------------------------- going about

    def flush(self) -> None:
        """Hand over whatever is being typed."""
        for box in self.boxes.values():
            box.flush()

    def not_stored(self) -> None:
        for box in self.boxes.values():
            box.not_stored()

    def focus(self, key: str) -> None:
        """Put the cursor into a field, its text marked; a folded part opens for it."""
        box = self.boxes[key]
        part = next(part for part in self._sections if box in part.boxes)
        if part.folded:
            self._wanted.add(part.section)
            self._arrange()
        box.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        box.editor.selectAll()
        self.went_to.emit(box)

    def focus_first_open(self) -> bool:
        """Where work is left: the first empty or wrong field; False when there is none."""
        draft = self._draft
        keys = {item.field for item in (*draft.errors, *draft.open_warnings)} if draft else set(self.boxes)
        wanted = [key for key, box in self.boxes.items() if key in keys and box.isVisibleTo(self)]
        if wanted:
            self.focus(wanted[0])
        return bool(wanted)

    def _leaver(self, key: str) -> Callable[[bool], None]:
        def leave(back: bool) -> None:
            stops = [name for name, box in self.boxes.items() if name == key or self._stops_at(box)]
            place = stops.index(key) + (-1 if back else 1)
            if place < 0:
                self.back.emit()
            elif place >= len(stops):
                self.finished.emit()
            else:
                self.focus(stops[place])

        return leave

    def _stops_at(self, box: FieldBox) -> bool:
        return box.isVisibleTo(self) and not box.locked


def _same_form(known: Draft, draft: Draft) -> bool:
    """True when nothing has changed that a field shows."""

    def shown(of: Draft) -> tuple[object, ...]:
        findings = [item for item in of.findings if item.field in _KEYS]
        return (of.record.record_id, of.answers, findings, of.confirmed, of.refused, of.listed, of.held)

    return shown(known) == shown(draft)
