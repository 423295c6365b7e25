"""The one problem that matters now: what happened, what to do, and the button that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QVBoxLayout, QWidget

from station.ui import theme
from station.ui.widgets.card import label


@dataclass(frozen=True)
class Problem:
    """`action` is the word on the button, `act` what it does; without them the sentence is enough. `other` is a way
    out beside it.
    """

    title: str
    todo: str = ""
    tone: str = "warn"
    action: str = ""
    act: Callable[[], None] | None = None
    other: str = ""
    act_other: Callable[[], None] | None = None


class ProblemCard(QFrame):
    """Hidden when there is no problem."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("capture.problem")
        self.setProperty("banner", True)
        self._title = label(role="h2", wrap=True, name="capture.problem.title")
        self._todo = label(role="small", wrap=True, name="capture.problem.todo")
        self._button = QPushButton()
        self._button.setObjectName("capture.problem.action")
        self._act: Callable[[], None] | None = None
        self._other = QPushButton()
        self._other.setObjectName("capture.problem.other")
        self._act_other: Callable[[], None] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        for widget in (self._title, self._todo):
            column.addWidget(widget)
        # With large text there is no room beside each other.
        ways = QBoxLayout(QBoxLayout.Direction.TopToBottom if theme.px(10) > 12 else QBoxLayout.Direction.LeftToRight)
        ways.setSpacing(6)
        for way in (self._button, self._other):
            ways.addWidget(way, 1)
        column.addLayout(ways)
        self._button.clicked.connect(self._do)
        self._other.clicked.connect(self._do_other)
        self.hide()

    @property
    def title(self) -> str:
        """What it says now; empty when there is no problem."""
        return "" if self.isHidden() else self._title.text()

    def show_problem(self, problem: Problem | None) -> None:
        self.setVisible(problem is not None)
        if problem is None:
            return
        self._title.setText(problem.title)
        self._todo.setText(problem.todo)
        self._todo.setVisible(bool(problem.todo))
        self._button.setText(problem.action)
        self._button.setVisible(bool(problem.action and problem.act))
        self._act = problem.act
        self._other.setText(problem.other)
        self._other.setVisible(bool(problem.other and problem.act_other))
        self._act_other = problem.act_other
        for way in (self._button, self._other):
            way.setProperty("bulk", "small" if problem.other else None)
            theme.restyle(way)
        self.setAccessibleName(f"{problem.title} {problem.todo}".strip())
        for widget in (self, self._title):
            widget.setProperty("tone", problem.tone)
            theme.restyle(widget)

    def _do(self) -> None:
        if self._act is not None:
            self._act()

    def _do_other(self) -> None:
        if self._act_other is not None:
            self._act_other()
