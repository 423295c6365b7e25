"""The audit trail, line by line: narrowed by officer, kind, day and record; copied as text, saved without names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from station.desk import signin, trail
from station.desk.office import Operator
from station.desk.trail import AuditLine, Wanted
from station.domain.errors import StationError
from station.domain.form import parse_date
from station.i18n import _, ngettext
from station.ui import audit_words, theme, words
from station.ui.context import Context
from station.ui.csv_chooser import ask_csv
from station.ui.form.date_entry import DateEntry
from station.ui.models.audit import GIVE_WAY, WIDTHS, AuditModel
from station.ui.timer import timer
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.table import Table

PAGE = 200
_TYPED_MS = 250
_CSV = ("number", "at", "officer", "action", "record_id", "detail", "hash")


class AuditDialog(QDialog):
    """Whoever opens it leaves a line in the trail, too."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("audit")
        self.setWindowTitle(_("Audit trail"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(min(theme.px(1180), 1320), min(theme.px(620), 700))
        self._context = context
        self._question = 0
        self._names: Mapping[str, str] = {}
        self.model = AuditModel(self)
        self.model.more_wanted.connect(self._read_more)
        self.officer = self._combo("audit.officer", _("Everybody"))
        self.kind = self._combo("audit.kind", _("Everything"))
        for kind, text in audit_words.KINDS.items():
            self.kind.addItem(_(text), kind.value)
        self.day = DateEntry()
        self.day.setObjectName("audit.day")
        self.day.setPlaceholderText(_("Every day, or 22-11-2026"))
        self.record = QLineEdit()
        self.record.setObjectName("audit.record")
        self.record.setPlaceholderText(_("Record id, or its beginning"))
        self.record.setMaxLength(40)
        self._typed = timer(self, _TYPED_MS, self._ask)
        self.table = Table("audit.table", _("Audit trail"))
        self.table.show_model(self.model, WIDTHS, GIVE_WAY)
        self.said = Banner()
        self.said.setObjectName("audit.said")
        self.total = label(role="muted", name="audit.total")
        self._lay_out()
        self._wire()
        self._begin()

    def _combo(self, name: str, first: str) -> QComboBox:
        made = QComboBox()
        made.setObjectName(name)
        made.addItem(first, None)
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(FieldLabel(_("Officer"), self.officer), 2)
        row.addWidget(FieldLabel(_("Kind"), self.kind), 2)
        row.addWidget(FieldLabel(_("Day"), self.day), 2)
        row.addWidget(FieldLabel(_("Record"), self.record), 2)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.total)
        foot.addStretch(1)
        foot.addWidget(button("audit.copy", _("Copy lines"), self.table.copy))
        foot.addWidget(button("audit.save", _("Save as CSV…"), self._ask_file))
        close = button("audit.close", _("Close"), self.reject)
        close.setDefault(True)
        foot.addWidget(close)
        column.addLayout(foot)

    def _wire(self) -> None:
        self.officer.activated.connect(self._ask)
        self.kind.activated.connect(self._ask)
        self.day.textEdited.connect(self._typed.start)
        self.record.textEdited.connect(self._typed.start)

    def _begin(self) -> None:
        office = self._context.desk
        self._context.tasks.run(lambda: (trail.officers(office), signin.operators(office.depot)), self._fill)

    def _fill(self, found: tuple[tuple[str, ...], tuple[Operator, ...]]) -> None:
        ids, people = found
        self._names = {who.operator_id: who.name for who in people}
        self.model.begin((), 0, self._names)
        for operator_id in ids:
            self.officer.addItem(self.model.officer(operator_id), operator_id)
        self._ask()

    @property
    def wanted(self) -> Wanted:
        """What the fields ask for."""
        kind = self.kind.currentData()
        since = before = None
        day = parse_date(self.day.value())
        if day is not None:
            since = datetime.combine(day, time()).astimezone()
            before = datetime.combine(day + timedelta(days=1), time()).astimezone()
        return Wanted(
            operator_id=self.officer.currentData() or "",
            actions=audit_words.actions_of(audit_words.Kind(kind)) if kind else frozenset(),
            since=since,
            before=before,
            record_id=self.record.text().strip().lower(),
        )

    def _ask(self) -> None:
        """The first page of what is asked for; an older question is not answered any more."""
        self._question += 1
        mine, office, wanted = self._question, self._context.desk, self.wanted

        def show(found: tuple[tuple[AuditLine, ...], int]) -> None:
            if mine == self._question:
                self._show(*found)

        self._context.tasks.run(lambda: trail.lines(office, wanted, 0, PAGE), show)

    def _show(self, lines: tuple[AuditLine, ...], total: int) -> None:
        self.model.begin(lines, total, self._names)
        self.total.setText(ngettext("{n} line", "{n} lines", total).format(n=total))
        self.said.say("" if total else _("No line fits. Leave one of the fields open."), tone="off")

    def _read_more(self) -> None:
        mine, office, wanted, offset = self._question, self._context.desk, self.wanted, len(self.model.rows)

        def show(found: tuple[tuple[AuditLine, ...], int]) -> None:
            if mine == self._question:
                self.model.go_on(found[0])

        self._context.tasks.run(lambda: trail.lines(office, wanted, offset, PAGE), show)

    def _ask_file(self) -> None:
        ask_csv(self, "audit.file", "jejak-audit.csv", self.save)

    def save(self, file: Path) -> None:
        """Write what is asked for where the person said."""
        office, wanted = self._context.desk, self.wanted

        def done(_nothing: None) -> None:
            self.said.say(_("Saved, without names of people."), tone="ok")

        def failed(problem: StationError) -> None:
            said = words.of_error(problem)
            self.said.say(said.title, said.todo, "bad")

        self._context.tasks.run(lambda: trail.save_lines(office, wanted, file, as_csv), done, failed)


def as_csv(lines: Iterable[AuditLine]) -> bytes:
    """Numbers, codes and ids; nobody's name."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_CSV)
    for line in lines:
        told = json.dumps(dict(line.detail), sort_keys=True)
        at = line.at.isoformat()
        writer.writerow((line.number, at, line.operator_id, line.action, line.record_id or "", told, line.hash))
    return out.getvalue().encode()
