"""The findings of the connection doctor, a line each, and under what is wrong what to do. Knows no examination."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from station.domain.doctor import Finding, State
from station.i18n import _
from station.ui import doctor_words, theme
from station.ui.widgets.card import label
from station.ui.widgets.mark import Mark

_GAP = 5
_LAST_ROW = 99
_ON_ONE_LINE = 10_000


class DoctorLines(QWidget):
    """The lines are made once for each place and used again, so that nothing jumps while answers come in."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(_GAP)
        self._grid.setRowStretch(_LAST_ROW, 1)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Mark, QLabel, QLabel]] = []

    @property
    def texts(self) -> list[str]:
        return [text.text() for row in self._rows for text in row[1:] if not text.isHidden()]

    def keep_room(self, lines: int) -> None:
        """Never be lower than so many lines: what stands below must not move when fewer are needed."""
        line = self._rows[0][1].heightForWidth(_ON_ONE_LINE)
        self.setMinimumHeight(lines * line + (lines - 1) * _GAP)

    def show_findings(self, findings: Sequence[Finding], *, running: bool) -> None:
        lines = _all_lines(findings) if running else _folded(findings)
        while len(self._rows) < len(lines):
            self._add_row()
        for place, row in enumerate(self._rows):
            _fill(row, lines[place] if place < len(lines) else None)

    def fade(self) -> None:
        """What is said is not known to hold any more: neither good nor bad."""
        for row in self._rows:
            if not row[1].isHidden():
                _fill(row, ("off", row[1].text(), row[2].text()))

    def _add_row(self) -> None:
        place = len(self._rows)
        mark = Mark("off", 12)
        line = label(role="small", wrap=True, name=f"sync.doctor.{place + 1}")
        todo = label(role="muted", wrap=True, name=f"sync.doctor.{place + 1}.remedy")
        todo.setProperty("role", "small")
        self._grid.addWidget(mark, 2 * place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(line, 2 * place, 1)
        self._grid.addWidget(todo, 2 * place + 1, 1)
        self._rows.append((mark, line, todo))


Line = tuple[str, str, str]
"""Tone, text, remedy."""


def _fill(row: tuple[Mark, QLabel, QLabel], line: Line | None) -> None:
    mark, text, todo = row
    mark.setVisible(line is not None)
    text.setVisible(line is not None)
    todo.setVisible(line is not None and bool(line[2]))
    if line is None:
        return
    mark.show_tone(line[0])
    text.setText(line[1])
    todo.setText(line[2])
    tone = line[0] if line[0] in ("bad", "warn") else None
    role = "label" if line[0] == "bad" else "small"
    if (text.property("tone"), text.property("role")) != (tone, role):
        text.setProperty("tone", tone)
        text.setProperty("role", role)
        theme.restyle(text)


def _all_lines(findings: Sequence[Finding]) -> list[Line]:
    return [(doctor_words.tone(one), doctor_words.line(one), doctor_words.remedy(one)) for one in findings]


def _folded(findings: Sequence[Finding]) -> list[Line]:
    """What nobody came to shares one line: it leaves its room to the remedy."""
    reached = [one for one in findings if one.state is not State.NOT_REACHED]
    left = [doctor_words.step_name(one.step) for one in findings if one.state is State.NOT_REACHED]
    lines = _all_lines(reached)
    if not reached:
        return _all_lines(findings)
    return [*lines, ("off", _("Not reached: {steps}").format(steps=" · ".join(left)), "")] if left else lines
