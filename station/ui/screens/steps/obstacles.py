"""What stands in the way of sealing, each with a button that goes there, or with the reason why it may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from station.domain.biometrics import CAPTURE_FIELD
from station.domain.checklist import document_of
from station.domain.draft import Draft
from station.domain.finding import Finding, Severity
from station.domain.steps import PARTS_OF, Step, step_of
from station.domain.verification import VERIFY_FIELD
from station.i18n import _, ngettext
from station.ui import labels, theme
from station.ui.form.field_box import REQUIRED
from station.ui.form.note_line import NoteLine
from station.ui.form.reasons import CAPTURE_REASONS, PHOTO_REASONS, SAME_PERSON_REASONS
from station.ui.part_names import listed, part_name, part_of_field
from station.ui.widgets.card import label
from station.ui.widgets.mark import Mark
from station.ui.words import field_name, sentence

MOST = 6
_SAID_ONCE = "capture.not_comparable"
"""Dry or worn skin is on all ten fingers: nobody gives ten reasons for it."""


@dataclass(frozen=True)
class Obstacle:
    """One thing to do first, and where."""

    text: str
    tone: str
    step: Step
    field: str = ""
    code: str = ""
    """Of a warning about a capture: it may stand with a reason, given right here."""
    also: tuple[str, ...] = ()
    """Fields of which the same is to be said: the reason is given once for all of them."""


def obstacles(draft: Draft) -> list[Obstacle]:
    """Wrong answers, empty fields as one line, doubts without a reason, missing captures."""
    wrong = [item for item in draft.errors if item.code != REQUIRED]
    empty = [item for item in draft.errors if item.code == REQUIRED]
    found = [_of_finding(item) for item in wrong]
    if empty:
        names = ", ".join(field_name(item.field) for item in empty[:3]) + (" …" if len(empty) > 3 else "")
        text = ngettext("{count} field still empty: {names}", "{count} fields still empty: {names}", len(empty))
        found.append(Obstacle(text.format(count=len(empty), names=names), "bad", Step.BIODATA, empty[0].field))
    unreadable = [item for item in draft.open_warnings if item.code == _SAID_ONCE]
    found += [_of_finding(item) for item in draft.open_warnings if item not in unreadable]
    found += [_of_all(unreadable)] if unreadable else []
    found += _waiting(draft)
    missing = set(draft.missing)
    for step, parts in PARTS_OF.items():
        absent = [part for part in parts if part in missing]
        if absent:
            some = ", ".join(part_name(part) for part in absent[:3]) + (" …" if len(absent) > 3 else "")
            names = labels.step(step) if len(absent) == len(parts) else some
            found.append(Obstacle(_("Not captured yet: {names}").format(names=names), "bad", step))
    return found


def _waiting(draft: Draft) -> list[Obstacle]:
    """Exceptions that nobody has approved: one line for each step, with the way to the first of them."""
    waits = {step: [item.part for item in draft.unapproved if item.part in parts] for step, parts in PARTS_OF.items()}
    told = _("Waits for a second officer's approval: {names}")
    return [
        Obstacle(
            told.format(names=", ".join(part_name(part) for part in parts[:3]) + (" …" if len(parts) > 3 else "")),
            "bad",
            step,
            CAPTURE_FIELD + parts[0].value,
        )
        for step, parts in waits.items()
        if parts
    ]


def _of_all(findings: Sequence[Finding]) -> Obstacle:
    """One thing to say of several captures."""
    first, *others = (item.field for item in findings)
    if not others:
        return _of_finding(findings[0])
    parts = [part for part in map(part_of_field, (first, *others)) if part is not None]
    names = listed(parts[:3]) + (" …" if len(parts) > 3 else "")
    return replace(_of_finding(findings[0]), text=f"{names}: {sentence(_SAID_ONCE).title}", also=tuple(others))


def _of_finding(finding: Finding) -> Obstacle:
    said = sentence(finding.code, finding.data)
    tone = "bad" if finding.severity is Severity.ERROR else "warn"
    text = f"{field_name(finding.field)}: {said.title}"
    if (part := part_of_field(finding.field)) is not None:
        here = finding.field.startswith(VERIFY_FIELD) and finding.code != "verify.not_comparable"
        step = Step.REVIEW if here else step_of(part)
        code = finding.code if finding.severity is Severity.WARNING else ""
        return Obstacle(text, tone, step, finding.field, code)
    # The checklist opens above the page: for a document nobody has to leave the review.
    step = Step.BIODATA if document_of(finding.field) is None else Step.REVIEW
    return Obstacle(text, tone, step, finding.field)


def _reasons(item: Obstacle) -> tuple[str, ...]:
    if item.code == "verify.same_person":
        return SAME_PERSON_REASONS
    return PHOTO_REASONS if item.step is Step.PHOTO else CAPTURE_REASONS


class ObstacleList(QFrame):
    """Hidden when nothing stands in the way."""

    chosen = Signal(object, str)  # Step, field key or ""
    reason_given = Signal(str, str, str)  # field, code, reason

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review.obstacles")
        self.setProperty("banner", True)
        self.setProperty("tone", "warn")
        self.shown: list[Obstacle] = []
        self.buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 10, 10, 10)
        self._inside = QWidget()
        self._column.addWidget(self._inside)

    def show_draft(self, draft: Draft) -> None:
        found = obstacles(draft)
        if found == self.shown and found:
            return
        self.shown = found
        self.setVisible(bool(found))
        self._inside.hide()
        self._inside.deleteLater()
        self._inside = QWidget()
        self.buttons.clear()
        grid = QGridLayout(self._inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, item in enumerate(found[:MOST]):
            self._add(grid, row, item)
        if len(found) > MOST:
            grid.addWidget(label(_("and {count} more").format(count=len(found) - MOST), "small"), MOST, 1)
        self._column.addWidget(self._inside)
        self._inside.show()  # at once: nobody looks for a line that comes with the next turn of the loop

    def focus_first(self) -> None:
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _give(self, item: Obstacle, reason: str) -> None:
        for field in (item.field, *item.also):
            self.reason_given.emit(field, item.code, reason)

    def _add(self, grid: QGridLayout, row: int, item: Obstacle) -> None:
        if item.code:
            line = NoteLine(f"review.doubt.{row + 1}", reasons=_reasons(item))
            line.say(item.text, item.tone, may_stand=True)
            line.reason_given.connect(lambda reason: self._give(item, reason))
            grid.addWidget(line, row, 0, 1, 2)
        else:
            grid.addWidget(Mark(item.tone, 13), row, 0)
            words = label(item.text, wrap=True)
            words.setProperty("tone", item.tone)
            theme.restyle(words)
            grid.addWidget(words, row, 1)
        button = QPushButton(_("Go there"))
        button.setProperty("look", "link")
        button.setObjectName(f"review.go.{row + 1}")
        button.setAccessibleName(f"{_('Go there')}: {item.text}")
        button.clicked.connect(lambda: self.chosen.emit(item.step, item.field))
        self.buttons.append(button)
        grid.addWidget(button, row, 2)
