"""Drafts that wait to be finished, each with a button that continues it. Knows no desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from station.desk.waiting_room import Waiting
from station.domain.retention import DRAFT_WARNED_DAYS
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import labels, theme
from station.ui.widgets.card import Card, label, rule

_MOST_HEIGHT = 260
"""More drafts than fit are scrolled to: what stands below stays in sight."""


class OpenButton(QPushButton):
    """Enter opens too: the list is walked with Tab."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class DraftList(Card):
    """`chosen` carries the record id."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, margin=18)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.buttons: list[QPushButton] = []
        self._heading = label("", "h2", name="applicant.drafts")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self._heading)
        self._nobody = label(_("Nothing is left open."), "muted", name="applicant.drafts.nobody")
        self.body.addWidget(self._nobody)
        self.body.addWidget(self._area, 1)

    def show_drafts(self, drafts: Sequence[Waiting], in_all: int, now: datetime) -> None:
        self.show()
        self._nobody.setVisible(not drafts)
        self._area.setVisible(bool(drafts))
        self._heading.setText(_("In preparation: {count}").format(count=in_all))
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        self.buttons.clear()
        for place, draft in enumerate(drafts):
            self._add(grid, place * 3, draft, now)
        if (more := in_all - len(drafts)) > 0:
            text = ngettext("and {count} older one, see Records", "and {count} older ones, see Records", more)
            grid.addWidget(label(text.format(count=more), "muted"), len(drafts) * 3, 0, 1, 2)
        grid.setRowStretch(len(drafts) * 3 + 1, 1)
        self._area.setWidget(inside)
        self._area.setMinimumHeight(min(inside.sizeHint().height() + 4, theme.px(_MOST_HEIGHT)))

    def _add(self, grid: QGridLayout, row: int, draft: Waiting, now: datetime) -> None:
        record = draft.record
        name = record.name or _("No name yet")
        changed = shown.when(record.changed_at, now)
        line = rule()
        grid.addWidget(line, row, 0, 1, 2)
        grid.setRowMinimumHeight(row, theme.px(17))
        grid.addWidget(label(name, "strong", wrap=True), row + 1, 0)
        born = _("born {day}").format(day=shown.iso_day(draft.birth_date)) if draft.birth_date else ""
        where = labels.incomplete(draft.missing) if draft.missing else labels.step(draft.step)
        facts = " · ".join(fact for fact in (born, where, changed) if fact)
        told = label(facts, "small", wrap=True)
        days = (now - record.changed_at).days
        if days >= DRAFT_WARNED_DAYS:
            left = ngettext("left for {n} day", "left for {n} days", days).format(n=days)
            told.setText(f"{left} · {facts}")
            told.setProperty("tone", "warn")
        grid.addWidget(told, row + 2, 0)
        button = OpenButton(_("Continue"))
        button.setObjectName(f"applicant.resume.{record.record_id}")
        button.setAccessibleName(_("Continue {name}").format(name=name))
        button.clicked.connect(lambda _checked=False, record_id=record.record_id: self.chosen.emit(record_id))
        grid.addWidget(button, row + 1, 1, 2, 1)
        self.buttons.append(button)
