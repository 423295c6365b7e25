"""The sums of a trip: each number with what it is made of, and whether that comes out. Knows no desk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from station.domain.reconciliation import Counts
from station.i18n import _
from station.ui import theme
from station.ui.format import thousands
from station.ui.widgets.card import Card, label, rule
from station.ui.widgets.mark import Mark

Part = tuple[str, int]
_RIGHT = Qt.AlignmentFlag.AlignRight


def parts(counts: Counts) -> list[tuple[Part, list[Part]]]:
    """Each sum with its parts, as read on the screen, on paper and in a file."""
    return [
        (
            (_("Invited"), counts.invited),
            [
                (_("Present"), counts.present),
                (_("Absent"), counts.absent),
                (_("Refused"), counts.refused),
                (_("Moved"), counts.moved),
                (_("Deceased"), counts.deceased),
            ],
        ),
        (
            (_("Present"), counts.present),
            [
                (_("Recorded"), counts.recorded),
                (_("Incomplete"), counts.incomplete),
                (_("Not recorded, with a reason"), counts.not_recorded),
            ],
        ),
        (
            (_("Walk-ins"), counts.walk_ins),
            [
                (_("Recorded"), counts.walk_ins_recorded),
                (_("Incomplete"), counts.walk_ins_incomplete),
                (_("Not recorded, with a reason"), counts.walk_ins_not_recorded),
            ],
        ),
        (
            (_("People with a recording"), counts.people_with_record),
            [
                (_("Invited and recorded or incomplete"), counts.recorded + counts.incomplete),
                (
                    _("Walk-ins recorded or incomplete"),
                    counts.walk_ins_recorded + counts.walk_ins_incomplete,
                ),
            ],
        ),
    ]


class SumsCard(Card):
    """Shows the numbers of a trip; made anew for other numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Sums"), parent, spacing=8)
        self._inside: QWidget | None = None

    def show_counts(self, counts: Counts) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for number, (whole, made_of) in enumerate(parts(counts), start=1):
            self._add(grid, number, whole, made_of)
        row = grid.rowCount()
        grid.addWidget(label(_("Referred to the office (no NIK)"), "strong"), row, 1)
        grid.addWidget(label(thousands(counts.referrals), "strong"), row, 2, _RIGHT)
        grid.setRowStretch(row + 1, 1)
        if self._inside is not None:
            self.body.removeWidget(self._inside)
            self._inside.deleteLater()
        self._inside = inside
        self.body.addWidget(inside, 1)

    def _add(self, grid: QGridLayout, number: int, whole: Part, made_of: Sequence[Part]) -> None:
        accounted = sum(part[1] for part in made_of)
        fits = accounted == whole[1]
        row = grid.rowCount()
        grid.addWidget(Mark("ok" if fits else "bad", 14), row, 0)
        grid.addWidget(label(whole[0], "strong"), row, 1)
        total = label(thousands(whole[1]), "strong", name=f"trips.sum.{number}")
        grid.addWidget(total, row, 2, _RIGHT)
        for at, (text, value) in enumerate(made_of, start=1):
            sign = "=" if at == 1 else "+"
            grid.addWidget(label(sign, "muted"), row + at, 0)
            grid.addWidget(label(text, "muted", wrap=True), row + at, 1)
            grid.addWidget(label(thousands(value), "muted"), row + at, 2, _RIGHT)
        row += len(made_of) + 1
        if not fits:
            text = _("{n} are open").format(n=thousands(abs(whole[1] - accounted)))
            short = label(text, "error", name=f"trips.sum.{number}.open")
            grid.addWidget(short, row, 1)
        line = rule()
        grid.addWidget(line, row + 1, 0, 1, 3)
        grid.setRowMinimumHeight(row + 1, theme.px(9))
