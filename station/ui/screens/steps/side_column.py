"""Right of every step: who this is, the one problem that matters now, the checks, and the way on and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from station.i18n import _
from station.ui import format as shown
from station.ui import theme
from station.ui.screens.steps.papers_line import PapersLine
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import label
from station.ui.widgets.checks_card import Check, ChecksCard
from station.ui.widgets.person_card import PersonCard
from station.ui.widgets.problem_card import Problem, ProblemCard

WIDTH, WIDEST = 292, 350


class SideColumn(QWidget):
    """Shows what it is told."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person = PersonCard()
        self.problem = ProblemCard()
        self.checks = ChecksCard()
        self.papers = PapersLine(session)
        self.checks.body.addWidget(self.papers)
        self.assist = QCheckBox(_("Needs more time"))
        self.assist.setObjectName("capture.assist")
        self.assist.setToolTip(_("For people with a disability, the old and the weak: devices wait longer, no hurry."))
        self.assist.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the device
        self.assist.clicked.connect(session.assist)
        self.checks.body.addWidget(self.assist)
        self._saved = label("", "small", name="capture.saved")
        self.back = QPushButton(_("Back"))
        self.back.setObjectName("capture.back")
        self.back.setProperty("bulk", "tall")
        self.next = QPushButton()
        self.next.setObjectName("capture.next")
        self.next.setProperty("look", "primary")
        self.next.setProperty("bulk", "tall")
        self.setFixedWidth(min(theme.px(WIDTH), WIDEST))
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(12)
        for widget in (self.person, self.problem, self.checks):
            cards.addWidget(widget)
        cards.addStretch(1)
        area = QScrollArea()  # large text on a small screen: the way on stays in sight, the checks are scrolled to
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(area, 1)
        column.addWidget(self._saved)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.next, 1)
        column.addLayout(row)

    @property
    def saved_text(self) -> str:
        return self._saved.text()

    def show_saved(self, moment: datetime | None) -> None:
        """When the last thing went to the disk; None for another person."""
        at = shown.clock(moment, seconds=True) if moment else ""
        self._saved.setText(_("Stored automatically {time}").format(time=at) if at else "")

    def show_assisted(self, on: bool) -> None:
        """Somebody who needs more time than others."""
        self.assist.setChecked(on)

    def show_checks(self, checks: Sequence[Check]) -> None:
        self.checks.show_checks(checks)

    def show_problem(self, problem: Problem | None) -> None:
        self.problem.show_problem(problem)

    def show_way(self, *, review: bool, first: bool, busy: bool, ready: bool = False) -> None:
        """What Enter does from here; `ready`: nothing comes after it at the counter."""
        text = _("Sealing…") if busy else _("Save · Enter") if review else _("Next · Enter")
        if ready:
            text = _("Ready for the booth · Enter")
        self.next.setText(text)
        self.next.setEnabled(not busy)
        self.back.setEnabled(not first and not busy)
        self.back.setToolTip(_("This is the first step.") if first else "")
